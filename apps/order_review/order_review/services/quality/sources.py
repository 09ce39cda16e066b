"""What an assessment is drawn from: first submissions, returns, and whose contract it is."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import cint, get_datetime, getdate, today

from order_review.constants import INTENT_ORDER, ROLES, SALES_CONTRACT
from order_review.engine.quality import Stay
from order_review.services import deadlines

_PROCESS_NAMES = {INTENT_ORDER: "intent", SALES_CONTRACT: "contract"}
_SALESPERSON = ROLES["SP"][0]


def documents_of(contract: Document) -> list[Document]:
	"""The contract and the intent orders its lines come from."""
	names = dict.fromkeys(row.intent_order for row in contract.lines if row.intent_order)
	return [contract, *(frappe.get_doc(INTENT_ORDER, name) for name in names)]


def first_findings(documents: Iterable[Document]) -> dict[str, dict[str, list[str]]]:
	"""Finding code → document → what the finding of its first submission is about.

	What an intent order was found to have is not counted again when its contract still has it. Only what everyone
	may see of the findings; those that tell of a floor price are kept elsewhere.
	"""
	found: dict[str, dict[str, list[str]]] = {}
	seen: set[tuple[str, str, str]] = set()
	for document in sorted(documents, key=lambda one: one.doctype != INTENT_ORDER):
		lines = {row.line_no: row.intent_order for row in document.get("lines") or ()}
		for finding in _first_round(document):
			ref = finding.get("ref") or ""
			key = (finding["code"], ref, lines.get(finding.get("line_no")) or document.name)
			if key not in seen:
				seen.add(key)
				found.setdefault(key[0], {}).setdefault(document.name, []).append(ref)
	return found


def _first_round(document: Document) -> list[dict[str, Any]]:
	rounds = document.get("rounds")
	return json.loads(rounds[0].findings or "[]") if rounds else []


def returns(document: Document) -> int:
	"""How often a document came back to the salesperson."""
	return sum(1 for row in document.get("events") if row.to_status == "Returned")


def stays(document: Document) -> list[Stay]:
	"""The times a document lay with the salesperson after a return, with the time each was due."""
	steps = document.get("events")
	process = _PROCESS_NAMES[document.doctype]
	found = []
	for index, row in enumerate(steps):
		if row.to_status != "Returned":
			continue
		since = get_datetime(row.occurred_at)
		left = get_datetime(steps[index + 1].occurred_at) if index + 1 < len(steps) else None
		found.append(Stay(since, deadlines.due(process, "Returned", since), left))
	return found


def price_errors(documents: Iterable[Document]) -> Decimal:
	"""Amount of the wrong option prices of first submissions, over all vehicles.

	An option that is no longer chosen tells no price any more and is left out.
	"""
	total = Decimal(0)
	for order in documents:
		if order.doctype != INTENT_ORDER or not order.get("rounds"):
			continue
		claims = json.loads(order.rounds[0].content or "{}").get("configuration", {})
		listed = {row.vehicle_option: row.list_price for row in order.configuration}
		wrong = {f["ref"] for f in _first_round(order) if f["code"] == "PRICE_MISMATCH"}
		for option in wrong & listed.keys() & claims.keys():
			difference = Decimal(str(claims[option].get("claimed_price") or 0)) - Decimal(
				str(listed[option] or 0)
			)
			total += abs(difference) * cint(order.qty)
	return total


def settled_on(contract: Document) -> date:
	"""The day the contract became effective or was vetoed; today while neither stands in its steps."""
	days = [row.occurred_at for row in contract.get("events") if row.to_status in ("Effective", "Vetoed")]
	return getdate(days[-1]) if days else getdate(today())


def salesperson_user(documents: list[Document]) -> str | None:
	"""The user behind the contract's salesperson: the employee's user, else who wrote contract or intent order."""
	employee = frappe.db.get_value("Sales Person", documents[0].sales_person, "employee")
	user = frappe.db.get_value("Employee", employee, "user_id") if employee else None
	if user:
		return str(user)
	writers = [document.owner for document in documents]
	return next((one for one in writers if _SALESPERSON in frappe.get_roles(one)), None)


def writers(documents: Iterable[Document]) -> set[str]:
	"""Who wrote or submitted the contract or its intent orders."""
	found = set()
	for document in documents:
		found.add(document.owner)
		found |= {row.actor for row in document.get("events") if row.to_status == "Submitted"}
	return found
