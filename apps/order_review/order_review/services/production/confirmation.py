"""How production management and planning confirm a production configuration (生管/计划确认)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, cstr, flt

from order_review.constants import PRODUCTION_CONFIGURATION, REVIEW_TASK, SALES_CONTRACT
from order_review.services import delivery_commitment, guard, notices, review_tasks
from order_review.services.fulfilment import dates
from order_review.services.production import configuration_steps, notes, translation
from order_review.services.reviewed import Reviewed


def routing_facts(version: Document) -> dict[str, Any]:
	"""Field → value for routing conditions."""
	contract = frappe.db.get_value(
		SALES_CONTRACT,
		version.sales_contract,
		["order_type", "deposit_pct", "payment_mode", "currency"],
		as_dict=True,
	)
	return {
		**{name: version.get(name) for name in ("model", "grade", "use", "market_department")},
		**(contract or {}),
		"qty": cint(version.qty),
		"has_special": any(not notes.is_note(row.request_no) for row in version.specials),
		"custom_livery": bool(translation.custom_livery(version)),
		"manual_lines": cint(version.manual_count),
		"version": cint(version.version),
	}


def scope_facts(version: Document) -> dict[str, Any]:
	"""Group → plain data; what is built is what production management judges."""
	lines = sorted([cstr(row.slot), cstr(row.assembly_no), flt(row.qty)] for row in version.lines)
	return {
		"vehicle": [cstr(version.get(name)) for name in ("model", "grade", "use")],
		"configuration": sorted(row.vehicle_option for row in version.options),
		"specials": [
			lines,
			sorted([row.request_no, cstr(row.contract_text), cstr(row.handling)] for row in version.specials),
		],
		"livery": [cstr(version.get(name)) for name in ("livery_status", "livery_pattern", "livery_design")],
		"qty": cint(version.qty),
		"delivery": cstr(version.delivery_date),
		"lead_time": cstr(version.configuration_hash),
	}


def joined(version: Document, result: str) -> None:
	"""Say that the departments answered; take the date planning committed to."""
	was_joined = cint(version.opinions_joined)
	day = committed_date(version)
	values: dict[str, Any] = {"opinions_joined": 1, "has_objections": _objections(version)}
	if day:
		values |= dates.week_of(day)
	guard.write(version, values, reason=_("The required opinions are all given."))
	if not was_joined:
		subject = _("{0}: the departments have answered (round {1})").format(
			version.name, version.review_round
		)
		notices.tell(version, [version.translator, version.owner_oa], subject)


def committed_date(version: Document, *, locked: bool = True) -> Any:
	"""The day the line's last lot is promised for, once Planning has said so in this round or it is agreed."""
	answered = {
		"reference_doctype": PRODUCTION_CONFIGURATION,
		"reference_name": version.name,
		"review_round": version.review_round,
		"department": "PLAN",
		"status": "Answered",
	}
	is_said = frappe.db.get_value(REVIEW_TASK, answered, "proposed_date", for_update=locked)
	contract = frappe.get_doc(SALES_CONTRACT, version.sales_contract)
	commitment = delivery_commitment.standing_for_line(contract, cint(version.line_no))
	if commitment and (is_said or commitment.status in delivery_commitment.AGREED):
		return delivery_commitment.lots(commitment)[-1].day
	return None


def reopened(version: Document) -> None:
	"""Say that opinions are asked again."""
	guard.write(version, {"opinions_joined": 0})


def overruled(version: Document) -> None:
	"""Say whether objections are left."""
	guard.write(version, {"has_objections": _objections(version)})


def _objections(version: Document) -> int:
	return int(bool(review_tasks.standing_objections(version)))


REVIEWED = Reviewed(
	doctype=PRODUCTION_CONFIGURATION,
	process="order_entry",
	collecting=configuration_steps.COLLECTING,
	facts=routing_facts,
	scope=scope_facts,
	joined=joined,
	owner_field="translator",
	held_by=("sales_contract", SALES_CONTRACT),
	reopened=reopened,
	overruled=overruled,
)
