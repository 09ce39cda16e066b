"""What a department judges, on one sheet: its part of the document, findings, special options, what others said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, cstr, now_datetime

from order_review import glossary
from order_review.constants import INTENT_ORDER, REVIEW_CONDITION, REVIEW_TASK, SALES_CONTRACT
from order_review.engine.opinions import SCOPES
from order_review.glossary import say
from order_review.prints import diff_view
from order_review.services import clocks, diffs, opinion_routing, responsible, review_tasks, technical_issues
from order_review.services.contracts import review
from order_review.services.order_panel import panel_of
from order_review.services.workplace.readers import is_readable

_FIELDS: Mapping[str, tuple[str, ...]] = {
	"vehicle": ("model", "grade", "use", "dest_emission_stage"),
	"qty": ("qty", "total_qty"),
	"delivery": ("requested_delivery",),
	"lead_time": ("earliest_delivery",),
	"prices": ("price_book", "currency", "fx_rate", "negotiated_unit", "total"),
	"payment": ("payment_mode", "deposit_kind", "deposit_pct"),
	"service_terms": ("service_terms",),
	"market": ("order_type", "dest_country", "incoterm", "tender_no", "sales_plan"),
	"customer": ("customer", "dealer", "customer_class", "customer_is_new"),
}
"""Group of what a department judges → fields that show it."""

_ALWAYS = ("customer", "dealer", "order_type", "model", "grade", "use", "qty", "requested_delivery")
"""Fields everybody sees, for orientation."""

_OPTIONS = frozenset({"configuration", "warranty", "livery"})
_FIGURES = frozenset({"prices", "special_prices", "policies"})
_NOT_TRANSLATED = frozenset({"Link", "Data", "Small Text", "Autocomplete"})


def sheet(name: str) -> dict[str, Any]:
	"""The sheet of a review task, in the user's language, with what the user may see.

	Raises:
		PermissionError: the user may not read the task or its document.
	"""
	task = frappe.get_doc(REVIEW_TASK, name)
	task.check_permission("read")
	document = frappe.get_doc(task.reference_doctype, task.reference_name)
	document.check_permission("read")
	groups = SCOPES.get(task.department, tuple(_FIELDS) + tuple(_OPTIONS))
	panel = panel_of(document) if document.doctype == INTENT_ORDER else None
	others = [row for row in review_tasks.overview(document) if row["name"] != name]
	return {
		"document": _head(document),
		"checks": opinion_routing.checks(task.checks_zh, task.checks_en),
		"judged": list(_facts(document, [field for group in groups for field in _FIELDS.get(group, ())])),
		"known": list(_facts(document, _ALWAYS)),
		"options": _options(panel) if _OPTIONS & {*groups} else [],
		"specials": _specials(document) if "specials" in groups else [],
		"findings": _findings(document, panel, task.department),
		"lines": _lines(document, sees_price=bool(_FIGURES & {*groups})),
		"differences": _differences(document),
		"figures": panel["figures"] if panel and _FIGURES & {*groups} else [],
		"changes": _changes(document),
		"opinions": others,
		"conditions": _conditions(document),
		"issues": technical_issues.overview(document.doctype, document.name),
		"clock": _clock(task),
	}


def _head(document: Document) -> dict[str, Any]:
	return {
		"doctype": document.doctype,
		"label": _(document.doctype),
		"name": document.name,
		"title": cstr(document.get("title")),
		"status": _(document.status, context=document.doctype),
		"round": cint(document.review_round),
	}


def _facts(document: Document, names: Any) -> Iterator[dict[str, str]]:
	"""Label and value of the fields that are there and filled in."""
	for name in dict.fromkeys(names):
		field = document.meta.get_field(name)
		value = document.get(name) if field else None
		if field and value not in (None, "", 0):
			yield {"label": _(field.label, context=document.doctype), "value": _shown(document, field, value)}


def _shown(document: Document, field: Any, value: Any) -> str:
	if field.fieldtype == "Select":
		return _(cstr(value), context=document.doctype)
	if field.fieldtype == "Check":
		return _("Yes")
	if field.options == "Customer":
		return cstr(frappe.db.get_value("Customer", value, "customer_name") or value)
	return (
		cstr(value) if field.fieldtype in _NOT_TRANSLATED else cstr(document.get_formatted(field.fieldname))
	)


def _options(panel: Mapping[str, Any] | None) -> list[dict[str, Any]]:
	"""Options other than standard, as the panel names them."""
	return panel["special_choices"] if panel else []


def _specials(document: Document) -> list[dict[str, Any]]:
	chinese = (frappe.local.lang or "").startswith("zh")
	return [
		{
			"request_no": row.request_no,
			"name": row.get("name_zh") if chinese else row.get("name_en") or row.get("name_zh"),
			"unit_price": row.get("unit_price"),
			"valid_to": row.get("valid_to"),
			"lead_days": row.get("lead_days"),
		}
		for row in document.get("specials") or ()
	]


def _differences(document: Document) -> str:
	"""How a contract differs from its intent orders, as a table."""
	if document.doctype != SALES_CONTRACT:
		return ""
	return diffs.html(review.seen_differences(document))


def _lines(document: Document, *, sees_price: bool) -> list[dict[str, Any]]:
	"""Lines of a contract; their prices against the review prices for who judges prices."""
	if document.doctype != SALES_CONTRACT:
		return []
	plain, prices = (
		("line_no", "model", "qty", "delivery_date"),
		("unit_price", "review_price", "deviation_pct"),
	)
	return [
		{name: row.get(name) for name in (plain + prices if sees_price else plain)} for row in document.lines
	]


def _findings(
	document: Document, panel: Mapping[str, Any] | None, department: str
) -> list[dict[str, Any]] | None:
	"""Findings, the department's own first; None for documents that are not reviewed."""
	if document.doctype == SALES_CONTRACT:
		return _findings_of_contract(document, department)
	if document.doctype != INTENT_ORDER:
		return None
	if not panel:
		return []
	groups = sorted(panel["departments"], key=lambda group: group["department"] != department)
	return [
		{
			**{key: found[key] for key in ("code", "ref", "severity", "severity_label", "message")},
			"department": group["name"],
			"is_own": group["department"] == department,
		}
		for group in groups
		for found in group["findings"]
	]


