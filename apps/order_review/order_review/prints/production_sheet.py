"""The production configuration sheet (生产配置单): what each shop builds, what changed, as plain data for the template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ..glossary import SHOPS, Words, say
from . import diff_view
from .sheet import content_hash, head_rows, plain_value, sheet_frame

WORDS: Words = {
	"title": ("生产配置单", "Production Configuration Sheet"),
	"number": ("生产配置号", "Production configuration"),
	"version": ("版本", "Version"),
	"supersedes": ("替代", "Supersedes"),
	"contract": ("销售合同/行", "Contract / line"),
	"sales_order": ("销售订单", "Sales Order"),
	"model": ("车型", "Vehicle model"),
	"grade": ("等级", "Grade"),
	"qty": ("数量(台)", "Quantity"),
	"market_department": ("市场部", "Market department"),
	"delivery_date": ("合同交货期", "Delivery by contract"),
	"committed_date": ("承诺交货期", "Committed delivery"),
	"planned_week": ("计划周次", "Planned week"),
	"released_on": ("下达时间", "Released on"),
	"status": ("状态", "Status"),
	"not_released": ("未下达,不得用于生产", "NOT RELEASED – not for production"),
	"superseded": ("已被替代,不得用于生产", "SUPERSEDED – not for production"),
	"withdrawn": ("已撤销,不得用于生产", "WITHDRAWN – not for production"),
	"first": ("首版,无变更标记。", "First version: nothing is marked as changed."),
	"changes": ("▲ 标记的行与上一版不同,共", "Lines marked ▲ differ from the version before:"),
	"summary": ("与上一版的差异", "Differences from the version before"),
	"slot": ("部位", "Slot"),
	"assembly": ("总成号", "Assembly"),
	"name": ("名称", "Name"),
	"line_qty": ("数量", "Qty"),
	"source": ("来源", "Source"),
	"mark": ("变更", "Change"),
	"was": ("原", "was"),
	"new": ("新增", "new"),
	"by_hand": ("手工", "by hand"),
	"assemblies": ("项总成", "assemblies"),
	"gone": ("本版取消的总成", "Assemblies no longer built in"),
	"specials": ("特殊配置", "Special options"),
	"notes": ("合同备注", "Notes of the contract"),
	"note": ("事项", "About"),
	"contract_text": ("合同内容", "The contract says"),
	"request": ("申请单号", "Request"),
	"drawing": ("图号", "Drawing"),
	"handling": ("处理", "Handling"),
	"with_line": ("见生产行", "see production lines"),
	"no_effect": ("不影响生产", "no production effect"),
	"livery": ("图案/涂装", "Livery"),
	"pattern": ("图案号", "Pattern"),
	"design": ("图案设计", "Livery design"),
	"no_livery": ("无需图案", "No livery needed"),
	"unknown": ("未确定", "not known yet"),
	"none": ("无", "none"),
	"signatures": ("签字", "Signatures"),
	"translator": ("翻译", "Translator"),
	"auditor": ("审核", "Auditor"),
	"prodmgt": ("生管确认", "Production management"),
	"planning": ("综合计划确认", "Planning"),
	"document_hash": ("文件校验码", "Document hash"),
	"printed": ("打印", "Printed"),
}

MANUAL, NEW, CHANGED = "Manual", "New", "Changed"

_WARNINGS = {"Released": "", "Superseded": "superseded", "Withdrawn": "withdrawn"}
_HEAD = (
	"contract model qty grade market_department sales_order delivery_date committed_date planned_week released_on"
).split()
_HASHED = "id version contract model qty lines specials notes livery".split()


def production_sheet(
	data: Mapping[str, Any], lang: str, *, printed: str = "", verify_url: str = ""
) -> dict[str, Any]:
	"""The context of ``production_sheet.html``.

	Args:
		data: id, version, supersedes, status, contract, model, model_name, grade, qty, market_department, sales_order,
			delivery_date, committed_date, planned_week, released_on; ``lines`` with slot, slot_name, assembly_no,
			assembly_name, qty, shop, source, from_options, reason, change, replaces; ``gone`` (slot, assembly_no,
			assembly_name, qty); ``differences`` from the version before, as the diff gives them; ``specials`` (request_no, name_zh, drawing_no, handling, reason);
			``notes`` of the contract (request_no, name_zh, contract_text, handling, reason); ``livery`` (status,
			reference); ``signatures`` by translator, auditor, prodmgt, planning: (name, date).
		lang: zh or en.
		printed: by whom and when, as it shall stand on the paper.
		verify_url: address the QR code leads to; without one it holds number, version and hash.
	"""
	digest = document_hash(data)
	warning = _WARNINGS.get(data["status"], "not_released")
	version = int(data["version"] or 1)
	changed = sum(1 for line in data["lines"] if line.get("change")) + len(data["gone"])
	return {
		**sheet_frame(
			data["id"],
			digest,
			WORDS,
			lang,
			printed=printed,
			verify_url=verify_url,
			qr_text=f"{data['id']}\nV{version}\n{digest[:16]}",
		),
		"version": version,
		"supersedes": data.get("supersedes"),
		"warning": say(WORDS, warning, lang) if warning else "",
		"head": head_rows(_HEAD, WORDS, lang, lambda field: plain_value(data, field)),
		"changed": changed,
		"differences": diff_view.html(data["differences"], lang) if data.get("differences") else "",
		"shops": _shops(data["lines"], version, lang),
		"gone": [_gone(line) for line in data["gone"]],
		"specials": [_special(row, lang) for row in data["specials"]],
		"notes": [_note(row, lang) for row in data.get("notes", ())],
		"livery": _livery(data["livery"], lang),
		"signatures": [
			(say(WORDS, key, lang), *data["signatures"].get(key, ("", "")))
			for key in ("translator", "auditor", "prodmgt", "planning")
		],
	}


def document_hash(data: Mapping[str, Any]) -> str:
	"""SHA-256 of what is to be built; names of slots depend on the language and are left out."""
	said = {key: data.get(key) for key in _HASHED}
	said["lines"] = [
		{name: value for name, value in line.items() if name != "slot_name"} for line in data["lines"]
	]
	return content_hash(said, sort_keys=True)


def _shops(
	lines: Sequence[Mapping[str, Any]], version: int, lang: str
) -> list[tuple[str, list[dict[str, Any]]]]:
	"""Shops in the order the vehicle passes them, each with its lines in slot order."""
	by_shop: dict[str, list[dict[str, Any]]] = {}
	for line in lines:
		by_shop.setdefault(str(line.get("shop") or ""), []).append(_line(line, version, lang))
	order = [*SHOPS, *(shop for shop in by_shop if shop not in SHOPS)]
	return [
		(say(SHOPS, shop, lang) if shop in SHOPS else shop or "–", by_shop[shop])
		for shop in order
		if shop in by_shop
	]


def _line(line: Mapping[str, Any], version: int, lang: str) -> dict[str, Any]:
	by_hand = line.get("source") == MANUAL
	source = str(line.get("reason") or "") if by_hand else str(line.get("from_options") or "")
	change = line.get("change") or ""
	return {
		"slot": line["slot"],
		"slot_name": line.get("slot_name") or "",
		"assembly": line["assembly_no"],
		"name": line.get("assembly_name") or "",
		"qty": _quantity(line.get("qty")),
		"source": f"{say(WORDS, 'by_hand', lang)}: {source}" if by_hand else source,
		"mark": f"▲ v{version}" if change else "",
		"was": _was(line, lang) if change else "",
	}


def _was(line: Mapping[str, Any], lang: str) -> str:
	old = line.get("replaces")
	return f"{say(WORDS, 'was', lang)} {old}" if old else say(WORDS, "new", lang)


def _gone(line: Mapping[str, Any]) -> dict[str, str]:
	return {
		"slot": str(line["slot"]),
		"assembly": str(line["assembly_no"]),
		"name": str(line.get("assembly_name") or ""),
		"qty": _quantity(line.get("qty")),
	}


def _special(row: Mapping[str, Any], lang: str) -> dict[str, str]:
	return {
		"request": str(row["request_no"]),
		"name": str(row.get("name_zh") or ""),
		"drawing": str(row.get("drawing_no") or "–"),
		"handling": _handling(row, lang),
	}


def _note(row: Mapping[str, Any], lang: str) -> dict[str, str]:
	return {
		"number": str(row["request_no"]),
		"name": str(row.get("name_zh") or ""),
		"text": str(row.get("contract_text") or ""),
		"handling": _handling(row, lang),
	}


def _handling(row: Mapping[str, Any], lang: str) -> str:
	"""Where a special option or a note went: a production line, or why it has no effect."""
	word = {"Line": "with_line", "No Production Effect": "no_effect"}.get(
		str(row.get("handling") or ""), "unknown"
	)
	reason = str(row.get("reason") or "")
	return say(WORDS, word, lang) + (f": {reason}" if reason else "")


def _livery(livery: Mapping[str, Any], lang: str) -> str:
	reference = str(livery.get("reference") or "")
	word = {"None Needed": "no_livery", "Library Pattern": "pattern", "Livery Design": "design"}.get(
		str(livery.get("status") or ""), "unknown"
	)
	return f"{say(WORDS, word, lang)} {reference}".strip()


def _quantity(value: Any) -> str:
	return f"{Decimal(str(value or 0)).normalize():f}"
