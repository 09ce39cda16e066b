"""Company, departments, holidays and catalogue of the demo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import frappe
from frappe import _

from order_review.adapters.catalogue_documents import to_documents
from order_review.constants import CATALOGUE_SETTINGS, INTENT_ORDER, REVIEW_SETTINGS
from order_review.engine.catalogue import PARTS
from order_review.exceptions import DemoDataError
from order_review.services import catalogue_store, catalogue_transfer, working_calendar
from order_review.setup.process_settings import process

from . import ledger

DATA = Path(__file__).parent / "data"
COMPANY = "星桥客车"
HOLIDAYS = DATA / "holidays_2026.json"


def company() -> str:
	"""The company the demo works for: the site's own where it has one."""
	return (
		frappe.db.get_single_value("Global Defaults", "default_company")
		or frappe.db.get_value("Company", {}, "name")
		or COMPANY
	)


def create_company() -> None:
	"""A company, on a site that has none."""
	if not frappe.db.exists("Company", company()):
		ledger.make("Company", {"company_name": COMPANY}, abbr="XQ", default_currency="CNY", country="China")


def department(code: str) -> str | None:
	"""Name of the department with this code."""
	return frappe.db.get_value("Department", {"department_code": code, "company": company()}, "name")


def create_departments() -> None:
	"""The departments of the process: functional ones and markets."""
	for entry in process()["departments"]:
		ledger.make(
			"Department",
			{"department_code": entry["code"], "company": company()},
			department_name=entry["name_zh"],
			department_name_en=entry["name_en"],
			is_market_department=int(bool(entry.get("market"))),
		)


def create_holiday_list() -> None:
	"""The official calendar of the year, days worked instead included, so that clocks count working hours."""
	name = process()["working_time"]["holiday_list"]
	if frappe.db.get_single_value(REVIEW_SETTINGS, "holiday_list") or frappe.db.exists("Holiday List", name):
		return
	working_calendar.take_in(HOLIDAYS.read_bytes(), HOLIDAYS.name)
	ledger.note("Holiday List", name)


def import_catalogue() -> None:
	"""The sample catalogue, on a site without one."""
	if catalogue_store.is_empty():
		result = catalogue_transfer.import_folder(DATA)
		ledger.note("Catalogue", result.hash)


def remove_catalogue() -> None:
	"""Take the catalogue off the site, unless orders that are not demo data use it.

	Raises:
		DemoDataError: some do.
	"""
	left = frappe.db.get_value(INTENT_ORDER, {}, "name")
	if left:
		frappe.throw(
			_(
				"Intent order {0} is not demo data and uses the sample catalogue. Delete it first, or keep the demo data."
			).format(left),
			title=_("Demo Data Not Cleared"),
			exc=DemoDataError,
		)
	nothing: dict[str, Any] = {part: {} for part in PARTS}
	nothing["models"] = {"models": []}
	catalogue_transfer.replace_all(to_documents(nothing))


def restore() -> None:
	"""Empty what the demo filled in settings."""
	if catalogue_store.is_empty():
		frappe.db.delete("Singles", {"doctype": CATALOGUE_SETTINGS})
		frappe.clear_document_cache(CATALOGUE_SETTINGS, CATALOGUE_SETTINGS)
	frappe.db.delete("Series", {"name": ["like", "HR-EMP-%"], "current": 0})
	name = frappe.db.get_single_value(REVIEW_SETTINGS, "holiday_list")
	if name and not frappe.db.exists("Holiday List", name):
		frappe.db.set_single_value(REVIEW_SETTINGS, "holiday_list", None)
		frappe.db.delete("Extra Working Day", {"parent": REVIEW_SETTINGS, "from_calendar": 1})