def _findings_of_contract(contract: Document, department: str) -> list[dict[str, Any]]:
	lang = "zh" if (frappe.local.lang or "").startswith("zh") else "en"
	found = [
		{
			"code": row.code,
			"ref": cstr(row.ref),
			"severity": row.severity,
			"severity_label": say(glossary.SEVERITIES, row.severity, lang),
			"message": row.get(f"message_{lang}"),
			"department": say(glossary.DEPARTMENTS, row.department, lang),
			"is_own": row.department == department,
		}
		for row in contract.findings
	]
	return sorted(found, key=lambda row: not row["is_own"])


def _changes(document: Document) -> list[dict[str, Any]]:
	"""What changed from the round before to this one."""
	rounds = document.get("rounds") or ()
	last = next((row for row in rounds if row.round_no == document.review_round and row.round_no > 1), None)
	if last is None:
		return []
	changes = frappe.parse_json(last.get("changes") or "[]")
	if document.doctype != INTENT_ORDER:  # rounds of contracts are compared by the one diff
		return [
			{"label": row["what"], "row": cstr(row["line"]), "before": row["before"], "after": row["after"]}
			for row in diff_view.view(changes, diffs.language())
		]
	return [
		{
			"label": _field_label(document, change["field"]),
			"row": change.get("row") or "",
			"before": change.get("from"),
			"after": change.get("to"),
		}
		for change in changes
	]


def _field_label(document: Document, name: str) -> str:
	field = document.meta.get_field(name)
	return _(field.label, context=document.doctype) if field else name


def _conditions(document: Document) -> list[dict[str, Any]]:
	if not is_readable(REVIEW_CONDITION):
		return []
	rows = frappe.get_all(
		REVIEW_CONDITION,
		filters={"reference_doctype": document.doctype, "reference_name": document.name},
		fields=[
			"name",
			"department",
			"condition_text",
			"responsible",
			"responsible_user",
			"responsible_role",
			"due_date",
			"due_before",
			"status",
		],
		order_by="due_date",
	)
	for row in rows:
		row.responsible = responsible.name_of(row)
		row.due_before = _(row.due_before, context=REVIEW_CONDITION) if row.due_before else ""
		row.status = _(row.status, context=REVIEW_CONDITION)
	return rows


def _clock(task: Document) -> dict[str, Any]:
	used = task.hours_used if task.status == "Answered" else clocks.used(task)
	late = task.status == "Open" and task.due_at and task.due_at < now_datetime() and not task.paused_since
	return {
		"used": used,
		"allowed": task.hours_allowed,
		"due_at": task.due_at,
		"is_overdue": bool(late),
		"is_paused": bool(task.paused_since),
	}
