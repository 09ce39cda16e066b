"""Intent orders on their way through the review: steps and opinions as the sample users take them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.model.workflow import apply_workflow
from frappe.utils import add_days, today

from order_review.constants import DELEGATION, INTENT_ORDER, REVIEW_TASK
from order_review.demo.people import address
from order_review.services import guard, review_tasks

WHO = {
	"TECH": "TR",
	"PLAN": "PL",
	"FIN": "FR",
	"MKTPLAN": "MP",
	"SUPPLY": "SU",
	"PRODMGT": "PM",
	"QA": "QA",
	"SERVICE": "CS",
	"MKTMGT": "MG",
}
"""Department → role code of its sample user."""

AGREED: dict[str, dict[str, Any]] = {
	"TECH": {
		"verdict_feasible": "Yes",
		"verdict_ccc": "Covered",
		"verdict_grade": "Met",
		"evidence_feasible": "图纸 E12-310",
		"evidence_ccc": "证书 2026-118",
		"evidence_grade": "JT/T 888",
	},
	"FIN": {"price_ok": "Right", "deposit_ok": "Right", "credit_ok": "Right"},
	"PLAN": {"proposed_date": max("2027-03-10", str(date.today() + timedelta(days=30)))},
}


@contextmanager
def acting(code: str) -> Iterator[None]:
	"""As the sample user with a role."""
	before = frappe.session.user
	frappe.set_user(address(code))
	try:
		yield
	finally:
		frappe.set_user(before)


def ready(sample: str, **values: Any) -> str:
	"""A sample order the sample salesperson may submit, with what its type needs."""
	name = str(frappe.db.get_value(INTENT_ORDER, {"external_id": sample}, "name"))
	south = frappe.db.get_value("Department", {"department_code": "MARKET-S"})
	bid = {"tender_no": "TB-2026-118", "bid_file": bid_file()}
	frappe.db.set_value(INTENT_ORDER, name, {"market_department": south, **bid, **values})
	return name


def bid_file() -> str:
	"""Address of a bid file the site knows."""
	address = "https://files.example.com/TB-2026-118.pdf"
	if not frappe.db.exists("File", {"file_url": address}):
		frappe.get_doc({"doctype": "File", "file_name": "TB-2026-118.pdf", "file_url": address}).insert()
	return address


def order(name: str) -> Document:
	"""The order as it is stored."""
	return frappe.get_doc(INTENT_ORDER, name)


def step(name: str, action: str, code: str, reason: str = "") -> str:
	"""Take an action as a role; tells the status afterwards."""
	with acting(code), guard.because(reason):
		apply_workflow(order(name), action)
	return str(frappe.db.get_value(INTENT_ORDER, name, "status"))


def change(name: str, code: str = "SP", **values: Any) -> None:
	"""Save changed fields as a role."""
	with acting(code):
		document = order(name)
		document.update(values)
		document.save()


def to_received(sample: str, **values: Any) -> str:
	name = ready(sample, **values)
	step(name, "Submit for Review", "SP")
	step(name, "Receive", "OA")
	return name


def to_opinions(sample: str, **values: Any) -> str:
	name = to_received(sample, **values)
	step(name, "Send to Opinions", "OA")
	return name


def tasks(name: str, **filters: Any) -> dict[str, str]:
	"""Department → task of the order's present round."""
	wanted = {"reference_name": name, "review_round": order(name).review_round, **filters}
	return {row.department: row.name for row in frappe.get_all(REVIEW_TASK, wanted, ["name", "department"])}


def give(name: str, department: str, opinion: str = "Agree", **values: Any) -> str:
	"""A department's opinion, by its sample user; tells the status of the order afterwards."""
	task = tasks(name, status="Open")[department]
	with acting(WHO[department]):
		return review_tasks.answer(task, {**AGREED.get(department, {}), "opinion": opinion, **values})


def all_agree(name: str, *but: str) -> None:
	"""Everybody still asked agrees."""
	for department in tasks(name, status="Open"):
		if department not in but:
			give(name, department)


def hand_over(absent: str, delegate: str, code: str | None = None, **values: Any) -> Document:
	"""A delegation from one sample user to another, registered by the absent one unless said otherwise."""
	names = {
		"user": address(absent),
		"delegate": address(delegate),
		"from_date": -1,
		"to_date": 3,
		"reason": "年假",
	}
	with acting(code or absent):
		return frappe.get_doc({"doctype": DELEGATION, **dated({**names, **values})}).insert()


def dated(values: dict[str, Any]) -> dict[str, Any]:
	"""Values with their days as dates; they are given as days from today."""
	return {
		name: add_days(today(), value) if name.endswith("_date") else value for name, value in values.items()
	}
