"""How a record of plain data lies in a document: fields, child rows, and what has no field of its own.

A record and its document say the same. What fields alone would not give back (unknown keys, an explicit null,
a zero that was written out) is kept as *rest* in the hidden field ``extra`` and counts only while the field is blank.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..engine.catalogue import canonical
from ..engine.errors import BadInput

Data = dict[str, Any]
Document = dict[str, Any]
Path = tuple[str | int, ...]

LONGEST_TEXT = 140
"""Characters a one-line text field of a document holds."""
DECIMAL_PLACES = 9
LARGEST_NUMBER = 10**11
_EXTRA = "extra"
_DATE = "$date"


@dataclass(frozen=True)
class Field:
	"""One value of a record and the document field that holds it.

	Args:
		path: keys from the record to the value.
		name: fieldname.
		kind: text, long (text without limit), lines (list of texts), whole, number, flag or date.
		always: given back even when blank.
		blank: the value that stands for "not given".
	"""

	path: tuple[str, ...]
	name: str
	kind: str = "text"
	always: bool = False
	blank: Any = None

	def encode(self, record: Mapping[str, Any], document: Document, place: Path) -> None:
		"""Put the value into the document.

		Raises:
			BadInput: the value does not fit the field.
		"""
		value = _get(record, self.path)
		if value is None:
			document[self.name] = self.blank if self.blank is not None else _BLANKS[self.kind]
			return
		document[self.name] = _checked(value, self.kind, (*place, *self.path))

	def decode(self, document: Mapping[str, Any], record: Data) -> None:
		"""Put the field's value into the record."""
		value = _plain(document.get(self.name), self.kind)
		if self.always or not (is_blank(value) or value == self.blank):
			_set(record, self.path, value)


@dataclass(frozen=True)
class Codes:
	"""A list of codes and the child rows that hold one each; ``to_name``/``to_code`` are set where they differ."""

	path: tuple[str, ...]
	name: str
	child: str
	column: str
	names: str | None = None
	always: bool = True

	def encode(self, record: Mapping[str, Any], document: Document, place: Path, names: Names) -> None:
		"""Put the list into child rows."""
		codes = _get(record, self.path) or []
		document[self.name] = [
			{
				self.column: names.name(
					self.names, _checked(code, "text", (*place, *self.path, i)), (*place, *self.path, i)
				)
			}
			for i, code in enumerate(codes)
		]

	def decode(self, document: Mapping[str, Any], record: Data, names: Names) -> None:
		"""Put the child rows into a list."""
		codes = [names.code(self.names, row[self.column]) for row in document.get(self.name) or []]
		if codes or self.always:
			_set(record, self.path, codes)


@dataclass(frozen=True)
class Pairs:
	"""A mapping of codes to one value each and the child rows that hold a pair each."""

	path: tuple[str, ...]
	name: str
	child: str
	column: str
	value: str
	kind: str = "text"
	names: str | None = None
	always: bool = False

	def encode(self, record: Mapping[str, Any], document: Document, place: Path, names: Names) -> None:
		"""Put the mapping into child rows."""
		rows = []
		for key, value in (_get(record, self.path) or {}).items():
			at = (*place, *self.path, key)
			code = names.name(self.names, _checked(key, "text", at), at)
			rows.append(
				{
					self.column: code,
					self.value: _BLANKS[self.kind] if value is None else _checked(value, self.kind, at),
				}
			)
		document[self.name] = rows

	def decode(self, document: Mapping[str, Any], record: Data, names: Names) -> None:
		"""Put the child rows into a mapping."""
		pairs = {
			names.code(self.names, row[self.column]): _plain(row.get(self.value), self.kind)
			for row in document.get(self.name) or []
		}
		if pairs or self.always:
			_set(record, self.path, pairs)


