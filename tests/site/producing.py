"""Production configurations on their way to the plant: steps as the sample users take them."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.document import Document
from frappe.model.workflow import apply_workflow

from order_review.constants import BLIND_TRANSLATION, PRODUCTION_CONFIGURATION, REVIEW_TASK
from order_review.services import guard, review_tasks
from order_review.services.production import configuration
from tests.site import contracting
from tests.site.reviewing import AGREED, WHO, acting

CONFIRMED: dict[str, dict[str, Any]] = {"PLAN": {"proposed_date": "2027-03-10"}}


def begun(sample: str, **values: Any) -> str:
	"""The configuration of a sample order's contract in force, with its lines filled by the rules."""
	contract = contracting.effective(sample, **values)
	name = configuration.current(contract, 1)
	assert name
	take(name, "Begin Translation", "OA")
	return name


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
		document.append("lines", {"qty": 1, "source": "manual", **values})
		document.save()


def handed_to_audit(name: str, livery: str = "Library Pattern", code: str = "OA") -> str:
	"""The translation is complete and goes to the auditor."""
	change(name, code, livery_kind=livery)
	take(name, "Submit for Audit", code)
	return name


def translate_blindly(name: str, **lines: str) -> Document:
	"""The auditor draws and hands in his own translation; tells it.

	Args:
		lines: slot → assembly that is other than the rules say.
	"""
	sheet = frappe.get_doc(BLIND_TRANSLATION, {"production_configuration": name})
	with acting("AU"):
		apply_workflow(sheet, "Draw")
		for slot, assembly in lines.items():
			sheet.append("lines", {"slot": slot, "assembly_no": assembly, "qty": 1, "source": "manual"})
		if lines:
			sheet.save()
		apply_workflow(frappe.get_doc(BLIND_TRANSLATION, sheet.name), "Hand In")
	return frappe.get_doc(BLIND_TRANSLATION, sheet.name)


def tick_all(name: str, code: str = "AU") -> None:
	"""The auditor ticks every row."""
	with acting(code):
		document = pcf(name)
		for row in document.checks:
			row.is_ticked = 1
		document.save()


def mark(name: str, option: str, fault: str, remark: str) -> None:
	"""The auditor marks the row of an option as wrong."""
	with acting("AU"):
		document = pcf(name)
		row = next(row for row in document.checks if row.vehicle_option == option)
		row.update({"fault": fault, "remark": remark, "is_ticked": 0})
		document.save()


def audited(name: str) -> str:
	"""The auditor translates blindly where it was drawn, ticks everything and passes it."""
	if pcf(name).blind_state == "Required":
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
