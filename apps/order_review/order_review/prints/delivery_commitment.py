"""The delivery commitment (交货期确认单): what stands on it, as plain data for the template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..glossary import Words, say
from .sheet import content_hash, head_rows, plain_value, sheet_frame

WORDS: Words = {
	"title": ("交货期确认单", "Delivery Commitment"),
	"number": ("确认单号", "Number"),
	"reference": ("订单/合同", "Order or contract"),
	"line": ("合同行", "Contract line"),
	"customer": ("客户", "Customer"),
	"dealer": ("经销商", "Dealer"),
	"model": ("车型", "Vehicle model"),
	"qty": ("数量(台)", "Quantity"),
	"market_department": ("市场部", "Market department"),
	"sales_person": ("业务员", "Salesperson"),
	"company": ("公司", "Company"),
	"wish": ("客户要求交货期", "Wish of the customer"),
	"earliest": ("最早可交货期", "Earliest date"),
	"committed": ("承诺交货期", "Committed date"),
	"lots": ("分批交货", "Delivery in lots"),
	"lot": ("批次", "Lot"),
	"delivery_date": ("交货日期", "Delivery date"),
	"week": ("生产周", "Week"),
	"note": ("备注", "Note"),
	"one_lot": ("一次交付。", "Delivered at one time."),
	"reason": ("计划说明", "Reason of planning"),
	"later": ("晚于客户要求 {days} 天", "{days} days after the wish"),
	"in_time": ("满足客户要求", "within the wish"),
	"over_capacity": ("超出该周产能,已说明原因。", "Above the capacity of its week; the reason is stated."),
	"history": ("交货期提出与答复记录", "Proposals and answers"),
	"proposed_on": ("提出时间", "Proposed on"),
	"proposed_by": ("提出人", "Proposed by"),
	"date_or_lots": ("日期/批次", "Date or lots"),
	"answer": ("答复", "Answer"),
	"answered_by": ("答复人", "Answered by"),
	"no_history": ("尚未提出。", "Nothing has been proposed yet."),
	"signatures": ("签字", "Signatures"),
	"sign_planning": ("综合计划部", "Planning"),
	"sign_sales": ("业务员", "Salesperson"),
	"sign_oa": ("订单管理员", "Order Administrator"),
	"name": ("姓名", "Name"),
	"date": ("日期", "Date"),
	"not_confirmed": (
		"本交货期尚未最终确认,不得对客户承诺。",
		"This date is not confirmed yet; it is no promise to the customer.",
	),
	"broken": (
		"本承诺已失效,等待计划部重新提出。",
		"This promise is broken; Planning will propose another date.",
	),
	"document_hash": ("文件校验码", "Document hash"),
	"printed": ("打印", "Printed"),
	"none": ("无", "none"),
}

STATES: Words = {
	"Requested": ("待计划部提出", "Requested"),
	"Proposed": ("已提出,待业务员接受", "Proposed, to be accepted"),
	"Accepted": ("业务员已接受,待确认", "Accepted, to be confirmed"),
	"Confirmed": ("已确认", "Confirmed"),
	"Broken": ("已失效", "Broken"),
	"Withdrawn": ("已撤回", "Withdrawn"),
}

ANSWERS: Words = {
	"Accepted": ("接受", "accepted"),
	"Declined": ("不接受", "declined"),
	"Taken Back": ("收回", "taken back"),
	"Confirmed": ("确认", "confirmed"),
	"Broken": ("失效", "broken"),
	"Replaced": ("被新日期替代", "replaced"),
}

_HASHED = "id status reference_name reference_line model qty wish earliest committed_date lots reason".split()
_HEAD = (
	"reference_name:reference customer dealer model qty market_department sales_person wish earliest company"
).split()


def delivery_commitment(
	data: Mapping[str, Any], lang: str, *, printed: str = "", verify_url: str = ""
) -> dict[str, Any]:
	"""The context of ``delivery_commitment.html``.

	Args:
		data: id, status, reference_name, reference_line, customer, dealer, model, model_name, qty, market_department,
			sales_person, company, wish, earliest, committed_date, days_late, is_over_capacity, reason, lots (qty, day,
			week, note) and proposals (on, by, what, reason, answer, answered_by, answer_reason).
		lang: zh or en.
		printed: by whom and when, as it shall stand on the paper.
		verify_url: address the QR code leads to; without one it holds number and hash.
	"""
	digest = document_hash(data)
	return {
		**sheet_frame(data["id"], digest, WORDS, lang, printed=printed, verify_url=verify_url),
		"state": say(STATES, data["status"], lang),
		"warning": _warning(data["status"], lang),
		"head": head_rows(_HEAD, WORDS, lang, lambda field: _value(data, field)),
		"committed": data["committed_date"] or "–",
		"against_wish": _against_wish(data, lang),
		"is_over_capacity": data["is_over_capacity"],
		"reason": data["reason"],
		"lots": data["lots"],
		"proposals": [_proposal(row, lang) for row in data["proposals"]],
	}


def document_hash(data: Mapping[str, Any]) -> str:
	"""SHA-256 of what the sheet promises."""
	return content_hash([[key, data.get(key) or ""] for key in _HASHED])


def _value(data: Mapping[str, Any], key: str) -> str:
	if key == "reference_name" and data.get("reference_line"):
		return f"{data['reference_name']} / {data['reference_line']}"
	return plain_value(data, key)


def _against_wish(data: Mapping[str, Any], lang: str) -> str:
	if not data["committed_date"] or data["days_late"] is None:
		return ""
	if data["days_late"] > 0:
		return say(WORDS, "later", lang).format(days=data["days_late"])
	return say(WORDS, "in_time", lang)


def _warning(status: str, lang: str) -> str:
	if status == "Broken":
		return say(WORDS, "broken", lang)
	return "" if status == "Confirmed" else say(WORDS, "not_confirmed", lang)


def _proposal(row: Mapping[str, Any], lang: str) -> dict[str, str]:
	answer = say(ANSWERS, row["answer"], lang) if row["answer"] else "–"
	return {**row, "answer": answer}
