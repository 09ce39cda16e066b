"""What waits beside the open work: questions, prices, conditions, tasks, orders that expire, delivery dates that broke.

Each pane reads what the user may read of one DocType, by Frappe's own permissions.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, cint, getdate, now_datetime, strip_html, today

from order_review.constants import INTENT_ORDER, REVIEW_CONDITION, SPECIAL_REQUEST, TECHNICAL_ISSUE
from order_review.exceptions import WorkplaceError
from order_review.services import responsible, special_options
from order_review.services.workplace.readers import is_readable
from order_review.services.workplace.row_words import user_names
from order_review.services.workplace.work import require_reader

PAGE = 100
USUAL_DAYS = 7
LONGEST_DAYS = 60

_USERS = ("raised_by", "allocated_to", "assigned_by")

Filters = list[list[Any]]


@dataclass(frozen=True)
class Pane:
	"""A list beside the open work.

	Attributes:
		fields: columns in their order; the first names the document.
		filters: what is listed, for a number of days ahead.
		order_by: the most urgent first.
		due: field whose passing makes a row late.
	"""

	doctype: str
	label: Callable[[], str]
	fields: tuple[str, ...]
	filters: Callable[[int], Filters]
	order_by: str
	due: str | None = None


PANES: Mapping[str, Pane] = {
	"issues": Pane(
		TECHNICAL_ISSUE,
		lambda: _("Open Technical Issues"),
		("name", "reference_name", "question", "family", "blocking", "raised_by", "status", "due_at"),
		lambda _days: [["status", "!=", "Closed"]],
		"due_at asc, name asc",
		"due_at",
	),
	"specials": Pane(
		SPECIAL_REQUEST,
		lambda: _("Specials Waiting for a Price"),
		("name", "option_name", "model", "qty", "intent_order", "status", "due_at"),
		lambda _days: [["status", "in", special_options.OPEN]],
		"due_at asc, name asc",
		"due_at",
	),
	"expiring": Pane(
		INTENT_ORDER,
		lambda: _("Valid Orders About to Expire"),
		("name", "customer", "model", "qty", "sales_person", "market_department", "valid_until"),
		lambda days: [["status", "=", "Valid"], ["valid_until", "<=", add_days(today(), days)]],
		"valid_until asc, name asc",
		"valid_until",
	),
	"conditions": Pane(
		REVIEW_CONDITION,
		lambda: _("Conditions Due"),
		("name", "reference_name", "condition_text", "department", "responsible", "due_before", "due_date"),
		lambda days: [["status", "=", "Open"], ["due_date", "<=", add_days(today(), days)]],
		"due_date asc, name asc",
		"due_date",
	),
	"commitments": Pane(
		"Delivery Date Commitment",
		lambda: _("Delivery Commitments Broken"),
		("name", "reference_name", "customer", "model", "qty", "wish", "committed_date", "reason"),
		lambda _days: [["status", "=", "Broken"]],
		"committed_date asc, name asc",
	),
	"tasks": Pane(
		"ToDo",
		lambda: _("Assigned Tasks"),
		("name", "reference_name", "description", "allocated_to", "assigned_by", "date"),
		lambda _days: [["is_assigned_task", "=", 1], ["status", "=", "Open"]],
		"date asc, name asc",
		"date",
	),
}


def counts(days: int = USUAL_DAYS) -> list[dict[str, Any]]:
	"""The panes the user may read, with how much is in each and how much of it is late."""
	require_reader()
	found = []
	for key, pane in PANES.items():
		if is_readable(pane.doctype):
			filters = pane.filters(_days(days))
			late = _count(pane, [*filters, [pane.due, "<", _now(pane)]]) if pane.due else 0
			found.append({"key": key, "label": pane.label(), "number": _count(pane, filters), "late": late})
	return found


def rows(key: str, days: int = USUAL_DAYS, start: int = 0) -> dict[str, Any]:
	"""Columns and a page of rows of a pane.

	Raises:
		PermissionError: the user may not read its documents.
		WorkplaceError: there is no such pane.
	"""
	require_reader()
	pane = PANES.get(key)
	if pane is None:
		frappe.throw(_("There is no list {0}.").format(key), exc=WorkplaceError)
	frappe.has_permission(pane.doctype, "read", throw=True)
	filters = pane.filters(_days(days))
	found = frappe.get_list(
		pane.doctype,
		filters=filters,
		fields=[*pane.fields, *_reference(pane)],
		order_by=pane.order_by,
		start=max(cint(start), 0),
		page_length=PAGE,
	)
	return {
		"doctype": pane.doctype,
		"columns": _columns(pane),
		"rows": _said(pane, found),
		"total": _count(pane, filters),
	}


def _columns(pane: Pane) -> list[dict[str, str]]:
	meta = frappe.get_meta(pane.doctype)
	fields = [(name, meta.get_field(name)) for name in pane.fields[1:]]
	own = [
		{"name": name, "label": _(field.label, context=pane.doctype), "type": field.fieldtype}
		for name, field in fields
	]
	return [{"name": "name", "label": _(pane.doctype), "type": "Data"}, *own]


def _reference(pane: Pane) -> tuple[str, ...]:
	more = ("responsible_user", "responsible_role") if "responsible" in pane.fields else ()
	kind = "reference_type as reference_doctype" if pane.doctype == "ToDo" else "reference_doctype"
	return (*more, kind) if "reference_name" in pane.fields else more


def _said(pane: Pane, found: list[Any]) -> list[Any]:
	"""Rows with choices in the user's language and names of users."""
	choices = [field for field in pane.fields if field in ("status", "due_before")]
	users = [field for field in pane.fields if field in _USERS]
	people = user_names({row.get(field) for row in found for field in users} - {None})
	now = _now(pane)
	for row in found:
		row.is_late = bool(pane.due and row.get(pane.due) and str(row[pane.due]) < str(now))
		row.update({field: _(row[field], context=pane.doctype) for field in choices if row[field]})
		row.update({field: people.get(row[field], row[field]) for field in users})
		if row.get("responsible"):
			row.responsible = responsible.name_of(row)
		if row.get("description"):
			row.description = html.unescape(strip_html(row.description))
	return found


def _now(pane: Pane) -> Any:
	return getdate(today()) if pane.due in ("valid_until", "due_date", "date") else now_datetime()


def _count(pane: Pane, filters: Filters) -> int:
	found = frappe.get_list(pane.doctype, filters=filters, fields=["count(*) as number"])
	return cint(found[0].number) if found else 0


def _days(days: int) -> int:
	return min(max(cint(days), 0), LONGEST_DAYS)
