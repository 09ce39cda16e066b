"""What the sheets of a reviewed order tell of people: the date Planning gave, how findings were settled, who signed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cstr

from order_review.constants import INTENT_ORDER, PRICE_APPROVAL, REVIEW_TASK, ROLES
from order_review.glossary import say
from order_review.prints.labels import LABELS
from order_review.services import delegations, delivery_commitment, settled

_OF_THE_PRICE = ("AUTHORITY_EXCEEDED", "BELOW_FLOOR")

_OWN_STEPS = ("Received", "Under Opinions", "Consolidating", "Price Approval", "Valid", "Vetoed")
_DECIDING = ("Valid", "Vetoed")


def committed_delivery(order: Document, lang: str) -> str:
	"""The date Planning gave; one that is not agreed says so."""
	commitment = delivery_commitment.standing(INTENT_ORDER, order.name)
	if commitment is None or not commitment.committed_date:
		return _proposed_by_planning(order, lang)
	day = cstr(commitment.committed_date)
	return (
		day
		if commitment.status in delivery_commitment.AGREED
		else f"{day} {say(LABELS, 'proposed_date', lang)}"
	)


def _proposed_by_planning(order: Document, lang: str) -> str:
	"""The date Planning wrote beside its opinion, where no commitment stands."""
	opinion = {
		"reference_doctype": INTENT_ORDER,
		"reference_name": order.name,
		"review_round": order.review_round,
		"department": "PLAN",
		"status": "Answered",
	}
	day = frappe.db.get_value(REVIEW_TASK, opinion, "proposed_date")
	return f"{day} {say(LABELS, 'proposed_date', lang)}" if day else ""


def settlements(
	order: Document, findings: Iterable[Mapping[str, Any]], *, internal: bool
) -> dict[tuple[str, str], str]:
	"""How each finding was settled, by code and reference; of the price only the internal copy tells."""
	by_code = settled.of_order(order)
	if internal and order.price_approval == "Approved":
		by_code |= dict.fromkeys(_OF_THE_PRICE, _("The price was approved."))
	return {
		(found["code"], found["ref"]): by_code[found["code"]]
		for found in findings
		if found["code"] in by_code
	}


def signatures(order: Document, lang: str, *, internal: bool) -> dict[str, str]:
	"""Who reviewed, who decided above, and who approved the price, which only the internal copy tells."""
	signed = {
		"oa": _step_of(order, ROLES["OA"][0], _OWN_STEPS, lang),
		"os": _step_of(order, ROLES["OS"][0], _DECIDING, lang),
		"approver": _approver(order, lang) if internal else "",
	}
	return {place: name for place, name in signed.items() if name}


def _step_of(order: Document, role: str, steps: Iterable[str], lang: str) -> str:
	"""The last step that somebody of a role took in this round, by name and day."""
	for row in reversed(order.events):
		if row.to_status == "Submitted":
			break
		if row.to_status in steps and not row.is_system and _held(row, role):
			return f"{delegations.signature(row.actor, row.on_behalf_of, lang)} {cstr(row.occurred_at)[:10]}"
	return ""


def _held(event: Document, role: str) -> bool:
	return any(user and role in frappe.get_roles(user) for user in (event.actor, event.on_behalf_of))


def _approver(order: Document, lang: str) -> str:
	if order.price_approval != "Approved":
		return ""
	found = frappe.get_all(
		PRICE_APPROVAL,
		{"intent_order": order.name, "decision": "Approved", "is_void": 0},
		["approver", "on_behalf_of", "approval_level", "approved_on"],
		order_by="approved_on desc",
		limit=1,
	)
	if not found:
		return ""
	name = delegations.signature(found[0].approver, found[0].on_behalf_of, lang)
	return f"{name} ({found[0].approval_level}) {cstr(found[0].approved_on)[:10]}"
