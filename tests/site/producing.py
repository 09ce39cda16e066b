"""Production configurations on their way to the plant: steps as the sample users take them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.model.workflow import apply_workflow

from order_review.constants import BLIND_TRANSLATION, PRODUCTION_CONFIGURATION, REVIEW_TASK, SALES_CONTRACT
from order_review.demo.people import address
from order_review.services import guard, review_tasks
from order_review.services.production import audit, blind_check, configuration, translation
from tests.site import fulfilling
from tests.site.reviewing import AGREED, WHO, acting
from tests.site.samples import order_of

CONFIRMED: dict[str, dict[str, Any]] = {
	"PLAN": {"proposed_date": max("2027-03-10", str(date.today() + timedelta(days=30)))}
}


NEEDED = {"naming_series": "SC-.YYYY.-.#####", "print_language": "zh", "deposit_kind": "Earnest Money"}
"""Fields of a contract nothing is saved without."""


def begun(sample: str, code: str = "OA", **values: Any) -> str:
	"""The configuration of a sample order's contract in force, with its lines filled by the rules.

	Args:
		values: fields of the contract.
	"""
	name = configuration.create(in_force(sample, **values), 1)
	take(name, "Begin Translation", code)
	return name


def begun_line(contract: str, line_no: int, code: str = "OA") -> str:
	"""The configuration of a line of a contract in force, with its lines filled by the rules."""
	name = configuration.create(contract, line_no)
	take(name, "Begin Translation", code)
	return name


def second_line(contract: str) -> int:
	"""Put a second line into a contract in force, like its first one; tells its number."""
	document = frappe.get_doc(SALES_CONTRACT, contract)
	for table in ("lines", "options", "specials"):
		for row in list(document.get(table)):
			like = frappe.copy_doc(row)
			_add(
				document,
				table,
				{**like.as_dict(no_nulls=True), "line_no": 2, "production_configuration": None},
			)
	frappe.clear_document_cache(SALES_CONTRACT, contract)
	return 2


def in_force(sample: str, **values: Any) -> str:
	"""A contract in force like a sample order, stored as it is, and what its release needs."""
	fulfilling.settings(create_missing_items=1)
	contract = fulfilling.contract(f"SC-{sample}", sample, **{**NEEDED, "owner_oa": address("OA"), **values})
	order = order_of(sample)
	line = contract.lines[0]
	for row in order.configuration:
		kept = {
			name: row.get(name) for name in ("family", "vehicle_option", "is_standard", "name_zh", "name_en")
		}
		_add(contract, "options", kept)
	for row in order.specials:
		kept = {name: row.get(name) for name in ("request_no", "name_zh", "is_priced", "unit_price")}
		_add(contract, "specials", kept)
	line.db_set({"grade": order.grade, "use": order.use}, update_modified=False)
	return str(contract.name)


def _add(contract: Document, table: str, values: dict[str, Any]) -> None:
	row = contract.append(table, {"line_no": 1, **values})
	row.update({"parent": contract.name, "docstatus": 1})
	row.set_new_name()
	row.db_insert()


def pcf(name: str) -> Document:
	"""The configuration as it is stored."""
	return frappe.get_doc(PRODUCTION_CONFIGURATION, name)


def take(name: str, action: str, code: str, reason: str = "") -> str:
	"""Take an action as a role; tells the status afterwards."""
	with acting(code), guard.because(reason):
		apply_workflow(pcf(name), action)
	return str(frappe.db.get_value(PRODUCTION_CONFIGURATION, name, "status"))


def change(name: str, code: str = "OA", **values: Any) -> None:
	"""Save changed fields as a role."""
	with acting(code):
		document = pcf(name)
		document.update(values)
		document.save()


def add_line(name: str, code: str = "OA", **values: Any) -> None:
	"""Put a line in by hand."""
	with acting(code):
		document = pcf(name)
		document.append("lines", {"assembly_name": "总成", "qty": 1, "shop": "chassis", **values})
		document.save()


def handed_to_audit(name: str, code: str = "OA") -> str:
	"""The translation is complete and goes to the auditor."""
	change(name, code, livery_status="Library Pattern", livery_pattern="P-118")
	take(name, "Submit for Audit", code)
	return name


def not_drawn(name: str) -> str:
	"""As if the configuration had not been drawn for a blind re-check."""
	frappe.db.set_value(PRODUCTION_CONFIGURATION, name, {"blind_state": None})
	return name


def sheet_of(name: str) -> Document:
	"""The open blind translation of a configuration."""
	return frappe.get_doc(BLIND_TRANSLATION, {"production_configuration": name, "status": "Open"})


def by_the_rules(name: str) -> dict[str, list[tuple[str, float]]]:
	"""Slot → what the rules build in."""
	filled: dict[str, list[tuple[str, float]]] = {}
	for line in translation.translated(pcf(name)).production.lines:
		filled.setdefault(line.slot, []).append((line.assembly.assembly, float(line.assembly.qty)))
	return filled


def translate_blindly(name: str, code: str = "AU", **lines: str) -> Document:
	"""The auditor fills his own translation in and hands it in; tells it.

	Args:
		lines: slot → assembly that is other than the rules say.
	"""
	sheet, ruled = sheet_of(name), by_the_rules(name)
	slots = {row.slot: row.slot_name for row in sheet.lines}
	with acting(code):
		sheet.set("lines", [])
		for slot in slots:
			built = [(lines[slot], 1.0)] if slot in lines else ruled.get(slot) or [("", 1.0)]
			for number, qty in built:
				sheet.append("lines", {"slot": slot, "assembly_no": number, "qty": qty})
		sheet.save()
		blind_check.hand_in(sheet.name)
	return frappe.get_doc(BLIND_TRANSLATION, sheet.name)


def tick_all(name: str, code: str = "AU") -> None:
	"""The auditor ticks every row."""
	with acting(code):
		audit.tick(name, [row.row_key for row in pcf(name).checks], True)


def mark(name: str, option: str, remark: str) -> None:
	"""The auditor says what is wrong with the row of an option."""
	with acting("AU"):
		audit.remark(name, f"option:{option}", remark)


def audited(name: str) -> str:
	"""The auditor translates blindly where it was drawn, ticks everything and passes it."""
	if pcf(name).blind_state == "Drawn":
		translate_blindly(name)
	tick_all(name)
	take(name, "Pass Audit", "AU")
	return name


def confirm(name: str, department: str, opinion: str = "Agree", **values: Any) -> None:
	"""A department answers."""
	task = frappe.get_all(
		REVIEW_TASK,
		{"reference_name": name, "department": department, "status": "Open"},
		pluck="name",
	)[0]
	with acting(WHO[department]):
		given = {**AGREED.get(department, {}), **CONFIRMED.get(department, {}), "opinion": opinion, **values}
		review_tasks.answer(task, given)


def confirmed(name: str) -> str:
	"""Production Management and Planning agree."""
	for department in ("PRODMGT", "PLAN"):
		confirm(name, department)
	return name


def released(sample: str, **values: Any) -> str:
	"""A configuration of a sample order that is released."""
	name = confirmed(audited(handed_to_audit(begun(sample, **values))))
	with acting("OA"):
		configuration.release(name)
	return name
