"""Chinese wording of the engine's messages about bad input.

The engine speaks English; its sentences are few and regular, so they are turned into Chinese by pattern.
A sentence without a pattern is shown as it is.
"""

from __future__ import annotations

import re

from ..glossary import FIELDS
from .bilingual import in_language

_VALUE = r"(?P<value>.+?)"
_KEY = r"(?P<key>\w+)"

PATTERNS: tuple[tuple[str, str], ...] = (
	(rf"{_KEY} is missing", "缺少{key}"),
	(rf"{_KEY} is empty", "{key}为空"),
	(rf"{_VALUE} is not a date", "{value} 不是日期"),
	(rf"{_VALUE} is not a number", "{value} 不是数字"),
	(rf"model {_VALUE} is not in the catalogue", "目录中没有车型 {value}"),
	(rf"price book {_VALUE} is not in the catalogue", "目录中没有价格表 {value}"),
	(rf"policy {_VALUE} is not in the catalogue", "目录中没有商务政策 {value}"),
	(rf"model {_VALUE} is not active", "车型 {value} 已停用"),
	(rf"fx is missing for an order in {_VALUE}", "{value} 订单缺少汇率"),
	(rf"{_VALUE} stands in {_KEY}", "{key}中有 {value}"),
	(rf"{_VALUE} stands here", "此处是 {value}"),
	(rf"{_KEY} is {_VALUE}", "{key}为 {value}"),
	(r"a day such as (?P<value>\S+)", "日期,如 {value}"),
	(r"a whole number from (?P<value>-?[\d.]+) to (?P<most>\S+)", "{value} 至 {most} 的整数"),
	(r"a number from (?P<value>-?[\d.]+) to (?P<most>\S+)", "{value} 至 {most} 的数"),
	(r"a number such as (?P<value>.+)", "数字,如 {value}"),
	(r"a number", "数字"),
	(r"text", "文本"),
	(r"a list", "列表"),
	(r"true or false", "true 或 false"),
	(r"a mapping of keys and values", "键值映射"),
	(r"a model that may be sold", "可销售的车型"),
	(r"the code of a business policy", "商务政策代码"),
	(r"yuan for one unit of the currency(, more than 0)?", "一单位外币折合的人民币,大于 0"),
	(r"one of (?P<value>.+)", "以下之一:{value}"),
	(r"line (?P<value>\d+)", "第 {value} 行"),
	(r"cell (?P<value>\S+)", "单元格 {value}"),
	(r"there is no such folder", "文件夹不存在"),
	(r"a folder with (?P<value>.+)", "含有 {value} 的文件夹"),
	(r"there is no such file", "文件不存在"),
)
_COMPILED = tuple((re.compile(pattern, re.DOTALL), wording) for pattern, wording in PATTERNS)


def translated(text: str | None, lang: str, name: str | None = None) -> str:
	"""A message in ``lang``: its own Chinese where it has one, else by pattern, else as it is.

	Args:
		name: what the key in the message is called where it is shown; its Chinese and its key when not given.
	"""
	if text is None:
		return ""
	if lang != "zh" or hasattr(text, "zh"):
		return in_language(text, lang)
	for pattern, wording in _COMPILED:
		match = pattern.fullmatch(text)
		if match:
			parts = match.groupdict()
			if "key" in parts:
				parts["key"] = name or _called(parts["key"])
			return wording.format(**parts)
	return text


def _called(key: str) -> str:
	return f"{FIELDS[key][0]} {key}" if key in FIELDS else key
