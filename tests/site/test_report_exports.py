"""Every report is exported as it stands on the screen: same rows, same words, same secrets."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import frappe
import openpyxl
import pytest
from frappe.desk import query_report

from order_review.demo.people import address
from tests.site.reviewing import acting

REPORTS = {
	"Contract Quality Scores": "MG",
	"Contract Quality Defects": "MG",
	"Contract Quality Appeals": "MG",
	"Work Quality": "OS",
	"Authority Log": "FR",
	"Policies in Force": "SP",
	"Price Book Coverage": "MP",
	"Price Check": "FR",
	"Price History": "SP",
	"Special Option Costs": "VP",
	"Review Time Split": "OA",
	"Stock Order Age": "PL",
	"Training Completion": "OS",
	"Blind Re-check Hit Rate": "AU",
	"Fulfilment Board": "SP",
	"Trace Matrix": "TR",
}
"""Report → somebody it is for."""

FILTERS: dict[str, dict[str, Any]] = {
	"Price History": {"model": "XQK6128H"},
	"Policies in Force": {"on": "2026-11-30"},
}


def exported(report: str, kind: str, lang: str, **filters: Any) -> list[list[Any]]:
	"""The rows of the file the Desk's Export gives."""
	frappe.local.lang = lang
	frappe.local.response = frappe._dict()
	frappe.local.form_dict = frappe._dict(
		report_name=report,
		file_format_type=kind,
		filters=json.dumps({**FILTERS.get(report, {}), **filters}),
		visible_idx="[]",
	)
	query_report.export_query()
	content = frappe.local.response.filecontent
	if kind == "CSV":
		return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
	sheet = openpyxl.load_workbook(io.BytesIO(content)).active
	return [list(row) for row in sheet.iter_rows(values_only=True)]


def shown(report: str, lang: str, **filters: Any) -> dict[str, Any]:
	frappe.local.lang = lang
	return query_report.run(report, filters={**FILTERS.get(report, {}), **filters}, are_default_filters=False)


@pytest.fixture
def trace(demo_site: str) -> dict[str, Any]:
	return {"production_configuration": frappe.db.get_value("Production Configuration", {})}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("report", REPORTS)
def test_a_report_is_exported_by_those_it_is_for_with_the_rows_of_the_screen(
	demo_site: str, trace: dict[str, Any], report: str, lang: str
) -> None:
	filters = trace if report == "Trace Matrix" else {}
	with acting(REPORTS[report]):
		screen = shown(report, lang, **filters)
		assert frappe.has_permission(frappe.db.get_value("Report", report, "ref_doctype"), "export")
		for kind in ("CSV", "Excel"):
			head, *rows = exported(report, kind, lang, **filters)
			assert head == [column["label"] for column in screen["columns"]]
			assert len(rows) == len(screen["result"])


@pytest.mark.parametrize(
	("report", "word"),
	[("Price Check", "草稿"), ("Price History", "启用"), ("Review Time Split", "已转合同")],
)
def test_the_file_says_states_in_the_users_words(demo_site: str, report: str, word: str) -> None:
	with acting(REPORTS[report]):
		cells = {str(cell) for row in exported(report, "CSV", "zh")[1:] for cell in row}
	assert word in cells
	assert not cells & {"Draft", "Active", "active", "Converted"}


def test_who_may_not_know_costs_exports_none(demo_site: str) -> None:
	with acting("OA"):
		head = exported("Price Check", "CSV", "en")[0]
	assert "Review Price (R)" in head
	assert not {"Cost", "Margin"} & set(head)
	with acting("OA"), pytest.raises(frappe.PermissionError):
		exported("Special Option Costs", "CSV", "en")


def test_somebody_a_report_is_not_for_exports_nothing(demo_site: str) -> None:
	with acting("QA"), pytest.raises(frappe.PermissionError):
		exported("Price Check", "CSV", "en")


def test_a_manager_exports_his_own_department(demo_site: str) -> None:
	everybody = frappe.get_all("Intent Order", {"review_round": [">", 0]}, pluck="name")
	north = frappe.db.get_value("Department", {"department_code": "MARKET-N"})
	frappe.db.set_value("Intent Order", everybody[0], "market_department", north)
	with acting("MM"):
		own = [row[0] for row in exported("Review Time Split", "CSV", "en")[1:]]
	assert own
	assert everybody[0] not in own


def test_the_sample_user_has_the_export_in_the_desks_menu(demo_site: str) -> None:
	from frappe.utils.user import UserPermissions

	assert "Price Book" in UserPermissions(address("SP")).load_user().can_export
