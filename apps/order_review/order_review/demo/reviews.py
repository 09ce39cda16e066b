"""Intent orders in the midst of their review, so that a workplace is seen as it looks on a working day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import frappe
from frappe.model.workflow import apply_workflow
from frappe.utils import add_days, getdate, today

from order_review.constants import INTENT_ORDER, REVIEW_TASK
from order_review.services import guard, review_tasks, technical_issues

from . import ledger
from .contracts import acting
from .orders import bid_file
from .people import address
from .places import department

_OPINION_OF: dict[str, tuple[str, dict[str, Any]]] = {
	"TECH": (
		"TR",
		{
			"verdict_feasible": "Yes",
			"verdict_ccc": "Covered",
			"verdict_grade": "Met",
			"evidence_feasible": "总布置图 C12-310",
			"evidence_ccc": "证书 2026-118",
			"evidence_grade": "JT/T 325",
		},
	),
	"FIN": ("FR", {"price_ok": "Right", "deposit_ok": "Right", "credit_ok": "Right"}),
	"PLAN": ("PL", {}),
	"PRODMGT": ("PM", {}),
	"SERVICE": ("CS", {}),
	"MKTMGT": ("MG", {}),
	"QA": ("QA", {}),
}
"""Department → role code of its sample user, and what it says when it agrees."""

_OBJECTION = {
	"opinion": "Object",
	"reason_code": "OB-OTHER",
	"acceptable_if": "定制图案的喷涂工位第12周才有空,交货推迟一周即可。",
}
_WARRANTY = {
	"opinion": "Agree With Condition",
	"condition_text": "电池八年质保条款由客户书面确认。",
	"condition_responsible": address("SP"),
	"condition_before": "Contract Effective",
}
_SEATS = {
	"opinion": "Agree With Condition",
	"condition_text": "座椅供货周期由供应商书面确认。",
	"condition_responsible": "SUPPLY",
	"condition_before": "Release",
}
_WRONG_PRICE = {
	"opinion": "Object",
	"reason_code": "OB-PRICE",
	"acceptable_if": "洽谈价不低于 852,000 元,或取消赠送项。",
	"price_ok": "Wrong",
	"deposit_ok": "Right",
	"credit_ok": "Right",
}
_STOCK = {
	"order_type": "Stock",
	"customer": None,
	"customer_class": None,
	"dealer": None,
	"sales_plan": "2026下半年华南库存计划",
	"policies": [],
	"negotiated_unit": 890000,
	"requested_delivery": "2027-03-31",
}


def create_reviews() -> None:
	"""Make them where they are not there."""
	for external_id, (sample, values, tell) in _STORIES.items():
		original = frappe.db.get_value(INTENT_ORDER, {"external_id": sample})
		if original and not frappe.db.exists(INTENT_ORDER, {"external_id": external_id}):
			name = _copy(original, external_id, values)
			_step(name, "Submit for Review", "SP")
			tell(name)


def _copy(original: str, external_id: str, values: dict[str, Any]) -> str:
	source = frappe.get_doc(INTENT_ORDER, original)
	with acting("SP"):
		copy = frappe.copy_doc(source)
		copy.update(
			{
				"external_id": external_id,
				"title": None,
				"market_department": department("MARKET-S"),
				"sales_person": _salesperson() or source.sales_person,
				**values,
			}
		)
		if copy.order_type == "Tender":
			copy.bid_file = bid_file(external_id)  # the other order's own is its department's to read
		copy.insert()
	ledger.note(INTENT_ORDER, copy.name)
	return str(copy.name)


def _salesperson() -> str | None:
	return frappe.db.get_value("Sales Person", {"market_department": department("MARKET-S")}, order_by="name")


# --- stories ------------------------------------------------------------------------------------------------


def _waits_for_receipt(name: str) -> None:
	"""Nobody has received it yet."""


def _waits_for_an_answer(name: str) -> None:
	"""The technical reviewer asks; until the salesperson answers, the clocks stand still."""
	_to_opinions(name)
	_opinion(name, "FIN")
	question = {
		"kind": "Technical",
		"blocking": 1,
		"family": "ENG",
		"question": "所选发动机尚未取得CCC扩展,预计还需两个月;客户能否接受已认证的机型?",
		"proposal": "改用已认证的标配发动机,交货期不变。",
	}
	with acting("TR"):
		technical_issues.ask(INTENT_ORDER, name, question)


def _objected(name: str) -> None:
	"""One department objects, another one agrees under a condition; the order administrator sums up."""
	_to_opinions(name)
	_opinion(name, "PRODMGT", _OBJECTION)
	_opinion(name, "SERVICE", {**_WARRANTY, "condition_due": add_days(today(), 6)})
	_rest(name)


def _in_its_second_round(name: str) -> None:
	"""Finance objects, the price is negotiated anew, and in the second round only finance is asked again."""
	_to_opinions(name)
	_opinion(name, "FIN", _WRONG_PRICE)
	_rest(name)
	_step(name, "Return", "OA", "RT-PRICE 洽谈价低于市场部权限,请按财务意见重新洽谈。")
	with acting("SP"):
		order = frappe.get_doc(INTENT_ORDER, name)
		order.negotiated_unit = 852000
		order.save()
	_step(name, "Submit for Review", "SP")
	_to_opinions(name)


def _returned(name: str) -> None:
	"""Errors in the prices: back to the salesperson before anybody is asked."""
	_step(name, "Receive", "OA")
	_step(name, "Return", "OA", "RT-PRICE 选装价与目录价不符,请更正。")


def _stock_valid(name: str) -> None:
	"""Built on the approval of market management, and not sold yet."""
	_to_opinions(name)
	_opinion(name, "TECH", {**_OPINION_OF["TECH"][1], **_SEATS, "condition_due": add_days(today(), 20)})
	_rest(name)
	_step(name, "Make Valid", "OA")


def _stock_asked(name: str) -> None:
	"""Market management has not decided yet."""
	_to_opinions(name)
	_opinion(name, "FIN")


_STORIES: dict[str, tuple[str, dict[str, Any], Callable[[str], None]]] = {
	"DEMO-R1": ("IO-01", {}, _waits_for_receipt),
	"DEMO-R2": ("IO-11", {}, _waits_for_an_answer),
	"DEMO-R3": ("IO-02", {}, _objected),
	"DEMO-R4": ("IO-01", {}, _in_its_second_round),
	"DEMO-R5": ("IO-08", {}, _returned),
	"DEMO-R6": ("IO-01", {**_STOCK, "order_date": "2026-08-10", "quotation_date": None}, _stock_valid),
	"DEMO-R7": ("IO-01", {**_STOCK, "qty": 4}, _stock_asked),
}
"""External id → sample order it is a copy of, what differs, and what happens to it after it is submitted."""


# --- steps --------------------------------------------------------------------------------------------------


def _to_opinions(name: str) -> None:
	_step(name, "Receive", "OA")
	_step(name, "Send to Opinions", "OA")


def _rest(name: str) -> None:
	"""Everybody still asked agrees."""
	for department_code in _asked(name):
		_opinion(name, department_code)


def _asked(name: str) -> Iterable[str]:
	asked = {"reference_doctype": INTENT_ORDER, "reference_name": name, "status": "Open"}
	return frappe.get_all(REVIEW_TASK, asked, pluck="department", order_by="creation")


def _opinion(name: str, department_code: str, values: dict[str, Any] | None = None) -> None:
	asked = {"reference_name": name, "department": department_code, "status": "Open"}
	task = frappe.db.get_value(REVIEW_TASK, asked)
	if not task:
		return  # the site's own routing does not ask this department
	code, agreed = _OPINION_OF[department_code]
	answer = values or {"opinion": "Agree", **agreed}
	if department_code == "PLAN":
		proposed = max(getdate("2027-03-10"), getdate(add_days(today(), 100)))
		answer = {**answer, "proposed_date": str(proposed)}
	with acting(code):
		review_tasks.answer(task, answer)


def _step(name: str, action: str, code: str, reason: str = "") -> None:
	with acting(code), guard.because(reason):
		apply_workflow(frappe.get_doc(INTENT_ORDER, name), action)
