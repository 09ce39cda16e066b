"""Blind re-check (盲复核): of a sample chosen by risk the auditor makes a translation without seeing the first one."""

from __future__ import annotations

import json
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, cstr, flt

from order_review.constants import (
	BLIND_TRANSLATION,
	PRODUCTION_CONFIGURATION,
	REVIEW_SETTINGS,
	SALES_CONTRACT,
)
from order_review.engine import recheck
from order_review.exceptions import ProductionStepError
from order_review.services import guard, notices
from order_review.services.contracts.lines import line as line_of
from order_review.services.production import translation

REQUIRED, HANDED_IN = "Required", "Handed In"
_AUDITOR = "Configuration Auditor"

# --- drawing a configuration --------------------------------------------------------------------------------


def decide(document: Document) -> None:
	"""Say on a configuration that goes to audit whether and why it is drawn; once per version."""
	if document.blind_state == HANDED_IN:
		return
	found = recheck.reasons(_risk(document), _sampling())
	document.blind_state = REQUIRED if found else None
	document.blind_reasons = ", ".join(found)


def _risk(document: Document) -> recheck.Risk:
	contract = frappe.get_doc(SALES_CONTRACT, document.sales_contract)
	row = line_of(contract, document.line_no)
	value = Decimal(str(flt(row.unit_price) * cint(row.qty) * (flt(contract.fx_rate) or 1)))
	released = {"model": document.model, "status": ["in", ["Released", "Superseded"]]}
	before = frappe.get_all(PRODUCTION_CONFIGURATION, released, pluck="name")
	built = set(
		frappe.get_all(
			"Production Configuration Option",
			{"parent": ["in", before or [""]], "parenttype": PRODUCTION_CONFIGURATION},
			pluck="vehicle_option",
		)
	)
	new = {option.vehicle_option for option in document.options} - built
	return recheck.Risk(len(document.specials), cint(document.manual_count), sorted(new), not before, value)


def _sampling() -> recheck.Sampling:
	settings = frappe.get_cached_doc(REVIEW_SETTINGS)
	return recheck.Sampling(
		bool(cint(settings.blind_special)),
		bool(cint(settings.blind_new_option)),
		bool(cint(settings.blind_first_of_model)),
		Decimal(str(flt(settings.blind_value_from))),
	)


def open_for(document: Document) -> None:
	"""Lay the configuration out for a blind translation, where one is asked for and none is under way."""
	if document.blind_state != REQUIRED or document.blind_translation:
		return
	sheet = frappe.new_doc(BLIND_TRANSLATION)
	sheet.update(
		{
			"title": document.title,
			"production_configuration": document.name,
			**{
				name: document.get(name)
				for name in ("sales_contract", "line_no", "model", "market_department")
			},
			"drawn_because": document.blind_reasons,
			"options": [
				{
					name: row.get(name)
					for name in ("family", "vehicle_option", "name_zh", "name_en", "is_standard", "remark")
				}
				for row in document.options
			],
			"specials_text": "\n".join(
				" · ".join(filter(None, (row.request_no, row.name_zh, row.drawing_no)))
				for row in document.specials
			),
		}
	)
	guard.insert(sheet)
	guard.write(document, {"blind_translation": sheet.name})
	subject = _("{0}: drawn for a blind re-check ({1})").format(sheet.name, sheet.title)
	notices.tell(sheet, notices.users_with(_AUDITOR), subject)


def cancel(document: Document) -> None:
	"""Nobody needs the blind translation of a configuration that is withdrawn."""
	sheet = _sheet(document)
	if sheet and sheet.status in ("Open", "Drawn"):
		guard.write(sheet, {"status": "Cancelled"}, reason=_("The configuration is withdrawn."))


def _sheet(document: Document) -> Document | None:
	name = document.blind_translation
	return frappe.get_doc(BLIND_TRANSLATION, name, for_update=True) if name else None


