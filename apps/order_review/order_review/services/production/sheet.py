"""The production configuration sheet (生产配置单) on the site: what is printed, and the print format's function."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import cstr, flt, get_url_to_form, getdate, now_datetime

from order_review.constants import PRODUCTION_CONFIGURATION, REVIEW_TASK
from order_review.engine import production_entry as entry
from order_review.engine.catalogue import Catalogue
from order_review.glossary import GRADES, say
from order_review.prints import render_html, render_pdf
from order_review.prints.production_sheet import production_sheet
from order_review.services import catalogue_store, delegations, diffs, print_pdf
from order_review.services.production import confirmation, notes, translation

_SIGNING = {"PRODMGT": "prodmgt", "PLAN": "planning"}
"""Department → place of its signature."""


def production_configuration_sheet(version: Document) -> str:
	"""The sheet for the print format, in the language that is printed."""
	return print_pdf.marked(html(version, "zh" if cstr(frappe.local.lang).startswith("zh") else "en"))


def pdf(version: Document, lang: str) -> bytes:
	"""The sheet as a PDF."""
	return render_pdf(html(version, lang))


def html(version: Document, lang: str) -> str:
	"""The sheet as a whole HTML page, in zh or en."""
	version.check_permission("print")
	context = production_sheet(
		content(version, lang),
		lang,
		printed=f"{frappe.utils.get_fullname()} {now_datetime():%Y-%m-%d %H:%M}",
		verify_url=get_url_to_form(PRODUCTION_CONFIGURATION, version.name),
	)
	return render_html("production_sheet.html", context, lang)


def content(version: Document, lang: str) -> dict[str, Any]:
	"""What the sheet says."""
	catalogue = catalogue_store.current()
	model = catalogue.models.get(version.model)
	plain = "supersedes status model grade qty sales_order committed_date planned_week".split()
	return {
		"id": version.name,
		"version": version.version,
		**{name: version.get(name) for name in plain},
		**_promised(version),
		"grade": _grade(version.grade, lang),
		"contract": f"{version.sales_contract} / {version.line_no}",
		"model_name": getattr(model, "name_zh" if lang == "zh" else "name_en", ""),
		"market_department": _department(version.market_department, lang),
		"delivery_date": version.delivery_date,
		"released_on": cstr(version.released_on)[:16],
		"lines": _lines(version, catalogue, lang),
		**_compared(version),
		"specials": [
			{name: row.get(name) for name in ("request_no", "name_zh", "drawing_no", "handling", "reason")}
			for row in version.specials
			if not notes.is_note(row.request_no)
		],
		"notes": [
			{name: row.get(name) for name in ("request_no", "name_zh", "contract_text", "handling", "reason")}
			for row in version.specials
			if notes.is_note(row.request_no)
		],
		"livery": {
			"status": version.livery_status,
			"reference": version.livery_pattern
			if version.livery_status == translation.LIBRARY
			else version.livery_design,
		},
		"signatures": _signatures(version),
	}


def _promised(version: Document) -> dict[str, str]:
	"""Date and week Planning gave: with its opinion, else by the commitment the line is delivered by."""
	day = version.committed_date or confirmation.committed_date(version, locked=False)
	if not day:
		return {"committed_date": "", "planned_week": ""}
	year, week, _weekday = getdate(day).isocalendar()
	return {"committed_date": cstr(day), "planned_week": cstr(version.planned_week) or f"{year}-W{week:02d}"}


def _grade(code: str | None, lang: str) -> str:
	return say(GRADES, code, lang) if code in GRADES else cstr(code)


def _lines(version: Document, catalogue: Catalogue, lang: str) -> list[dict[str, Any]]:
	names = {slot.code: slot.name_zh for slot in catalogue.slots} if lang == "zh" else {}
	fields = "slot assembly_no assembly_name shop source from_options reason change replaces".split()
	return [
		{
			**{name: row.get(name) for name in fields},
			"qty": flt(row.qty),
			"slot_name": names.get(row.slot, ""),
		}
		for row in version.lines
	]


def _compared(version: Document) -> dict[str, Any]:
	"""What differs from the version before, slot by slot, and what is no longer built in."""
	if not version.supersedes:
		return {"gone": [], "differences": []}
	previous = translation.previous_of(version)
	gone = entry.gone(translation.entry_lines(version), translation.entry_lines(previous))
	return {
		"gone": [
			{
				"slot": line.slot,
				"assembly_no": line.assembly,
				"assembly_name": line.name,
				"qty": float(line.qty),
			}
			for line in gone
		],
		"differences": diffs.between_lines(previous.lines, version.lines),
	}


def _signatures(version: Document) -> dict[str, tuple[str, str]]:
	"""Who translated, audited and confirmed, and when, as the steps and opinions say."""
	signed = {}
	for step, place in (("Auditing", "translator"), ("Department Confirmation", "auditor")):
		rows = [row for row in version.events if row.to_status == step]
		if rows and (place == "translator" or version.auditor):
			row = rows[-1]
			signed[place] = (delegations.signature(row.actor, row.on_behalf_of), cstr(row.occurred_at)[:10])
	tasks = frappe.get_all(
		REVIEW_TASK,
		{
			"reference_doctype": PRODUCTION_CONFIGURATION,
			"reference_name": version.name,
			"review_round": version.review_round or 0,
			"status": "Answered",
			"department": ["in", list(_SIGNING)],
		},
		["department", "user", "on_behalf_of", "answered_at"],
	)
	for task in tasks:
		name = delegations.signature(task.user, task.on_behalf_of)
		signed[_SIGNING[task.department]] = (name, cstr(task.answered_at)[:10])
	return signed


def _department(name: str | None, lang: str) -> str:
	found = frappe.db.get_value("Department", name, ["department_name", "department_name_en"], as_dict=True)
	if not found:
		return ""
	return (found.department_name_en if lang == "en" else None) or found.department_name
