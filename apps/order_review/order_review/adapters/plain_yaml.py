"""YAML text to plain data, bounded in size, depth and count; the same for order files and catalogue files.

YAML is read from its event stream: nothing is constructed but text, numbers, truth values, dates, lists
and mappings, and neither nesting nor aliases can grow beyond the limits below.
Numbers and truth values are taken narrowly (``010``, ``1:30``, ``1_000``, ``yes`` stay text), so that a slip of the
pen is named instead of silently becoming another value; a key that stands twice is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NoReturn

import yaml

from ..engine.bilingual import Text
from ..engine.errors import BadInput
from .order_entry import Path_, Places

DEEPEST_NESTING = 24
MOST_VALUES = 3_000_000
LONGEST_NUMBER = 40

EXPECTED_NUMBER = Text("an ordinary number", "普通数字")


def decoded(content: bytes, source: str) -> str:
	"""The text of a file in UTF-8, with or without a byte order mark.

	Raises:
		BadInput: naming the line of the first byte that is none.
	"""
	try:
		return content.decode("utf-8-sig")
	except UnicodeDecodeError as error:
		number = content.count(b"\n", 0, error.start) + 1
		raise BadInput(
			Text(f"byte {error.start + 1} is not UTF-8 text", f"第 {error.start + 1} 字节不是 UTF-8 文本"),
			source=source,
			where=at_line(number),
			expected=Text("a text file saved as UTF-8", "以 UTF-8 编码保存的文本文件"),
		) from None


def read_yaml(text: str, source: str) -> Any:
	"""The plain data of one document.

	Raises:
		BadInput: no YAML, or more than is taken, with its line.
	"""
	return _YamlReader(source).read(text)


def yaml_lines(text: str, source: str) -> Places:
	"""The line of every value of a text that can be read."""
	reader = _YamlReader(source, lines={})
	reader.read(text)
	return reader.lines or {}


def at_line(number: int) -> Text:
	"""A line as a place."""
	return Text(f"line {number}", f"第 {number} 行")


def twice(key: str) -> tuple[Text, Text]:
	"""A key that stands twice, and what is expected."""
	return Text(f"the key '{key}' occurs twice", f"键“{key}”出现两次"), Text(
		"each key once", "每个键只出现一次"
	)


def too_deep() -> tuple[Text, Text]:
	"""Values nested too deeply, and what is expected."""
	return (
		Text(f"values are nested deeper than {DEEPEST_NESTING} levels", f"嵌套超过 {DEEPEST_NESTING} 层"),
		Text("plain records", "普通的记录"),
	)


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
				self._refuse(*too_deep(), mark.line + 1 if mark else None)
			self._refuse(
				Text(f"broken YAML ({what})", f"YAML 语法错误({what})"),
				Text("a YAML document", "YAML 文档"),
				mark.line + 1 if mark else None,
				mark.column + 1 if mark else None,
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
			self._refuse(*twice(key), line)
		top.at, top.has_key = key, True

	def _plain(self, text: str, line: int) -> Any:
		if text in _WORDS:
			return _WORDS[text]
		if _NOT_FINITE.fullmatch(text):
			self._refuse(
				Text(f"{text} is not a number to reckon with", f"{text} 不能参与计算"), EXPECTED_NUMBER, line
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
				Text(f"the number {shown} is too large", f"数字 {shown} 过大"), EXPECTED_NUMBER, line
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
			self._refuse(*too_deep(), line)
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
			self.lines[tuple(top.at for top in self.stack)] = at_line(line)

	def _waits_for_key(self) -> bool:
		return bool(self.stack) and isinstance(self.stack[-1].value, dict) and not self.stack[-1].has_key

	def _check_tag(self, event: Any, line: int) -> None:
		if event.tag not in _PLAIN_TAGS:
			self._refuse(
				Text(f"the tag {event.tag} is not taken", f"不支持标签 {event.tag}"),
				Text("plain values", "普通值"),
				line,
			)

	def _refuse(
		self, message: Text, expected: Text, number: int | None, column: int | None = None
	) -> NoReturn:
		where = at_line(number) if number else None
		if where is not None and column is not None:
			where = Text(f"{where}, column {column}", f"{where.zh},第 {column} 列")
		raise BadInput(message, source=self.source, where=where, expected=expected)
