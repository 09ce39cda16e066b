"""Order files in YAML and JSON to order data, bounded in size, depth and count."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from functools import cache
from typing import Any, NoReturn

from ..engine.bilingual import Text
from ..engine.catalogue_keys import split_number
from ..engine.errors import BadInput
from .order_entry import INNER_KEYS, MIB, ORDER_KEYS, OrderEntry, OrderFile, Path_, Places, read_bounded
from .plain_yaml import (
	DEEPEST_NESTING,
	EXPECTED_NUMBER,
	LONGEST_NUMBER,
	at_line,
	decoded,
	read_yaml,
	too_deep,
	twice,
	yaml_lines,
)

FILE_LIMIT = 32 * MIB

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
		from .order_sheet import read_sheets  # its library takes longer to load than most files to read

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
	text = decoded(content, source)
	data = _load_json(text, source) if as_json else read_yaml(text, source)

	orders = _orders_in(data, source)
	depth = len(orders[0][0])

	@cache
	def lines() -> dict[Path_, dict[Path_, Text]]:
		return _by_order(_json_lines(text) if as_json else yaml_lines(text, source), depth)

	def places(path: Path_) -> Callable[[], Places]:
		return lambda: lines().get(path, {})

	entries = tuple(_entry(source, order, places(path)) for path, order in orders)
	return OrderFile(entries, tuple(remark for entry in entries for remark in _unknown_keys(entry)))


def _entry(source: str, order: Any, places: Callable[[], Places]) -> OrderEntry:
	entry = OrderEntry(source, order, places)
	fault = _split_number(order)
	return entry if fault is None else OrderEntry(source, order, places, entry.located(fault))


def _by_order(lines: Places, depth: int) -> dict[Path_, dict[Path_, Text]]:
	"""The lines of a file, grouped by order, with paths counted from the order."""
	grouped: dict[Path_, dict[Path_, Text]] = {}
	for path, line in lines.items():
		grouped.setdefault(path[:depth], {})[path[depth:]] = line
	return grouped


def _unknown_keys(entry: OrderEntry) -> Iterator[Text]:
	for path, key, known in _keys_in(entry.data):
		if key not in known:
			place = entry.place((*path, key)) or Text("", "")
			close = get_close_matches(key, known, 1)
			hint = Text(f"; did you mean '{close[0]}'?", f";是否为“{close[0]}”?") if close else Text("", "")
			yield Text(
				f"{entry.name}, {place}: the key '{key[:60]}' is not known and is ignored{hint}",
				f"{entry.name.zh},{place.zh}:不认识的键“{key[:60]}”,已忽略{hint.zh}",
			)


def _keys_in(data: Any) -> Iterator[tuple[Path_, str, tuple[str, ...]]]:
	"""Every key of an order with its path and the keys known there."""
	if not isinstance(data, dict):
		return
	for key in data:
		yield (), key, ORDER_KEYS
	for name, known in INNER_KEYS.items():
		inner = data.get(name)
		rows = list(enumerate(inner)) if isinstance(inner, list) else [(None, inner)]
		for index, row in rows:
			path: Path_ = (name,) if index is None else (name, index)
			yield from ((path, key, known) for key in row) if isinstance(row, dict) else ()


def _split_number(data: Any, path: Path_ = ()) -> BadInput | None:
	"""The fault of a number that a comma has split, wherever in the order it stands."""
	if isinstance(data, dict):
		for key, error in split_number(data):
			return BadInput(error.message, expected=error.expected, path=(*path, key))
	items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
	found = (_split_number(value, (*path, key)) for key, value in items)
	return next((error for error in found if error is not None), None)


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
	raise BadInput(message, source=source, where=at_line(line) if line else None, expected=expected)


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
		_refuse(source, *too_deep())
	except _Refused as error:
		_refuse(source, error.message, error.expected, _json_fault_line(text, error.found))
	_bound_depth(data, source)
	return data


class _Refused(ValueError):
	"""A value the hooks of the JSON reader do not take."""

	def __init__(self, found: str, message: Text, expected: Text) -> None:
		super().__init__(message)
		self.found, self.message, self.expected = found, message, expected


def _no_constant(literal: str) -> NoReturn:
	raise _Refused(
		literal,
		Text(f"{literal} is not a number to reckon with", f"{literal} 不能参与计算"),
		EXPECTED_NUMBER,
	)


def _finite(literal: str) -> float:
	number = float(literal)
	if number in (float("inf"), float("-inf")) or len(literal) > LONGEST_NUMBER:
		raise _Refused(
			literal,
			Text(f"the number {literal[:20]}… is too large", f"数字 {literal[:20]}… 过大"),
			EXPECTED_NUMBER,
		)
	return number


def _short_int(literal: str) -> int:
	if len(literal) > LONGEST_NUMBER:
		raise _Refused(
			literal,
			Text(f"the number {literal[:20]}… is too large", f"数字 {literal[:20]}… 过大"),
			EXPECTED_NUMBER,
		)
	return int(literal)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
	found: dict[str, Any] = {}
	for key, value in pairs:
		if key in found:
			raise _Refused(f'"{key}"', *twice(key))
		found[key] = value
	return found


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
			_refuse(source, *too_deep())
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
		self.lines[tuple(self.path)] = at_line(self.line)
		if token in ("[", "{"):
			self.path.append(0 if token == "[" else "")
			self.expects_key.append(token == "{")
