"""Order files in YAML and JSON to order data, bounded in size, depth and count.

YAML is read from its event stream: nothing is constructed but text, numbers, truth values, dates, lists
and mappings, and neither nesting nor aliases can grow beyond the limits below.
Numbers and truth values are taken narrowly (``010``, ``1:30``, ``yes`` stay text), so that a slip of the
pen is named instead of silently becoming another value.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import cache
from typing import Any, NoReturn

import yaml

from ..engine.errors import BadInput
from .bilingual import Text
from .order_entry import MIB, ORDER_KEYS, OrderEntry, OrderFile, Path_, Places, read_bounded
from .order_sheet import read_sheets

FILE_LIMIT = 32 * MIB
DEEPEST_NESTING = 24
MOST_VALUES = 3_000_000
LONGEST_NUMBER = 40

_EXPECTED_ORDERS = Text(
	"a list of orders, a key `orders:` with one, or a single order",
	"订单列表、含列表的 `orders:` 键,或单张订单",
)


def read(path: str | os.PathLike[str]) -> OrderFile:
	"""The orders of one YAML, JSON or XLSX file.

	Raises:
		BadInput: the file as a whole cannot be read or understood. What is wrong inside a single order is
			found later, by ``Order.from_data``.
	"""
	source = os.fspath(path)
	suffix = os.path.splitext(source)[1].lower()
	if suffix == ".xlsx":
		return read_sheets(path)
	if suffix not in (".yaml", ".yml", ".json"):
		raise BadInput(
			Text(f"the file type '{suffix or source}' is not known", f"不认识的文件类型“{suffix or source}”"),
			source=source,
			expected=Text(
				"an order file ending in .yaml, .yml, .json or .xlsx",
				"以 .yaml、.yml、.json 或 .xlsx 结尾的订单文件",
			),
		)
	return read_text(read_bounded(path, FILE_LIMIT), source, as_json=suffix == ".json")


def read_text(content: bytes, source: str, *, as_json: bool) -> OrderFile:
	"""The orders in the bytes of a YAML or JSON file named ``source``."""
	text = _decode(content, source)
	data = _load_json(text, source) if as_json else _load_yaml(text, source)

	orders = _orders_in(data, source)
	depth = len(orders[0][0])

	@cache
	def lines() -> dict[Path_, dict[Path_, Text]]:
		return _by_order(_json_lines(text) if as_json else _yaml_lines(text, source), depth)

	def places(path: Path_) -> Callable[[], Places]:
		return lambda: lines().get(path, {})

	entries = tuple(OrderEntry(source, order, places(path)) for path, order in orders)
	return OrderFile(entries, tuple(remark for entry in entries for remark in _unknown_keys(entry)))


def _by_order(lines: Places, depth: int) -> dict[Path_, dict[Path_, Text]]:
	"""The lines of a file, grouped by order, with paths counted from the order."""
	grouped: dict[Path_, dict[Path_, Text]] = {}
	for path, line in lines.items():
		grouped.setdefault(path[:depth], {})[path[depth:]] = line
	return grouped


def _unknown_keys(entry: OrderEntry) -> Iterator[Text]:
	for key in entry.data if isinstance(entry.data, dict) else ():
		if key not in ORDER_KEYS:
			place = entry.place((key,)) or Text("", "")
			close = get_close_matches(key, ORDER_KEYS, 1)
			hint = Text(f"; did you mean '{close[0]}'?", f";是否为“{close[0]}”?") if close else Text("", "")
			yield Text(
				f"{entry.name}, {place}: the key '{key[:60]}' is not known and is ignored{hint}",
				f"{entry.name.zh},{place.zh}:不认识的键“{key[:60]}”,已忽略{hint.zh}",
			)


def _decode(content: bytes, source: str) -> str:
	try:
		return content.decode("utf-8-sig")
	except UnicodeDecodeError as error:
		line = content.count(b"\n", 0, error.start) + 1
		raise BadInput(
			Text(f"byte {error.start + 1} is not UTF-8 text", f"第 {error.start + 1} 字节不是 UTF-8 文本"),
			source=source,
			where=_line(line),
			expected=Text("a text file saved as UTF-8", "以 UTF-8 编码保存的文本文件"),
		) from None


def _line(number: int) -> Text:
	return Text(f"line {number}", f"第 {number} 行")


def _orders_in(data: Any, source: str) -> list[tuple[Path_, Any]]:
	if isinstance(data, dict) and "orders" in data:
		others = [key for key in data if key != "orders"]
		if others:
			_refuse(
				source,
				Text(
					f"beside `orders` stands the unknown key '{others[0]}'",
					f"`orders` 旁有未知的键“{others[0]}”",
				),
				_EXPECTED_ORDERS,
			)
		if not isinstance(data["orders"], list):
			_refuse(source, Text("`orders` is not a list", "`orders` 不是列表"), _EXPECTED_ORDERS)
		found = [(("orders", index), order) for index, order in enumerate(data["orders"])]
	elif isinstance(data, list):
		found = [((index,), order) for index, order in enumerate(data)]
	elif isinstance(data, dict) and ("id" in data or "model" in data):
		return [((), data)]
	else:
		_refuse(source, Text("the file holds no orders", "文件中没有订单"), _EXPECTED_ORDERS)
	if not found:
		_refuse(
			source,
			Text("the list of orders is empty", "订单列表为空"),
			Text("at least one order", "至少一张订单"),
		)
	return found


def _refuse(source: str, message: Text, expected: Text, line: int | None = None) -> NoReturn:
	raise BadInput(message, source=source, where=_line(line) if line else None, expected=expected)


# --- JSON ---------------------------------------------------------------------------------------------


def _load_json(text: str, source: str) -> Any:
	try:
		data = json.loads(
			text,
			parse_constant=_no_constant,
			parse_float=_finite,
			parse_int=_short_int,
			object_pairs_hook=_unique,
		)
	except json.JSONDecodeError as error:
		_refuse(source, *_json_fault(text, error), error.lineno)
	except RecursionError:
		_refuse(source, *_too_deep())
	except _Refused as error:
		_refuse(source, error.message, error.expected, _json_fault_line(text, error.found))
	_bound_depth(data, source)
	return data


class _Refused(ValueError):
	"""A value the hooks of the JSON reader do not take."""

	def __init__(self, found: str, message: Text, expected: Text) -> None:
		super().__init__(message)
		self.found, self.message, self.expected = found, message, expected


_EXPECTED_NUMBER = Text("an ordinary number", "普通数字")


def _no_constant(literal: str) -> NoReturn:
	raise _Refused(
		literal,
		Text(f"{literal} is not a number to reckon with", f"{literal} 不能参与计算"),
		_EXPECTED_NUMBER,
	)


def _finite(literal: str) -> float:
	number = float(literal)
	if number in (float("inf"), float("-inf")) or len(literal) > LONGEST_NUMBER:
		raise _Refused(
			literal,
			Text(f"the number {literal[:20]}… is too large", f"数字 {literal[:20]}… 过大"),
			_EXPECTED_NUMBER,
		)
	return number


def _short_int(literal: str) -> int:
	if len(literal) > LONGEST_NUMBER:
		raise _Refused(
			literal,
			Text(f"the number {literal[:20]}… is too large", f"数字 {literal[:20]}… 过大"),
			_EXPECTED_NUMBER,
		)
	return int(literal)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
	found: dict[str, Any] = {}
	for key, value in pairs:
		if key in found:
			raise _Refused(f'"{key}"', *_twice(key))
		found[key] = value
	return found


def _twice(key: str) -> tuple[Text, Text]:
	return Text(f"the key '{key}' occurs twice", f"键“{key}”出现两次"), Text(
		"each key once", "每个键只出现一次"
	)


def _too_deep() -> tuple[Text, Text]:
	return (
		Text(f"values are nested deeper than {DEEPEST_NESTING} levels", f"嵌套超过 {DEEPEST_NESTING} 层"),
		Text("an order file", "订单文件"),
	)


def _json_fault(text: str, error: json.JSONDecodeError) -> tuple[Text, Text]:
	return (
		Text(
			f"broken JSON at column {error.colno} ({error.msg})",
			f"JSON 语法错误,第 {error.colno} 列({error.msg})",
		),
		Text("a JSON document", "JSON 文档"),
	)


def _json_fault_line(text: str, found: str) -> int | None:
	"""The line where a refused literal ends: its last occurrence for a doubled key, else its first."""
	start = text.rfind(found) if found.startswith('"') else text.find(found)
	return text.count("\n", 0, start) + 1 if start >= 0 else None


def _bound_depth(data: Any, source: str) -> None:
	level, depth = [data], 0
	while level:
		depth += 1
		if depth > DEEPEST_NESTING:
			_refuse(source, *_too_deep())
		level = [
			child
			for value in level
			if isinstance(value, (dict, list))
			for child in (value.values() if isinstance(value, dict) else value)
			if isinstance(child, (dict, list))
		]


_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:\n]|[^\s\[\]{},:"]+')


def _json_lines(text: str) -> Places:
	"""The line of every value of a JSON text that is known to be well formed."""
	walk = _JsonWalk()
	for token in _JSON_TOKEN.findall(text):
		walk.take(token)
	return walk.lines


class _JsonWalk:
	"""Follows the tokens of a JSON text and keeps the path it is at."""

	def __init__(self) -> None:
		self.lines: dict[Path_, Text] = {}
		self.path: list[str | int] = []
		self.expects_key = [False]
		self.line = 1

	def take(self, token: str) -> None:
		if token == "\n":
			self.line += 1
		elif token == ",":
			self._next()
		elif token in ("]", "}"):
			self.path.pop()
			self.expects_key.pop()
		elif self.expects_key[-1]:
			self.path[-1] = json.loads(token)
			self.expects_key[-1] = False
		elif token != ":":
			self._value(token)

	def _next(self) -> None:
		last = self.path[-1]
		if isinstance(last, int):
			self.path[-1] = last + 1
		else:
			self.expects_key[-1] = True

	def _value(self, token: str) -> None:
		self.lines[tuple(self.path)] = _line(self.line)
		if token in ("[", "{"):
			self.path.append(0 if token == "[" else "")
			self.expects_key.append(token == "{")


# --- YAML ---------------------------------------------------------------------------------------------

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN_TAGS = {
	None,
	"!",
	*(f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "map", "seq")),
}
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?|[-+]?[0-9]+[eE][-+]?[0-9]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: dict[str, Any] = {
	**dict.fromkeys(("", "~", "null", "Null", "NULL")),
	**dict.fromkeys(("true", "True", "TRUE"), True),
	**dict.fromkeys(("false", "False", "FALSE"), False),
}
_UNFINISHED = object()


def _load_yaml(text: str, source: str) -> Any:
	return _YamlReader(source).read(text)


def _yaml_lines(text: str, source: str) -> Places:
	reader = _YamlReader(source, lines={})
	reader.read(text)
	return reader.lines or {}


@dataclass
class _Open:
	"""A list or mapping that is being filled."""

	value: Any
	anchor: str | None
	started_at: int
	at: str | int = ""
	has_key: bool = False


@dataclass
class _YamlReader:
	"""Builds plain data from YAML events without recursion."""

	source: str
	lines: dict[Path_, Text] | None = None
	stack: list[_Open] = field(default_factory=list)
	anchors: dict[str, tuple[Any, int]] = field(default_factory=dict)
	count: int = 0
	documents: int = 0
	result: Any = None

	def read(self, text: str) -> Any:
		try:
			for event in yaml.parse(text, Loader=_Loader):
				self._take(event)
		except yaml.MarkedYAMLError as error:
			mark = error.problem_mark or error.context_mark
			what = error.problem or error.context or "not understood"
			if "nesting depth" in what:  # the parser's own limit
				self._refuse(*_too_deep(), mark.line + 1 if mark else None)
			self._refuse(
				Text(f"broken YAML ({what})", f"YAML 语法错误({what})"),
				Text("a YAML document", "YAML 文档"),
				mark.line + 1 if mark else None,
			)
		except yaml.reader.ReaderError as error:
			line = text.count("\n", 0, error.position) + 1 if isinstance(error.position, int) else None
			self._refuse(
				Text("a control character that YAML does not allow", "含有 YAML 不允许的控制字符"),
				Text("printable text", "可打印文本"),
				line,
			)
		return self.result

	def _take(self, event: yaml.Event) -> None:
		if isinstance(event, yaml.ScalarEvent):
			self._scalar(event)
		elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
			self._open(event)
		elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
			self._close()
		elif isinstance(event, yaml.AliasEvent):
			self._alias(event)
		elif isinstance(event, yaml.DocumentStartEvent):
			self.documents += 1
			if self.documents > 1:
				self._refuse(
					Text("a second document begins", "出现第二个 YAML 文档"),
					Text("one document in a file", "每个文件一个文档"),
					event.start_mark.line + 1,
				)

	def _scalar(self, event: yaml.ScalarEvent) -> None:
		line = event.start_mark.line + 1
		if self._waits_for_key():
			self._key(event.value, event, line)
			return
		self._check_tag(event, line)
		value = self._plain(event.value, line) if event.implicit[0] else event.value
		if event.anchor:
			self.anchors[event.anchor] = (value, 1)
		self._place(value, line)

	def _key(self, key: str, event: yaml.ScalarEvent, line: int) -> None:
		top = self.stack[-1]
		if key == "<<" and event.implicit[0]:
			self._refuse(
				Text("the merge key '<<' is not taken", "不支持合并键“<<”"),
				Text("the keys written out", "完整写出各键"),
				line,
			)
		if key in top.value:
			self._refuse(*_twice(key), line)
		top.at, top.has_key = key, True

	def _plain(self, text: str, line: int) -> Any:
		if text in _WORDS:
			return _WORDS[text]
		if _NOT_FINITE.fullmatch(text):
			self._refuse(
				Text(f"{text} is not a number to reckon with", f"{text} 不能参与计算"), _EXPECTED_NUMBER, line
			)
		if _INT.fullmatch(text) or _FLOAT.fullmatch(text):
			return self._number(text, line)
		if _DATE.fullmatch(text):
			try:
				return date.fromisoformat(text)
			except ValueError:
				return text
		return text

	def _number(self, text: str, line: int) -> int | float:
		number = float(text) if len(text) <= LONGEST_NUMBER else float("inf")
		if number in (float("inf"), float("-inf")):
			shown = f"{text[:20]}…"
			self._refuse(
				Text(f"the number {shown} is too large", f"数字 {shown} 过大"), _EXPECTED_NUMBER, line
			)
		return int(text) if _INT.fullmatch(text) else number

	def _open(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
		line = event.start_mark.line + 1
		if self._waits_for_key():
			self._refuse(
				Text("a key is a list or mapping", "键是列表或映射"), Text("text as key", "文本作为键"), line
			)
		self._check_tag(event, line)
		if len(self.stack) >= DEEPEST_NESTING:
			self._refuse(*_too_deep(), line)
		value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
		started_at = self.count
		self._place(value, line)
		self.stack.append(_Open(value, event.anchor, started_at))
		if event.anchor:
			self.anchors[event.anchor] = (_UNFINISHED, 0)

	def _close(self) -> None:
		done = self.stack.pop()
		if done.anchor:
			self.anchors[done.anchor] = (done.value, self.count - done.started_at)

	def _alias(self, event: yaml.AliasEvent) -> None:
		line = event.start_mark.line + 1
		value, size = self.anchors.get(event.anchor, (_UNFINISHED, 0))
		if value is _UNFINISHED or self._waits_for_key():
			self._refuse(
				Text(
					f"the alias '*{event.anchor}' refers to nothing finished",
					f"别名“*{event.anchor}”无可引用的内容",
				),
				Text("an anchor that stands before it", "在其之前定义的锚点"),
				line,
			)
		self.count += size
		self._place(value, line)

	def _place(self, value: Any, line: int) -> None:
		"""Put a value where it belongs: into the open list or mapping, or as the whole result."""
		self.count += 1
		if self.count > MOST_VALUES:
			self._refuse(
				Text(
					f"the file unfolds to more than {MOST_VALUES:,} values",
					f"文件展开后超过 {MOST_VALUES:,} 个值",
				),
				Text("fewer orders in a file, no nested aliases", "减少每个文件的订单数,不用嵌套别名"),
				line,
			)
		if not self.stack:
			self.result = value
		elif isinstance(self.stack[-1].value, list):
			self.stack[-1].at = len(self.stack[-1].value)
			self.stack[-1].value.append(value)
		else:
			self.stack[-1].value[self.stack[-1].at] = value
			self.stack[-1].has_key = False
		if self.lines is not None:
			self.lines[tuple(top.at for top in self.stack)] = _line(line)

	def _waits_for_key(self) -> bool:
		return bool(self.stack) and isinstance(self.stack[-1].value, dict) and not self.stack[-1].has_key

	def _check_tag(self, event: Any, line: int) -> None:
		if event.tag not in _PLAIN_TAGS:
			self._refuse(
				Text(f"the tag {event.tag} is not taken", f"不支持标签 {event.tag}"),
				Text("plain values", "普通值"),
				line,
			)

	def _refuse(self, message: Text, expected: Text, line: int | None) -> NoReturn:
		_refuse(self.source, message, expected, line)
