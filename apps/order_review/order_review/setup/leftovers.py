"""What Frappe leaves behind when an app goes: counters, single values, logs of patches and jobs."""

from __future__ import annotations

import re
from collections.abc import Iterator

import frappe

from order_review.constants import MODULES

_PARTS = {"YYYY": r"\d{4}", "YY": r"\d{2}", "MM": r"\d{2}", "DD": r"\d{2}"}


def remove_leftovers() -> None:
	"""Delete them; called before the app's DocTypes go."""
	remove_series()
	for name in frappe.get_all("DocType", filters={"module": ["in", MODULES], "issingle": 1}, pluck="name"):
		frappe.db.delete("Singles", {"doctype": name})
	frappe.db.delete("Patch Log", {"patch": ["like", "order_review.%"]})
	frappe.db.delete("Scheduled Job Type", {"method": ["like", "order_review.%"]})
	remove_orphaned_workflow_roles()


def remove_series(unused_only: bool = False) -> None:
	"""Delete the counters of the app's naming series, or only those that stand at 0."""
	patterns = [re.compile(pattern) for pattern in _series_patterns()]
	for name, current in frappe.db.sql("select name, current from tabSeries"):
		if any(pattern.fullmatch(name) for pattern in patterns) and not (unused_only and current):
			frappe.db.delete("Series", {"name": name})


def remove_orphaned_workflow_roles() -> None:
	"""Delete role rows of workflow actions that are gone; Frappe deletes the actions without their rows."""
	action, row = frappe.qb.DocType("Workflow Action"), frappe.qb.DocType("Workflow Action Permitted Role")
	alive = frappe.qb.from_(action).select(action.name)
	frappe.qb.from_(row).delete().where(row.parent.notin(alive)).run()


def _series_patterns() -> Iterator[str]:
	"""A pattern for each counter name that the app's DocTypes can make."""
	for name in frappe.get_all("DocType", filters={"module": ["in", MODULES], "istable": 0}, pluck="name"):
		meta = frappe.get_meta(name)
		field = meta.get_field("naming_series")
		options = (field.options or "").split("\n") if field else [meta.autoname or ""]
		for series in options:
			if ".#" in series:
				parts = series.split(".#")[0].split(".")
				yield "".join(_PARTS.get(part) or re.escape(part) for part in parts)
