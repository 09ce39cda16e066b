"""Chinese wording of the engine's messages about bad input.

The engine speaks English; its sentences are few and regular, so they are turned into Chinese by pattern.
A sentence without a pattern is shown as it is.
"""

from __future__ import annotations

import re

from ..engine.bilingual import in_language
from ..engine.errors import BadInput
from ..glossary import FIELDS

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
	(rf"fx is {_VALUE} for an order in (?P<currency>\w+)", "{currency} 订单的汇率为 {value}"),
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
	(
		rf"{_VALUE} is not part of the rule language in (?P<rule>.+)",
		"规则 {rule} 中的 {value} 不属于规则语言",
	),
	(r"the rule ends at column (?P<value>\d+) in (?P<rule>.+)", "规则 {rule} 在第 {value} 列结束"),
	(rf"{_VALUE} stands at column (?P<column>\d+) in (?P<rule>.+)", "规则 {rule} 第 {column} 列为 {value}"),
	(r"the rule has (?P<value>\d+) characters", "规则有 {value} 个字符"),
	(r"a name, number or sign", "名称、数字或符号"),
	(r"'&', '\|' or the end of the rule", "“&”、“|”或规则结尾"),
	(r"an option code, a number, a name or '\('", "配置代码、数字、名称或“(”"),
	(r"a family code", "配置项代码"),
	(r"an attribute name", "属性名"),
	(r"a field name", "字段名"),
	(r"at most (?P<value>\d+) levels of brackets", "括号不超过 {value} 层"),
	(r"at most (?P<value>\d+)", "不超过 {value}"),
	(r"something that is true or false, such as an option code or a comparison", "真假条件,如配置代码或比较"),
	(r"a value, such as a number, attr\(FAM\.x\) or order\.qty", "取值,如数字、attr(FAM.x) 或 order.qty"),
	(r"(?P<value>any, none, count, .+)", "{value}"),
	(r"'(?P<value>[(),.])'", "“{value}”"),
	(r"a condition of the rule language", "规则语言的条件"),
	(r"a number is not finite", "数字不是有限值"),
	(r"ordinary numbers", "普通数字"),
	(rf"{_KEY} is not a mapping", "{key}不是键值映射"),
	(r"the parts (?P<value>.+)", "以下各部分:{value}"),
	(r"column (?P<value>\d+)", "第 {value} 列"),
	(r"line (?P<value>\d+)", "第 {value} 行"),
	(r"cell (?P<value>\S+)", "单元格 {value}"),
	(r"there is no such folder", "文件夹不存在"),
	(r"a folder with (?P<value>.+)", "含有 {value} 的文件夹"),
	(r"there is no such file", "文件不存在"),
)
_AND_MORE = re.compile(r"(?P<first>.+) \(and (?P<more>\d+) more faults?\)", re.DOTALL)
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
	counted = _AND_MORE.fullmatch(text)
	if counted:
		return f"{translated(counted['first'], lang, name)}(另有 {counted['more']} 处问题)"
	for pattern, wording in _COMPILED:
		match = pattern.fullmatch(text)
		if match:
			parts = match.groupdict()
			if "key" in parts:
				parts["key"] = name or _called(parts["key"])
			return wording.format(**parts)
	return text


def sentence(error: BadInput, lang: str) -> str:
	"""One line: place, what was found, what is expected."""
	found = translated(error.message, lang)
	place = [in_language(error.source, lang), translated(error.where, lang) if error.where else "", error.key]
	if lang == "zh":
		text = "".join(("，".join(part for part in place if part), ": " if any(place) else "", found))
		return f"{text}；应为{translated(error.expected, lang)}" if error.expected else text
	text = ", ".join(part for part in place if part)
	text = f"{text}: {found}" if text else found
	return f"{text}; expected {error.expected}" if error.expected else text


def _called(key: str) -> str:
	return f"{FIELDS[key][0]} {key}" if key in FIELDS else key
