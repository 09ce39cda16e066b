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
	"""Delete the counters of the app's naming series, or only those that no document is left of."""
	patterns = [(doctype, re.compile(pattern)) for doctype, pattern in _series_patterns()]
	others = [re.compile(pattern) for pattern in _patterns_of_others()]
	for (series,) in frappe.db.sql("select name from tabSeries"):
		if any(pattern.fullmatch(series) for pattern in others):
			continue
		doctypes = [doctype for doctype, pattern in patterns if pattern.fullmatch(series)]
		used = unused_only and any(
			frappe.db.exists(doctype, {"name": ["like", f"{series}%"]}) for doctype in doctypes
		)
		if doctypes and not used:
			frappe.db.delete("Series", {"name": series})


def remove_orphaned_workflow_roles() -> None:
	"""Delete role rows of workflow actions that are gone; Frappe deletes the actions without their rows."""
	action, row = frappe.qb.DocType("Workflow Action"), frappe.qb.DocType("Workflow Action Permitted Role")
	alive = frappe.qb.from_(action).select(action.name)
	frappe.qb.from_(row).delete().where(row.parent.notin(alive)).run()


def _series_patterns() -> Iterator[tuple[str, str]]:
	"""DocType and a pattern for each counter name it can make."""
	for name in frappe.get_all("DocType", filters={"module": ["in", MODULES], "istable": 0}, pluck="name"):
		meta = frappe.get_meta(name)
		field = meta.get_field("naming_series")
		options = (field.options or "").split("\n") if field else [meta.autoname or ""]
		for series in options:
			if ".#" in series:
				yield name, _pattern(series)


def _patterns_of_others() -> Iterator[str]:
	"""A pattern for each counter of the host's own documents, which may count with the same beginning as ours."""
	ours = frappe.get_all("DocType", filters={"module": ["in", MODULES]}, pluck="name")
	fields = frappe.get_all(
		"DocField", {"fieldname": "naming_series", "parent": ["not in", ours]}, pluck="options"
	)
	setters = frappe.get_all(
		"Property Setter",
		{"field_name": "naming_series", "property": "options", "doc_type": ["not in", ours]},
		pluck="value",
	)
	names = frappe.get_all(
		"DocType", {"name": ["not in", ours], "autoname": ["like", "%.#%"]}, pluck="autoname"
	)
	for series in "\n".join(filter(None, (*fields, *setters, *names))).split("\n"):
		if series.strip():
			yield _pattern(series.strip())


def _pattern(series: str) -> str:
	parts = series.split(".#")[0].rstrip(".").split(".")
	return "".join(_PARTS.get(part) or re.escape(part) for part in parts)
