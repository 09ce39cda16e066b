"""The livery confirmation (图案确认单): what the customer signs before the vehicles are painted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..glossary import Words, say
from .sheet import content_hash, head_rows, plain_value, sheet_frame

WORDS: Words = {
	"title": ("图案确认单", "Livery Confirmation"),
	"sheet": ("设计编号", "Design"),
	"version": ("版本", "Version"),
	"contract": ("销售合同", "Sales contract"),
	"line": ("合同行", "Line"),
	"customer": ("客户", "Customer"),
	"model": ("车型", "Vehicle model"),
	"qty": ("数量(台)", "Quantity"),
	"market_department": ("市场部", "Market department"),
	"company": ("制造单位", "Manufacturer"),
	"livery_type": ("图案类型", "Kind of livery"),
	"pattern_no": ("图案编号", "Pattern number"),
	"surface": ("工艺", "Process"),
	"needed_by": ("最迟确认日期", "Confirmation needed by"),
	"wishes": ("客户要求", "Wishes of the customer"),
	"colours": ("颜色", "Colours"),
	"position": ("部位", "Position"),
	"code": ("色号", "Colour code"),
	"name": ("颜色名称", "Colour name"),
	"remark": ("备注", "Remark"),
	"views": ("视图", "Views"),
	"attached": ("见附件", "see the attached file"),
	"note": ("涂装说明", "Note to the paint shop"),
	"notice": (
		"客户确认后按本单涂装;确认后更改图案须办理合同变更,可能影响价格与交货期。",
		"The vehicles are painted as confirmed here. A later change of the livery is a change of the contract and may "
		"affect price and delivery date.",
	),
	"signing": ("客户确认(签字或盖章)", "Confirmed by the customer (signature or stamp)"),
	"signatory": ("签字人", "Name"),
	"date": ("日期", "Date"),
	"confirmed": ("客户已确认", "CONFIRMED BY THE CUSTOMER"),
	"open": ("待客户确认", "TO BE CONFIRMED BY THE CUSTOMER"),
	"draft": ("设计稿,非确认稿", "DRAFT, NOT FOR CONFIRMATION"),
	"designer": ("图案设计", "Livery support"),
	"salesperson": ("业务员", "Salesperson"),
	"printed": ("打印", "Printed"),
	"document_hash": ("文件校验码", "Document hash"),
	"none": ("无", "none"),
}

CHOICES: Words = {
	"library": ("图案库标准图案", "from the pattern library"),
	"custom": ("客户定制图案", "the customer's own design"),
	"film": ("车身贴膜", "film"),
	"plain": ("素色", "plain"),
	"paint": ("喷漆", "paint"),
	"paint and film": ("喷漆加贴膜", "paint and film"),
	"Body": ("车身", "body"),
	"Roof": ("车顶", "roof"),
	"Skirt": ("裙部", "skirt"),
	"Stripe": ("色带", "stripe"),
	"Lettering": ("文字", "lettering"),
	"Bumpers": ("保险杠", "bumpers"),
	"Left": ("左侧", "left side"),
	"Right": ("右侧", "right side"),
	"Front": ("前部", "front"),
	"Rear": ("后部", "rear"),
	"Interior": ("内饰", "interior"),
	"Other": ("其他", "other"),
}

_HEAD = "contract line customer model qty market_department livery_type pattern_no surface needed_by company".split()
_HASHED = (
	"id version contract line model qty livery_type pattern_no surface wishes note colours views".split()
)


def livery_confirmation(
	data: Mapping[str, Any], lang: str, *, printed: str = "", verify_url: str = ""
) -> dict[str, Any]:
	"""The context of ``livery_confirmation.html``.

	Args:
		data: id, version, status, contract, line, customer, model, model_name, qty, market_department, company,
			livery_type, pattern_no, surface, needed_by, wishes, note, confirmed_on, confirmed_by; ``colours``: position,
			code, name, remark; ``views``: view, file, digest, remark and ``picture``, a data address or an empty text.
		lang: zh or en.
		printed: by whom and when, as it shall stand on the paper.
		verify_url: address the QR code leads to; without one it holds number and hash.
	"""
	digest = document_hash(data)
	return {
		**sheet_frame(data["id"], digest, WORDS, lang, printed=printed, verify_url=verify_url),
		"version": data["version"],
		"state": say(WORDS, _state(data["status"]), lang),
		"is_confirmed": _state(data["status"]) == "confirmed",
		"head": head_rows(_HEAD, WORDS, lang, lambda field: _value(data, field, lang)),
		"wishes": data["wishes"],
		"note": data["note"],
		"colours": [{**row, "position": _said(row["position"], lang)} for row in data["colours"]],
		"views": [{**row, "view": _said(row["view"], lang)} for row in data["views"]],
		"confirmed_on": data["confirmed_on"],
		"confirmed_by": data["confirmed_by"],
	}


def document_hash(data: Mapping[str, Any]) -> str:
	"""SHA-256 of what the customer confirms; a view counts by the digest of its file."""
	views = [{"view": row["view"], "digest": row["digest"]} for row in data["views"]]
	content = [[name, views if name == "views" else data.get(name)] for name in _HASHED]
	return content_hash(content)


def _state(status: str) -> str:
	if status in ("Confirmed", "Frozen"):
		return "confirmed"
	return "open" if status == "To Confirm" else "draft"


def _value(data: Mapping[str, Any], name: str, lang: str) -> str:
	if name in ("livery_type", "surface"):
		return _said(data.get(name) or "", lang)
	return plain_value(data, name)


def _said(choice: str, lang: str) -> str:
	return say(CHOICES, choice, lang) if choice in CHOICES else choice or "–"
