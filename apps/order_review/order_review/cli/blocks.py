"""Reviews as text for the terminal: a block per order, or one line per order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..engine.catalogue import Catalogue
from ..engine.order import Order
from ..glossary import FIGURE_LETTERS, FIGURES, FINDINGS, GRADES, LEVELS, ORDER_TYPES, USES, VERDICTS, say
from ..wording import amount, percent, repair
from .width import clean, cut, pad, table, width, wrap

COLUMNS = 100
_LEFT = ("base_list", "options_list", "specials_list", "surcharges", "configured_list")
_RIGHT = ("discounts", "services", "review_price", "floor_price", "negotiated")
_MARKS = {"clear": "✓", "advice": "!", "error": "✗", "warning": "!"}


def block(catalogue: Catalogue, order: Order, review: Mapping[str, Any], lang: str) -> str:
	"""One order with its verdict, price box A…R, findings and repairs."""
	lines = [*_head(catalogue, order, review, lang), *_price_box(review["price"], lang)]
	lines += _findings(review, lang) + _conflict(review, lang) + _repairs(review, lang)
	return "\n".join((*lines, ""))


def _head(catalogue: Catalogue, order: Order, review: Mapping[str, Any], lang: str) -> list[str]:
	model = catalogue.models[order.model]
	verdict = f"{_MARKS[review['verdict']]} {say(VERDICTS, review['verdict'], lang)}"
	left = f"{clean(order.id)}  {verdict}"
	right = f"{order.model} {model.name_zh if lang == 'zh' else model.name_en} × {order.qty}"
	rule = "─" * max(2, COLUMNS - width(left) - width(right) - 6)
	customer = order.data.get("customer")
	name = customer.get("name") if isinstance(customer, dict) else None
	facts = [
		clean(name) if name else "",
		say(ORDER_TYPES, order.order_type, lang),
		say(USES, order.use, lang),
		f"{order.grade} {say(GRADES, order.grade, lang)}" if order.grade != "NA" else "",
	]
	return [
		f"── {left} {rule} {right}",
		"   " + cut(" · ".join(fact for fact in facts if fact), COLUMNS - 3),
		"   " + _dates(order, review, lang),
	]


def _dates(order: Order, review: Mapping[str, Any], lang: str) -> str:
	wish = order.requested_delivery or "–"
	if lang == "zh":
		return f"订单日期 {order.order_date} · 要求交货 {wish} · 最早可交 {review['earliest_delivery']}"
	return f"ordered {order.order_date} · wanted {wish} · earliest {review['earliest_delivery']}"


def _price_box(price: Mapping[str, Any] | None, lang: str) -> list[str]:
	if price is None:
		return ["   " + ("没有评审价" if lang == "zh" else "no price")]
	rows = []
	for left, right in zip(_LEFT, _RIGHT, strict=True):
		rows.append((*_figure(left, price, lang), " ", *_figure(right, price, lang)))
	level = price["approval_level"]
	role = f"{level or '–'} {say(LEVELS, level, lang)}".rstrip()
	total = f"{say(FIGURES, 'total', lang)} {amount(price['total'])}"
	deviation = f"{say(FIGURES, 'deviation_pct', lang)} {percent(price['deviation_pct'])}"
	box = ["     " + line for line in table(rows, right=(2, 6))]
	return [*box, f"     {deviation} · {say(FIGURES, 'approval_level', lang)} {role} · {total}"]


def _figure(name: str, price: Mapping[str, Any], lang: str) -> tuple[str, str, str]:
	return FIGURE_LETTERS[name], say(FIGURES, name, lang), amount(price[name])


def _findings(review: Mapping[str, Any], lang: str) -> list[str]:
	found = review["findings"]
	if not found:
		return ["   " + ("没有问题" if lang == "zh" else "no findings")]
	lines = [f"   {'发现' if lang == 'zh' else 'findings'} {len(found)}"]
	for finding in found:
		title = f"{_MARKS[finding['severity']]} {say(FINDINGS, finding['code'], lang)} [{finding['code']} {finding['ref']}".rstrip()
		involved = f" ({', '.join(finding['options'])})" if finding["options"] else ""
		text = f"{title}] {clean(finding['message'][lang])}{involved} → {finding['department']}"
		lines += _hanging(text, "     ")
	return lines


def _hanging(text: str, indent: str) -> list[str]:
	lines = wrap(text, COLUMNS - len(indent) - 2)
	return [f"{indent}{'' if number == 0 else '  '}{line}" for number, line in enumerate(lines)]


def _conflict(review: Mapping[str, Any], lang: str) -> list[str]:
	parts = [_part(part, lang) for part in review["conflict"]]
	if not parts:
		return []
	label = "最小冲突" if lang == "zh" else "smallest conflict"
	return _hanging(f"{label}: {', '.join(parts)}", "   ")


def _part(part: Mapping[str, Any], lang: str) -> str:
	"""A rule, an option, an option that is left out, or a family without a choice."""
	if "family" in part:
		return f"{part['family']} 未选" if lang == "zh" else f"no {part['family']}"
	code = str(part.get("option") or part.get("rule"))
	if part.get("chosen", True):
		return code
	return f"无{code}" if lang == "zh" else f"without {code}"


def _repairs(review: Mapping[str, Any], lang: str) -> list[str]:
	label = "修正方案" if lang == "zh" else "repair"
	return [
		line
		for number, found in enumerate(review["repairs"], 1)
		for line in _hanging(f"{label} {number}: {repair(found, lang)}", "   ")
	]


_BRIEF = ((14, "id"), (10, "verdict"), (13, "model"), (5, "qty"), (12, "R"), (12, "N"), (9, "%"), (4, "L"))


def brief(order: Order, review: Mapping[str, Any], lang: str) -> str:
	"""One order on one line: verdict, review and negotiated price, level, finding codes."""
	price = review["price"] or {}
	codes = ", ".join(f"{found['code']} {found['ref']}".strip() for found in review["findings"])
	cells = (
		clean(order.id),
		f"{_MARKS[review['verdict']]} {say(VERDICTS, review['verdict'], lang)}",
		order.model,
		str(order.qty),
		amount(price.get("review_price")),
		amount(price.get("negotiated")),
		percent(price.get("deviation_pct")),
		price.get("approval_level") or "–",
	)
	return " ".join(
		pad(cell, size, right=3 <= n <= 6)
		for n, ((size, _), cell) in enumerate(zip(_BRIEF, cells, strict=True))
	) + (f" {codes}" if codes else "")


def brief_heading(lang: str) -> str:
	"""The heading above lines made by ``brief``."""
	zh = ("订单", "结论", "车型", "数量", "评审价", "洽谈价", "偏差", "级别")
	en = ("order", "verdict", "model", "qty", "review", "negotiated", "deviation", "lvl")
	words = zh if lang == "zh" else en
	return " ".join(
		pad(word, size, right=3 <= n <= 6)
		for n, ((size, _), word) in enumerate(zip(_BRIEF, words, strict=True))
	)
