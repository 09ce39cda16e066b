"""The special-option price notice (特殊配置选装价通知单): what stands on it, as plain data for the template.

It goes to salespeople and dealers: it tells the price and what comes with it, never a cost or a floor.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..glossary import Words, say
from ..wording import amount
from .sheet import content_hash, head_rows, plain_value, sheet_frame

WORDS: Words = {
	"title": ("特殊配置选装价通知单", "Special-Option Price Notice"),
	"request_title": ("特殊配置申请单", "Special-Option Request"),
	"not_priced": (
		"尚未发布价格,本单不是选装价通知单。",
		"No price has been released: this is not a price notice.",
	),
	"request": ("申请单号", "Request"),
	"option": ("特殊配置", "Special option"),
	"model": ("适用车型", "Vehicle model"),
	"family": ("涉及配置项", "Family affected"),
	"intent_order": ("意向订单", "Intent order"),
	"qty": ("申请数量(台)", "Quantity asked for"),
	"description": ("内容描述", "Description"),
	"drawing_no": ("图号", "Drawing number"),
	"list_price": ("选装价(元/台,含税)", "Price per vehicle (CNY, VAT included)"),
	"valid_to": ("价格有效期至", "Price valid to"),
	"lead_days": ("附加周期(天)", "Extra lead time (days)"),
	"conditions": ("条件", "Conditions"),
	"technical": ("技术条件", "Technical conditions"),
	"ccc": ("CCC/公告", "CCC and announcement"),
	"grade": ("车辆等级", "Vehicle grade"),
	"to_salesperson": ("送达:业务员", "To: salesperson"),
	"to_dealer": ("送达:经销商", "To: dealer"),
	"market_department": ("市场部", "Market department"),
	"released_on": ("发布日期", "Released on"),
	"company": ("发文单位", "Issued by"),
	"document_hash": ("文件校验码", "Document hash"),
	"printed": ("打印", "Printed"),
	"none": ("无", "none"),
	"no_longer": ("此价格已失效,仅供查阅。", "This price has ended; the notice is for reference only."),
	"in_date": (
		"订单日期在有效期内的,按此价格执行;逾期须重新申请。",
		"The price holds for orders dated within its validity; later ones need a new request.",
	),
	"received": ("签收", "Received"),
	"name": ("姓名", "Name"),
	"date": ("日期", "Date"),
}

EFFECTS: Words = {
	"None": ("无影响", "no effect"),
	"Extension needed": ("须办理扩展", "extension needed"),
	"Grade affected": ("影响车辆等级", "grade affected"),
}

_HASHED = (
	"id option_name option_name_en description model qty intent_order drawing_no list_price valid_to lead_days "
	"technical_conditions notice_conditions ccc_effect grade_effect sales_person dealer released_on"
).split()


def price_notice(
	data: Mapping[str, Any], lang: str, *, priced: bool = True, printed: str = "", verify_url: str = ""
) -> dict[str, Any]:
	"""The context of ``price_notice.html``.

	Args:
		data: id, option_name, option_name_en, description, model, model_name, family_name, qty, intent_order,
			drawing_no, list_price, valid_to, lead_days, technical_conditions, notice_conditions, ccc_effect,
			grade_effect, sales_person, dealer, market_department, company, released_on, is_in_force.
		lang: zh or en.
		priced: a price is released; without one the sheet is the request, and says so.
		printed: by whom and when, as it shall stand on the paper.
		verify_url: address the QR code leads to; without one it holds number and hash.
	"""
	digest = document_hash(data)
	words = WORDS if priced else {**WORDS, "title": WORDS["request_title"]}
	return {
		**sheet_frame(data["id"], digest, words, lang, printed=printed, verify_url=verify_url),
		"priced": priced,
		"name": _name(data, lang),
		"in_force": data["is_in_force"],
		"head": head_rows(_HEAD, WORDS, lang, lambda field: plain_value(data, field)),
		"price": amount(data["list_price"]),
		"valid_to": data["valid_to"] or "–",
		"lead_days": data["lead_days"] or 0,
		"description": data["description"],
		"technical": head_rows(
			_TECHNICAL, WORDS, lang, lambda field: say(EFFECTS, data.get(field) or "None", lang)
		),
		"conditions": data["notice_conditions"],
		"technical_conditions": data["technical_conditions"],
	}


_HEAD = (
	"sales_person:to_salesperson dealer:to_dealer market_department model qty intent_order family_name:family "
	"drawing_no released_on company"
).split()
_TECHNICAL = "ccc_effect:ccc grade_effect:grade".split()


def document_hash(data: Mapping[str, Any]) -> str:
	"""SHA-256 of what the notice says."""
	return content_hash([[key, str(data.get(key) or "")] for key in _HASHED])


def _name(data: Mapping[str, Any], lang: str) -> str:
	english = data.get("option_name_en")
	return english if lang == "en" and english else data["option_name"]
