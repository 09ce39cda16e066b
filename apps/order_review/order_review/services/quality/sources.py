"""What an assessment is drawn from: first submissions, returns, and whose contract it is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import cint, get_datetime, getdate, today

from order_review.constants import INTENT_ORDER, ROLES, SALES_CONTRACT
from order_review.engine.quality import Stay
from order_review.services import deadlines
from order_review.services.contracts.lines import salesperson_of

_PROCESS_NAMES = {INTENT_ORDER: "intent", SALES_CONTRACT: "contract"}
_SALESPERSON = ROLES["SP"][0]


@dataclass(frozen=True)
class Part:
	"""A document a salesperson answers for in a contract, or the part of it that is his.

	Attributes:
		lines: numbers of his lines of a contract; 0 where he answers for its head as well.
		vehicles: how many vehicles of an intent order the contract takes.
	"""

	document: Document
	lines: frozenset[int] = frozenset({0})
	vehicles: int = 0

	@property
	def is_whole(self) -> bool:
		"""Whether he answers for what concerns the document as a whole."""
		return 0 in self.lines

	@property
	def share(self) -> Decimal:
		"""Which part of the document's vehicles the contract takes; another contract answers for the rest."""
		ordered = cint(self.document.get("qty")) if self.document.doctype == INTENT_ORDER else 0
		return min(Decimal(1), Decimal(self.vehicles) / ordered) if ordered and self.vehicles else Decimal(1)

	@property
	def returns(self) -> int:
		"""How often it came back to him."""
		return returns(self.document) if self.is_whole else 0

	@property
	def stays(self) -> list[Stay]:
		"""The times it lay with him after a return."""
		return stays(self.document) if self.is_whole else []


def people_of(contract: Document) -> list[str | None]:
	"""Salespeople of a contract's lines: first whose contract it is."""
	return list(
		dict.fromkeys([contract.sales_person, *(salesperson_of(contract, row) for row in contract.lines)])
	)


def parts_of(contract: Document, person: str | None) -> list[Part]:
	"""What a salesperson answers for: his lines, the intent orders they come from, and his contract's head."""
	own = [row for row in contract.lines if salesperson_of(contract, row) == person]
	numbers = {cint(row.line_no) for row in own} | ({0} if person == contract.sales_person else set())
	vehicles: Counter[str] = Counter()
	for row in own:
		if row.intent_order:
			vehicles[row.intent_order] += cint(row.qty)
	return [
		Part(contract, frozenset(numbers)),
		*(Part(frappe.get_doc(INTENT_ORDER, name), vehicles=qty) for name, qty in vehicles.items()),
	]


def documents_of(contract: Document) -> list[Document]:
	"""The contract and the intent orders its lines come from."""
	names = dict.fromkeys(row.intent_order for row in contract.lines if row.intent_order)
	return [contract, *(frappe.get_doc(INTENT_ORDER, name) for name in names)]


def first_findings(parts: Iterable[Part]) -> dict[str, dict[str, list[str]]]:
	"""Finding code → document → what the finding of its first submission is about.

	What an intent order was found to have is not counted again when its contract still has it. Only what everyone
	may see of the findings; those that tell of a floor price are kept elsewhere.
	"""
	found: dict[str, dict[str, list[str]]] = {}
	seen: set[tuple[str, str, str]] = set()
	for part in sorted(parts, key=lambda one: one.document.doctype != INTENT_ORDER):
		document = part.document
		lines = {row.line_no: row.intent_order for row in document.get("lines") or ()}
		for finding in _first_round(document):
			if document.doctype == SALES_CONTRACT and cint(finding.get("line_no")) not in part.lines:
				continue
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


def price_errors(parts: Iterable[Part]) -> Decimal:
	"""Amount of the wrong option prices of first submissions, over the vehicles the contract takes.

	An option that is no longer chosen tells no price any more and is left out.
	"""
	total = Decimal(0)
	for part in parts:
		order = part.document
		if order.doctype != INTENT_ORDER or not order.get("rounds"):
			continue
		claims = json.loads(order.rounds[0].content or "{}").get("configuration", {})
		listed = {row.vehicle_option: row.list_price for row in order.configuration}
		wrong = {f["ref"] for f in _first_round(order) if f["code"] == "PRICE_MISMATCH"}
		for option in wrong & listed.keys() & claims.keys():
			difference = Decimal(str(claims[option].get("claimed_price") or 0)) - Decimal(
				str(listed[option] or 0)
			)
			total += abs(difference) * (part.vehicles or cint(order.qty))
	return total


def settled_on(contract: Document) -> date:
	"""The day the contract became effective or was vetoed; today while neither stands in its steps."""
	days = [row.occurred_at for row in contract.get("events") if row.to_status in ("Effective", "Vetoed")]
	return getdate(days[-1]) if days else getdate(today())


def salesperson_user(person: str | None, parts: list[Part]) -> str | None:
	"""The user behind a salesperson: the employee's user, else who wrote his contract or intent orders."""
	employee = frappe.db.get_value("Sales Person", person, "employee")
	user = frappe.db.get_value("Employee", employee, "user_id") if employee else None
	if user:
		return str(user)
	writers = [part.document.owner for part in sorted(parts, key=lambda one: not one.is_whole)]
	return next((one for one in writers if _SALESPERSON in frappe.get_roles(one)), None)


def writers(documents: Iterable[Document]) -> set[str]:
	"""Who wrote or submitted the contract or its intent orders."""
	found = set()
	for document in documents:
		found.add(document.owner)
		found |= {row.actor for row in document.get("events") if row.to_status == "Submitted"}
	return found
