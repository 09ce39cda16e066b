"""Three sample contracts: a draft on half of an order, one whose seat layout differs from it, one that waits for its deposit."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.model.workflow import apply_workflow
from frappe.utils import add_days, getdate, today

from order_review.constants import INTENT_ORDER, REVIEW_TASK, SALES_CONTRACT
from order_review.services import guard, price_approval, review_tasks
from order_review.services.contracts import make, signing

from . import ledger
from .people import address

CONTRACT_DAY = "2026-11-20"
"""A day on which the price books and policies of the sample orders hold."""

_ANSWERS: dict[str, tuple[str, dict[str, Any]]] = {
	"TECH": (
		"TR",
		{
			"verdict_feasible": "Yes",
			"verdict_ccc": "Covered",
			"verdict_grade": "Met",
			"evidence_feasible": "图纸 C12-310",
			"evidence_ccc": "证书 2026-118",
			"evidence_grade": "JT/T 325",
		},
	),
	"FIN": ("FR", {"price_ok": "Right", "deposit_ok": "Right", "credit_ok": "Right"}),
	"PLAN": ("PL", {}),
}
"""Department → role code of its sample user, and its answer."""

_APPROVERS = {"L1": "MM", "L2": "SM", "L3": "VP", "L4": "PC"}


def create_contracts() -> None:
	"""Make them where they are not there."""
	order = _valid_copy("IO-01", "DEMO-C1")
	if order:
		_draft(order)
		_differing(order)
	other = _valid_copy("IO-01", "DEMO-C2")
	if other:
		_waiting(other)


def _draft(order: str) -> None:
	name = _made(order, 4)
	_change(name, delivery_place="南京市江宁区客运总站", delivery_mode="Driven to Customer")


def _differing(order: str) -> None:
	name = _made(order, 6)
	contract = frappe.get_doc(SALES_CONTRACT, name)
	row = next(row for row in contract.options if row.family == "SLY")
	row.update({"vehicle_option": "SLY-1249", "remark": "客户要求间距750"})
	with acting("SP"):
		contract.save()
	for action, code in (("Submit for Review", "SP"), ("Receive", "OA"), ("Send to Opinions", "OA")):
		_step(SALES_CONTRACT, name, action, code)


def signed(external_id: str, qty: int) -> str | None:
	"""A signed contract on so many vehicles of a copy of an order; None where the copy is there already."""
	order = _valid_copy("IO-01", external_id)
	return _waiting(order, qty) if order else None


def _waiting(order: str, qty: int = 10) -> str:
	name = _made(order, qty)
	_change(name, seat_plan_of_line="司机后第一排不设座,其余按51+1+1布置图")
	for action, code in (("Submit for Review", "SP"), ("Receive", "OA"), ("Send to Opinions", "OA")):
		_step(SALES_CONTRACT, name, action, code)
	_answer_all(SALES_CONTRACT, name)
	_step(SALES_CONTRACT, name, "Approve for Signing", "OA")
	_hand_in(name)
	with acting("AU"):
		signing.log_seal(name, "HT-01", 4)
	_step(SALES_CONTRACT, name, "Seal", "AU")
	return name


def _made(order: str, qty: int) -> str:
	with acting("SP"):
		name = make.make([order], {order: qty})
	ledger.note(SALES_CONTRACT, name)
	_change(name, contract_date=CONTRACT_DAY, signing_place="南京")
	return name


def _change(name: str, seat_plan_of_line: str = "", **values: Any) -> None:
	with acting("SP"):
		contract = frappe.get_doc(SALES_CONTRACT, name)
		contract.update(values)
		if seat_plan_of_line:
			contract.lines[0].seat_plan = seat_plan_of_line
		contract.save()


def _hand_in(name: str) -> None:
	"""The scan of the signed copy, as many pages as were given out."""
	version = frappe.get_doc(SALES_CONTRACT, name).prints[-1]
	with acting("SP"):
		file = frappe.get_doc(
			{
				"doctype": "File",
				"file_name": f"{name}-signed.pdf",
				"attached_to_doctype": SALES_CONTRACT,
				"attached_to_name": name,
				"is_private": 1,
				"content": _scan(version.pages),
			}
		).insert()
	_change(
		name,
		signed_file=file.file_url,
		signed_on="2026-11-22",
		signed_pages=version.pages,
		signed_checksum=version.annex_checksum[:16],
	)
	_step(SALES_CONTRACT, name, "Hand In Signed Copy", "SP")


def _scan(pages: int) -> bytes:
	from pypdf import PdfWriter

	writer, file = PdfWriter(), io.BytesIO()
	for _page in range(pages):
		writer.add_blank_page(595, 842)
	writer.write(file)
	return file.getvalue()


# --- valid intent orders ------------------------------------------------------------------------------------


def _valid_copy(sample: str, external_id: str) -> str | None:
	"""A copy of a sample order, taken through its review; None where it is there already."""
	original = frappe.db.get_value(INTENT_ORDER, {"external_id": sample})
	if not original or frappe.db.exists(INTENT_ORDER, {"external_id": external_id}):
		return None
	with acting("SP"):
		order = _copy(frappe.get_doc(INTENT_ORDER, original), external_id)
	ledger.note(INTENT_ORDER, order.name)
	for action, code in (("Submit for Review", "SP"), ("Receive", "OA"), ("Send to Opinions", "OA")):
		_step(INTENT_ORDER, order.name, action, code)
	_answer_all(INTENT_ORDER, order.name)
	if not price_approval.is_covered(frappe.get_doc(INTENT_ORDER, order.name)):
		_step(INTENT_ORDER, order.name, "Send to Price Approval", "OA")
		level = price_approval.kept_review(order.name)["price"]["approval_level"]
		with acting(_APPROVERS[level]):
			price_approval.decide(order.name, price_approval.APPROVED, "老客户,数量较大。")
	_step(INTENT_ORDER, order.name, "Make Valid", "OA")
	return str(order.name)


def _copy(original: Document, external_id: str) -> Document:
	copy = frappe.copy_doc(original)
	copy.update({"external_id": external_id, "title": original.title.replace("IO-01", external_id)})
	return copy.insert()


def _answer_all(doctype: str, name: str) -> None:
	asked = {"reference_doctype": doctype, "reference_name": name, "status": "Open"}
	for task in frappe.get_all(REVIEW_TASK, asked, ["name", "department"], order_by="creation"):
		code, answer = _ANSWERS[task.department]
		proposed = max(getdate("2027-03-10"), getdate(add_days(today(), 100)))
		date = {"proposed_date": str(proposed)} if task.department == "PLAN" else {}
		with acting(code):
			review_tasks.answer(task.name, {"opinion": "Agree", **answer, **date})


def _step(doctype: str, name: str, action: str, code: str) -> None:
	with acting(code):
		apply_workflow(frappe.get_doc(doctype, name), action)


@contextmanager
def acting(code: str) -> Iterator[None]:
	"""Act as the sample user with a role; no letters are written."""
	before, muted = frappe.session.user, frappe.flags.mute_emails
	frappe.set_user(address(code))
	frappe.flags.mute_emails = True
	try:
		with guard.because(None):
			yield
	finally:
		frappe.set_user(before)
		frappe.flags.mute_emails = muted