@dataclass(frozen=True)
class Rows:
	"""A list of records and the child rows that hold one each."""

	path: tuple[str, ...]
	name: str
	child: str
	fields: tuple[Field, ...]
	always: bool = True

	def encode(self, record: Mapping[str, Any], document: Document, place: Path, names: Names) -> None:
		"""Put the records into child rows."""
		document[self.name] = []
		for index, item in enumerate(_get(record, self.path) or []):
			at = (*place, *self.path, index)
			row: Document = {}
			for field in self.fields:
				field.encode(item, row, at)
			row[_EXTRA] = keep_rest(item, self._decode_row(row), at)
			document[self.name].append(row)

	def decode(self, document: Mapping[str, Any], record: Data, names: Names) -> None:
		"""Put the child rows into records."""
		items = [add_rest(self._decode_row(row), row.get(_EXTRA)) for row in document.get(self.name) or []]
		if items or self.always:
			_set(record, self.path, items)

	def _decode_row(self, row: Mapping[str, Any]) -> Data:
		item: Data = {}
		for field in self.fields:
			field.decode(row, item)
		return item


Table = Codes | Pairs | Rows


class Names:
	"""Codes in the data ⇄ names of documents, where they differ (a model is named by its code, used by its alias)."""

	def __init__(self, **maps: Mapping[str, str]) -> None:
		self._names = {kind: dict(pairs) for kind, pairs in maps.items()}
		self._codes = {kind: {name: code for code, name in pairs.items()} for kind, pairs in maps.items()}

	def name(self, kind: str | None, code: str, place: Path) -> str:
		"""The document's name for a code.

		Raises:
			BadInput: nothing has this code.
		"""
		if kind is None:
			return code
		if code not in self._names[kind]:
			known = ", ".join(self._names[kind])
			raise BadInput(f"{kind} {code!r} does not exist", expected=f"one of {known}", path=place)
		return self._names[kind][code]

	def code(self, kind: str | None, name: str) -> str:
		"""The code for a document's name."""
		return name if kind is None else self._codes[kind].get(name, name)


@dataclass(frozen=True)
class Layout:
	"""A DocType and how a record lies in it."""

	doctype: str
	fields: tuple[Field, ...]
	tables: tuple[Table, ...] = ()
	title: Callable[[Mapping[str, Any]], str] | None = None

	def encode(self, record: Mapping[str, Any], place: Path, names: Names) -> Document:
		"""The document for a record.

		Raises:
			BadInput: a value does not fit its field; the path leads to it.
		"""
		document: Document = {}
		for field in self.fields:
			field.encode(record, document, place)
		for table in self.tables:
			table.encode(record, document, place, names)
		document[_EXTRA] = keep_rest(record, self._fields_only(document, names), place)
		if self.title:
			document["title"] = self.title(record)[:LONGEST_TEXT]
		return document

	def decode(self, document: Mapping[str, Any], names: Names) -> Data:
		"""The record of a document."""
		return add_rest(self._fields_only(document, names), document.get(_EXTRA))

	def _fields_only(self, document: Mapping[str, Any], names: Names) -> Data:
		record: Data = {}
		for field in self.fields:
			field.decode(document, record)
		for table in self.tables:
			table.decode(document, record, names)
		return record


_BLANKS: dict[str, Any] = {
	"text": "",
	"long": "",
	"lines": "",
	"whole": 0,
	"number": 0,
	"flag": 0,
	"date": None,
}


def is_blank(value: Any) -> bool:
	"""Whether a value says no more than an empty field."""
	return value is None or value == "" or value == 0 or value == [] or value == {}


def keep_rest(record: Mapping[str, Any], given: Mapping[str, Any], place: Path) -> str:
	"""What ``given`` (a record made from fields alone) lacks of ``record``, as JSON; "" when nothing.

	Raises:
		BadInput: a value came back changed.
	"""
	values: list[Any] = []
	absent: list[Any] = []
	_compare(record, given, (), values, absent, place)
	if not values and not absent:
		return ""
	rest = {key: found for key, found in (("absent", absent), ("values", values)) if found}
	return json.dumps(rest, ensure_ascii=False, sort_keys=True, default=_dated)


def add_rest(record: Data, rest: str | None) -> Data:
	"""The record with what was kept beside its fields, wherever the fields are blank."""
	if not rest:
		return record
	kept = json.loads(rest, object_hook=_undated)
	for path in kept.get("absent", ()):
		_drop_blank(record, path)
	for path, value in kept.get("values", ()):
		if is_blank(_get(record, path)):
			_set(record, path, value)
	return record


