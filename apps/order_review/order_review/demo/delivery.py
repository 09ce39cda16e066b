"""Delivery dates of two sample orders: one promised in lots after a first date was declined, one still asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import frappe
from frappe.model.workflow import apply_workflow

from order_review.constants import DELIVERY_COMMITMENT, INTENT_ORDER
from order_review.services import delivery_commitment, guard

from . import ledger
from .people import address

PROMISED, ASKED = "IO-12", "IO-06"
"""Sample orders."""


def create_commitments() -> None:
	"""Make them where the orders have none."""
	for sample, tell in ((PROMISED, _promise), (ASKED, None)):
		order = frappe.db.get_value(INTENT_ORDER, {"external_id": sample})
		if not order or frappe.db.exists(DELIVERY_COMMITMENT, {"reference_name": order}):
			continue
		with _as("OA"):
			name = delivery_commitment.request(INTENT_ORDER, order)
		ledger.note(DELIVERY_COMMITMENT, name)
		if tell:
			tell(name)


def _promise(name: str) -> None:
	qty = frappe.db.get_value(DELIVERY_COMMITMENT, name, "qty")
	first = qty // 2
	_propose(name, [(qty, "2027-04-14")], "车桥到货晚两周。")
	_step(name, "Decline", "SP", "客户清明节前要车,至少先交一半。")
	lots = [(qty - first, "2027-03-24"), (first, "2027-04-14")] if first else [(qty, "2027-03-31")]
	_propose(name, lots, "加开周六班次,分两批交付。")
	_step(name, "Accept", "SP")
	_step(name, "Confirm", "PL")


def _propose(name: str, lots: list[tuple[int, str]], reason: str) -> None:
	rows = [{"qty": qty, "delivery_date": day} for qty, day in lots]
	values: dict[str, Any] = {"lots": rows, "reason": reason}
	with _as("PL"):
		document = frappe.get_doc(DELIVERY_COMMITMENT, name)
		document.update(values)
		document.save()
	_step(name, "Propose", "PL")


def _step(name: str, action: str, code: str, reason: str = "") -> None:
	with _as(code), guard.because(reason):
		apply_workflow(frappe.get_doc(DELIVERY_COMMITMENT, name), action)


@contextmanager
def _as(code: str) -> Iterator[None]:
	"""Act as the sample user with a role; no letters are written."""
	before, muted = frappe.session.user, frappe.flags.mute_emails
	frappe.set_user(address(code))
	frappe.flags.mute_emails = True
	try:
		yield
	finally:
		frappe.set_user(before)
		frappe.flags.mute_emails = muted