# --- translating blindly ------------------------------------------------------------------------------------


def drawn(sheet: Document) -> None:
	"""Who draws it translates it: from what the rules say, as the first translator began."""
	sheet.auditor = frappe.session.user
	first = frappe.get_doc(PRODUCTION_CONFIGURATION, sheet.production_configuration)
	ruled = translation.production(first)
	sheet.set(
		"lines",
		[
			{
				"slot": line.slot,
				"assembly_no": line.assembly.assembly,
				"assembly_name": line.assembly.name_zh,
				"qty": line.assembly.qty,
				"source": translation.RULE,
			}
			for line in ruled.lines
		],
	)


def given_back(sheet: Document) -> None:
	"""Somebody else draws it."""
	sheet.auditor = None
	sheet.set("lines", [])


def check_lines(sheet: Document) -> None:
	"""Only the auditor who drew it writes in it, and each line can be read.

	Raises:
		ProductionStepError.
	"""
	if sheet.status == "Drawn" and not guard.is_system_save(sheet):
		_check_own(sheet)
	slots = {row.slot for row in sheet.lines if row.source == translation.MANUAL}
	known = {slot.code for slot in translation.catalogue_store.current().slots} | {translation.SPECIAL_SLOT}
	for row in sheet.lines:
		if row.slot not in known or flt(row.qty) <= 0 or not cstr(row.assembly_no).strip():
			_refuse(_("Row {0}: a line needs a known slot, an assembly and a quantity.").format(row.idx))
	sheet.set(
		"lines", [row for row in sheet.lines if row.source == translation.MANUAL or row.slot not in slots]
	)
	for place, row in enumerate(sheet.lines, 1):
		row.idx = place


def check_handed_in(sheet: Document) -> None:
	"""The auditor who drew it hands it in."""
	_check_own(sheet)
	if not sheet.lines:
		_refuse(_("There is no line in it."))


def _check_own(sheet: Document) -> None:
	stored = sheet.get_doc_before_save()
	auditor = stored.auditor if stored and stored.status == "Drawn" else sheet.auditor
	if auditor not in guard.people():
		_refuse(_("{0} was drawn by {1}; nobody else writes in it.").format(sheet.name, auditor))


def after_step(sheet: Document) -> None:
	"""A translation that is handed in is compared with the first one."""
	if sheet.status == "Handed In":
		_compare(sheet)


def _compare(sheet: Document) -> None:
	document = frappe.get_doc(PRODUCTION_CONFIGURATION, sheet.production_configuration, for_update=True)
	first, second = translation.engine_lines(document.lines), translation.engine_lines(sheet.lines)
	agree = recheck.score(first, second)
	found = json.dumps([asdict(one) for one in recheck.differences(first, second)], ensure_ascii=False)
	guard.write(sheet, {"score": agree, "differences": found})
	guard.write(document, {"blind_state": HANDED_IN, "blind_score": agree, "blind_differences": found})
	subject = _("{0}: the blind translation agrees in {1} % of the slots").format(document.name, f"{agree:g}")
	notices.tell(document, [document.translator, *notices.users_with("Order Supervisor")], subject)


def differences(document: Document) -> list[dict[str, Any]]:
	"""Slots the two translations filled differently."""
	return json.loads(document.blind_differences or "[]")


PROCESS = guard.Process(
	first="Open",
	writable={"Drawn": {_AUDITOR: frozenset({"lines"})}},
	computed=frozenset(
		"title production_configuration sales_contract line_no auditor model drawn_because score market_department options "
		"specials_text differences".split()
	),
	requirements={"Handed In": check_handed_in},
	entering={"Drawn": drawn, "Open": given_back},
	backwards=frozenset({("Drawn", "Open")}),
	system_moves=frozenset({("Open", "Cancelled"), ("Drawn", "Cancelled")}),
)


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Blind Re-check"), exc=ProductionStepError)
