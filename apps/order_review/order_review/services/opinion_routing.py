"""Who is asked for an opinion: the routing an administrator keeps in Order Review Settings, by process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cstr

from order_review.constants import REVIEW_SETTINGS
from order_review.engine.routing import FIELDS, FLAG, NUMBER, TEXT, Condition, RoutingFault, read
from order_review.exceptions import RoutingError
from order_review.services import notices, reviewed

USUAL_HOURS = 8.0
ROLE_OF = {
	"TECH": "Technical Reviewer",
	"PLAN": "Planning Reviewer",
	"FIN": "Finance Reviewer",
	"MKTPLAN": "Marketing Planner",
	"SUPPLY": "Supply Reviewer",
	"PRODMGT": "Production Management Reviewer",
	"QA": "Quality Reviewer",
	"SERVICE": "Service Reviewer",
	"MKTMGT": "Market Management Officer",
}
"""Department code → role that answers, unless the routing row names another."""

_KIND_OF = {
	"Check": FLAG,
	**dict.fromkeys(("Int", "Float", "Currency", "Percent"), NUMBER),
	**dict.fromkeys(("Data", "Select", "Link"), TEXT),
}
"""Field type → kind of a custom field in conditions."""


@dataclass(frozen=True)
class Asked:
	"""A department that is asked: with which role, whether the join waits for it, for how long, and what it judges."""

	department: str
	role: str
	is_required: bool
	hours: float
	checks_zh: str
	checks_en: str

	@property
	def checks(self) -> str:
		"""What it judges, in the user's language."""
		return checks(self.checks_zh, self.checks_en)


def checks(chinese: str | None, english: str | None) -> str:
	"""What a department judges in the user's language; in the other one where it is said in that alone."""
	said = (chinese, english) if (frappe.local.lang or "").startswith("zh") else (english, chinese)
	return cstr(said[0] or said[1])


def asked(document: Document) -> list[Asked]:
	"""The departments the routing of Order Review Settings asks about a document.

	Raises:
		RoutingError: a condition cannot be understood, or a department has no role.
	"""
	process = reviewed.of(document.doctype).process
	fields, facts = fields_of(process), _facts(document)
	found: dict[str, Asked] = {}
	for row in frappe.get_single(REVIEW_SETTINGS).opinion_routing:
		if row.process_name != process or not _condition(row, fields).holds(facts):
			continue
		before = found.get(row.department)
		if before is None or (not before.is_required and row.mode == "required"):
			found[row.department] = Asked(
				row.department,
				_role(row),
				row.mode == "required",
				row.sla_hours or USUAL_HOURS,
				row.checks_zh or "",
				row.checks_en or "",
			)
	return list(found.values())


def check_conditions(settings: Document) -> None:
	"""Raise RoutingError when a row of the routing cannot be understood, naming the row."""
	for row in settings.opinion_routing:
		_condition(row, fields_of(row.process_name))
		_role(row)


def check_routing(document: Document) -> None:
	"""Somebody is asked, and each department that must answer has a user.

	Raises:
		RoutingError.
	"""
	departments = asked(document)
	if not any(one.is_required for one in departments):
		_refuse(_("The routing asks no department that must answer. Complete it in Order Review Settings."))
	for one in departments:
		if one.is_required and not notices.users_with(one.role):
			_refuse(
				_("Nobody can answer for {0}: no enabled user has the role {1}.").format(
					one.department, _(one.role)
				)
			)


def fields_of(process: str) -> dict[str, str]:
	"""What a condition of the process may ask, and the kind of each: the facts of its documents, and the fields an administrator added."""
	documents = reviewed.by_process(process)
	is_there = documents and frappe.db.exists(
		"DocType", documents.doctype
	)  # it is made after its routing in an update
	added = frappe.get_meta(documents.doctype).get_custom_fields() if is_there else []
	custom = {field.fieldname: _KIND_OF[field.fieldtype] for field in added if field.fieldtype in _KIND_OF}
	return {**custom, **FIELDS.get(process, {})}


def _facts(document: Document) -> dict[str, Any]:
	added = {field.fieldname: document.get(field.fieldname) for field in document.meta.get_custom_fields()}
	return {**added, **reviewed.of(document.doctype).facts(document)}


def _condition(row: Document, fields: dict[str, str]) -> Condition:
	try:
		return read(row.condition or "", fields)
	except RoutingFault as fault:
		said = {
			"unknown": _("{0} is not known"),
			"expected": _("{0} does not fit here"),
			"not_a_number": _("{0} is not a number"),
			"no_order": _("{0} is compared with == or != only"),
			"end": _("something is missing at the end"),
		}[fault.kind].format(fault.found)
		_refuse(
			_("Opinion routing, row {0} ({1}): the condition “{2}” cannot be understood: {3}.").format(
				row.idx, row.department, row.condition or "", said
			)
		)


def _role(row: Document) -> str:
	role = row.get("role") or ROLE_OF.get(row.department)
	if not role:
		_refuse(
			_("Opinion routing, row {0}: state the role that answers for {1}.").format(
				row.idx, row.department
			)
		)
	return str(role)


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Opinion Routing"), exc=RoutingError)
