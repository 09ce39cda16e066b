"""Order Review Settings: the process parameters of ``process.yaml`` as the first values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import frappe

from order_review.adapters.catalogue_folder import load_yaml
from order_review.constants import REVIEW_SETTINGS

PROCESS_FILE = Path(__file__).parent.parent / "demo" / "data" / "process.yaml"

_COLUMNS = {
	"opinion_routing": (
		"opinion_routing",
		{"process": "process_name", "dept": "department", "when": "condition"},
	),
	"weekly_capacity": ("weekly_capacity", {}),
	"escalation": ("escalation", {"to": "recipient"}),
	"freeze_points": ("freeze_points", {}),
	"change_fees": ("change_fees", {"class": "change_class"}),
	"cancellation": ("cancellation_stages", {}),
	"defects": ("defects", {"group": "defect_group", "auto": "finding_code"}),
	"quality_grades": ("quality_grades", {"min": "min_score"}),
	"change_points": ("work_quality_types", {}),
}
"""Key in the file → table, and the columns that have another name."""


def process() -> dict[str, Any]:
	"""The process parameters as the file states them."""
	return dict(load_yaml(PROCESS_FILE))


def seed_process_settings() -> None:
	"""Fill the settings from the file, unless somebody filled them already."""
	settings = frappe.get_single(REVIEW_SETTINGS)
	if settings.opinion_routing:
		return
	settings.update(process_values(process()))
	if not frappe.db.exists("Holiday List", settings.holiday_list):
		settings.holiday_list = None
	settings.flags.ignore_mandatory = True
	settings.save(ignore_permissions=True)


def process_values(parameters: Mapping[str, Any]) -> dict[str, Any]:
	"""The values of Order Review Settings for the parameters."""
	time, deposit = parameters["working_time"], parameters["deposit"]
	values: dict[str, Any] = {
		"working_days": ", ".join(time["days"]),
		"working_spans": [{"from_time": span["from"], "to_time": span["to"]} for span in time["spans"]],
		"holiday_list": time["holiday_list"],
		**{
			f"deposit_{key}": deposit[key]
			for key in ("kind_zh", "legal_cap_pct", "forfeits_when", "doubled_when", "other_kind_zh")
		},
		"stage_deadlines": [
			{"process_name": name, "stage": stage, "hours": hours}
			for name, stages in parameters["stage_sla_hours"].items()
			for stage, hours in stages.items()
		],
		"dispute_categories": [{"name_zh": name} for name in parameters["dispute_categories"]],
	}
	for key, (table, columns) in _COLUMNS.items():
		values[table] = list(_rows(parameters[key], columns))
	for fee in values["change_fees"]:
		fee["is_refused"] = int(fee["fee_per_vehicle"] is None)
	return values


def _rows(records: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> Iterable[dict[str, Any]]:
	for record in records:
		yield {columns.get(key, key): value for key, value in record.items()}
