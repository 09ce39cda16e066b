"""Typed reading of plain data (parsed YAML or JSON), with the path of every fault."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from .bilingual import Text
from .errors import BadInput

Path = tuple["str | int", ...]

_MISSING = object()


def shown(value: object) -> str:
	"""A value as it is put into a message: short, never a page long."""
	text = "nothing" if value is None else repr(value) if isinstance(value, str) else str(value)
	return text if len(text) <= 80 else text[:77] + "..."


def as_date(value: object, path: Path = ()) -> dt.date:
	"""A calendar day from a date or ISO text (YYYY-MM-DD).

	Raises:
		BadInput: for anything else.
	"""
	if isinstance(value, dt.datetime):
		if value.time() == dt.time.min:
			return value.date()
	elif isinstance(value, dt.date):
		return value
	elif isinstance(value, str):
		try:
			return dt.date.fromisoformat(value) if len(value) == 10 else _no_date(value, path)
		except ValueError:
			pass
	return _no_date(value, path)


def _no_date(value: object, path: Path) -> dt.date:
	raise BadInput(f"{shown(value)} is not a date", expected="a day such as 2026-11-16", path=path)


def as_decimal(value: object, path: Path = ()) -> Decimal:
	"""An exact decimal from an int, float, Decimal; text and NaN are refused.

	Raises:
		BadInput: for anything that is not a finite number.
	"""
	if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
		try:
			number = value if isinstance(value, Decimal) else Decimal(str(value))
		except InvalidOperation:  # pragma: no cover - str() of a number always parses
			number = Decimal("NaN")
		if number.is_finite():
			return number
	raise BadInput(f"{shown(value)} is not a number", expected=_number_meant(value), path=path)


_SEPARATED = re.compile(r"[-+]?[0-9]{1,3}([,.' ][0-9]{3})*([.,][0-9]+)?")


def _number_meant(value: object) -> str:
	"""What to write instead: the very number where a text leaves no doubt which one is meant."""
	text = unicodedata.normalize("NFKC", trimmed(value)) if isinstance(value, str) else ""
	plain = text.lstrip("0") or "0"
	if text.isdecimal():
		return Text(
			f"a number such as {plain}, without quotes or leading zeros", f"数字,如 {plain},不加引号和前导零"
		)
	if _SEPARATED.fullmatch(text):
		return Text(
			"a number such as 16000 or 1940.50: a point for decimals, nothing between the thousands",
			"数字,如 16000 或 1940.50:小数用点,不加千分位",
		)
	return "a number such as 798000 or 7.1"


def trimmed(text: str) -> str:
	"""Text without the blanks around it, those included that nobody sees (no-break, zero-width, byte order mark)."""
	if text.isascii() and text.isprintable():
		return text.strip(" ")
	start, end = 0, len(text)
	while start < end and _is_blank(text[start]):
		start += 1
	while end > start and _is_blank(text[end - 1]):
		end -= 1
	return text[start:end]


def _is_blank(character: str) -> bool:
	return character.isspace() or unicodedata.category(character) in ("Cf", "Cc", "Zs")


_JOINING = frozenset(",，、;；")


def as_code(value: str, path: Path = ()) -> str:
	"""A code without the blanks around it.

	Raises:
		BadInput: a comma, which joins several codes to one text.
	"""
	code = trimmed(value)
	if _JOINING.isdisjoint(code):
		return code
	joined = next(sign for sign in code if sign in _JOINING)
	width = Text("full-width comma", "全角逗号") if joined in "，、；" else Text("comma", "逗号")
	raise BadInput(
		Text(
			f"a {width} ({joined}) joins codes in {shown(value)}",
			f"{shown(value)} 中的{width.zh}“{joined}”把多个代码连成了一个",
		),
		expected=Text(
			"each code by itself, with an ordinary comma outside of quotes between them",
			"代码逐个填写,以引号外的半角逗号分隔",
		),
		path=path,
	)


class Record(Mapping[str, Any]):
	"""A mapping of the data together with the path that leads to it."""

	def __init__(self, data: object, path: Path = ()) -> None:
		if not isinstance(data, Mapping):
			raise BadInput(f"{shown(data)} stands here", expected="a mapping of keys and values", path=path)
		self.data: Mapping[str, Any] = data
		self.path = path

	def __getitem__(self, key: str) -> Any:
		return self.data[key]

	def __iter__(self) -> Iterator[str]:
		return iter(self.data)

	def __len__(self) -> int:
		return len(self.data)

	def has(self, key: str) -> bool:
		"""Whether the key is there with a value other than null."""
		return self.data.get(key) is not None

	def fail(self, key: str, message: str, expected: str | None = None) -> BadInput:
		"""An error at one key of this record."""
		return BadInput(message, expected=expected, path=(*self.path, key))

	def required(self, key: str, expected: str) -> Any:
		"""The value of a key that must be there."""
		value = self.data.get(key)
		if value is None:
			raise self.fail(key, f"{key} is missing", expected)
		return value

	def text(self, key: str, default: Any = _MISSING) -> str:
		"""Text; without a default it must be there and not empty."""
		if default is not _MISSING and not self.has(key):
			return str(default)
		value = self.required(key, "text")
		if not isinstance(value, str):
			raise self.fail(key, f"{key} is {shown(value)}", "text")
		if not value.strip() and default is _MISSING:
			raise self.fail(key, f"{key} is empty", "text")
		return value

	def choice(self, key: str, allowed: Sequence[str], default: Any = _MISSING) -> str:
		"""Text that is one of the allowed words."""
		value = self.text(key, default)
		if value not in allowed:
			raise self.fail(key, f"{key} is {shown(value)}", "one of " + ", ".join(allowed))
		return value

	def word(self, key: str, allowed: Sequence[str], default: str = "") -> str:
		"""One of the allowed words, or the default where it is absent or empty."""
		return default if self.data.get(key) in (None, "") else self.choice(key, allowed)

	def code(self, key: str, default: Any = _MISSING) -> str:
		"""A code or word of a list, without the blanks around it."""
		return trimmed(self.text(key, default))

	def flag(self, key: str) -> bool:
		"""A truth value, False where absent."""
		value = self.data.get(key)
		if value is None:
			return False
		if not isinstance(value, bool):
			raise self.fail(key, f"{key} is {shown(value)}", "true or false")
		return value

	def date(self, key: str) -> dt.date:
		"""A calendar day that must be there."""
		return as_date(self.required(key, "a day such as 2026-11-16"), (*self.path, key))

	def optional_date(self, key: str) -> dt.date | None:
		"""A calendar day or None."""
		return as_date(self.data[key], (*self.path, key)) if self.has(key) else None

	def decimal(self, key: str, default: Any = _MISSING) -> Decimal:
		"""An exact decimal number."""
		if default is not _MISSING and not self.has(key):
			return Decimal(default)
		return as_decimal(self.required(key, "a number"), (*self.path, key))

	def optional_decimal(self, key: str) -> Decimal | None:
		"""An exact decimal number or None."""
		return as_decimal(self.data[key], (*self.path, key)) if self.has(key) else None

	def integer(self, key: str, default: Any = _MISSING, lowest: int = 0, highest: int = 1_000_000) -> int:
		"""A whole number within bounds (both included)."""
		if default is not _MISSING and not self.has(key):
			return int(default)
		expected = f"a whole number from {lowest} to {highest}"
		value: object = self.required(key, expected)
		if isinstance(value, bool) or not isinstance(value, int):
			raise self.fail(key, f"{key} is {shown(value)}", expected)
		if not lowest <= value <= highest:
			raise self.fail(key, f"{key} is {value}", expected)
		return value

	def record(self, key: str) -> Record:
		"""The mapping below a key, empty where absent or null."""
		value = self.data.get(key)
		return Record({} if value is None else value, (*self.path, key))

	def items_of(self, key: str) -> list[Any]:
		"""The list below a key, empty where absent or null."""
		value = self.data.get(key)
		if value is None:
			return []
		if not isinstance(value, list):
			raise self.fail(key, f"{key} is {shown(value)}", "a list")
		return value

	def records(self, key: str) -> list[Record]:
		"""The list of mappings below a key."""
		return [Record(item, (*self.path, key, i)) for i, item in enumerate(self.items_of(key))]

	def texts(self, key: str) -> tuple[str, ...]:
		"""The list of texts below a key."""
		for i, item in enumerate(items := self.items_of(key)):
			if not isinstance(item, str) or not item.strip():
				raise BadInput(f"{shown(item)} stands in {key}", expected="text", path=(*self.path, key, i))
		return tuple(items)

	def codes(self, key: str) -> tuple[str, ...]:
		"""The list of codes below a key, each without the blanks around it."""
		return tuple(as_code(text, (*self.path, key, i)) for i, text in enumerate(self.texts(key)))

	def decimals(self, key: str) -> dict[str, Decimal]:
		"""The mapping of names to exact numbers below a key."""
		record = self.record(key)
		return {str(name): record.decimal(name) for name in record}

	def fractions(self, key: str) -> dict[str, Fraction]:
		"""The mapping of names to exact fractions below a key."""
		return {name: Fraction(number) for name, number in self.decimals(key).items()}