def _compare(
	record: Mapping[str, Any],
	given: Mapping[str, Any],
	path: tuple[str, ...],
	values: list[Any],
	absent: list[Any],
	place: Path,
) -> None:
	for key, value in record.items():
		here = (*path, key)
		back = given.get(key)
		if isinstance(value, Mapping) and isinstance(back, Mapping) and value and back:
			_compare(value, back, here, values, absent, place)
		elif key not in given or not _same(value, back):
			if not is_blank(back):
				raise BadInput(
					f"{value!r} would be kept as {back!r}",
					expected="a value of the kind this field holds",
					path=(*place, *here),
				)
			values.append([list(here), value])
	for key, back in given.items():
		if key not in record and is_blank(back):
			absent.append([*path, key])


def _same(one: Any, other: Any) -> bool:
	return repr(canonical(one)) == repr(canonical(other)) or (
		isinstance(one, (Mapping, list))
		and json.dumps(canonical(one), sort_keys=True) == json.dumps(canonical(other), sort_keys=True)
	)


def _drop_blank(record: Data, path: Sequence[str]) -> None:
	parent = _get(record, path[:-1]) if len(path) > 1 else record
	if isinstance(parent, dict) and is_blank(parent.get(path[-1])):
		parent.pop(path[-1], None)


def _get(record: Any, path: Iterable[str]) -> Any:
	for key in path:
		if not isinstance(record, Mapping):
			return None
		record = record.get(key)
	return record


def _set(record: Data, path: Sequence[str], value: Any) -> None:
	for key in path[:-1]:
		below = record.get(key)
		if not isinstance(below, dict):
			below = record[key] = {}
		record = below
	record[path[-1]] = value


def _checked(value: Any, kind: str, place: Path) -> Any:
	"""The value as the field stores it."""
	check = _CHECKS[kind]
	found = check(value)
	if found is None:
		raise BadInput(f"{str(value)[:60]!r} is {type(value).__name__}", expected=_EXPECTED[kind], path=place)
	return found


def _text(value: Any) -> str | None:
	return value if isinstance(value, str) and len(value) <= LONGEST_TEXT else None


def _long(value: Any) -> str | None:
	return value if isinstance(value, str) else None


def _lines(value: Any) -> str | None:
	if not isinstance(value, list) or not all(isinstance(line, str) and "\n" not in line for line in value):
		return None
	return "\n".join(value)


def _whole(value: Any) -> int | None:
	if (
		isinstance(value, bool)
		or not isinstance(value, (int, float))
		or value != int(value)
		or abs(value) >= 2**31
	):
		return None
	return int(value)


def _number(value: Any) -> float | int | None:
	if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < LARGEST_NUMBER:
		return None
	return round(value, DECIMAL_PLACES)


def _flag(value: Any) -> int | None:
	return int(value) if isinstance(value, bool) else None


def _day(value: Any) -> date | None:
	if isinstance(value, str):
		try:
			return date.fromisoformat(value)
		except ValueError:
			return None
	return value if isinstance(value, date) else None


_CHECKS: dict[str, Callable[[Any], Any]] = {
	"text": _text,
	"long": _long,
	"lines": _lines,
	"whole": _whole,
	"number": _number,
	"flag": _flag,
	"date": _day,
}
_EXPECTED = {
	"text": f"text of at most {LONGEST_TEXT} characters",
	"long": "text",
	"lines": "a list of texts",
	"whole": "a whole number",
	"number": "a number",
	"flag": "true or false",
	"date": "a date, year-month-day",
}


def _plain(value: Any, kind: str) -> Any:
	"""A field's value as plain data."""
	if kind == "flag":
		return bool(value)
	if kind in ("whole", "number"):
		number = value or 0
		return int(number) if number == int(number) else float(number)
	if kind == "lines":
		return value.split("\n") if value else []
	if kind == "date" and isinstance(value, str):
		return date.fromisoformat(value) if value else None
	return value or None if kind == "date" else value or ""


def _dated(value: Any) -> Any:
	if isinstance(value, date):
		return {_DATE: value.isoformat()}
	raise TypeError(f"{type(value).__name__} has no place in a catalogue")


def _undated(value: Data) -> Any:
	return date.fromisoformat(value[_DATE]) if value.keys() == {_DATE} else value
