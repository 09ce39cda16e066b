"""Who reads which documents: query conditions and has_permission side by side, both judged on what is stored.

Role permissions stand in the DocTypes; what stands here only takes away.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.permissions import get_user_permissions, push_perm_check_log

from order_review.constants import (
	BLIND_TRANSLATION,
	CONFIGURATION_ENQUIRY,
	COORDINATION_ITEM,
	COST_READERS,
	DELIVERY_COMMITMENT,
	EXCEPTION_REPORT,
	EXPEDITE_REQUEST,
	FLOOR_READERS,
	INTENT_ORDER,
	LIVERY_DESIGN,
	OWN_DEPARTMENT_ROLES,
	PRICE_REVIEW,
	PRODUCTION_CONFIGURATION,
	QUALITY_ASSESSMENT,
	QUALITY_MONTH,
	REVIEW_CONDITION,
	REVIEW_TASK,
	ROLES,
	SALES_CONTRACT,
	SPECIAL_REQUEST,
	TECHNICAL_ISSUE,
	WORK_QUALITY,
)
from order_review.services.reviewed import REVIEWED

_ALL_DEPARTMENT_ROLES = frozenset(name for name, _zh in ROLES.values()) - OWN_DEPARTMENT_ROLES - {
	"Dealer"
} | {"System Manager"}


def own_departments(user: str) -> list[str] | None:
	"""Departments whose orders the user may see; None for all."""
	if user == "Administrator" or not _ALL_DEPARTMENT_ROLES.isdisjoint(frappe.get_roles(user)):
		return None
	return [row["doc"] for row in get_user_permissions(user).get("Department", ())]


def intent_order_query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL condition on Intent Order."""
	departments = own_departments(user or frappe.session.user)
	if departments is None:
		return ""
	return f"`tabIntent Order`.market_department in ({_listed(departments)})"


def order_row_query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL condition on the child tables of Intent Order: rows of visible orders."""
	departments = own_departments(user or frappe.session.user)
	if departments is None:
		return ""
	return f"`tab{doctype}`.parent in (select name from `tabIntent Order` where market_department in ({_listed(departments)}))"


def intent_order_permission(
	doc: Document, ptype: str | None = None, user: str | None = None, debug: bool = False
) -> bool | None:
	"""False where the stored or the new market department is not the user's own."""
	departments = own_departments(user or frappe.session.user)
	if departments is None:
		return None
	stored = frappe.db.get_value(INTENT_ORDER, doc.name, "market_department") if doc.name else None
	asked = {department for department in (stored, doc.get("market_department")) if department}
	return None if asked <= set(departments) else False


def by_department_query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL condition on documents that carry the market department they belong to."""
	departments = own_departments(user or frappe.session.user)
	if departments is None:
		return ""
	return f"`tab{doctype}`.market_department in ({_listed(departments)})"


def by_department_permission(
	doc: Document, ptype: str | None = None, user: str | None = None, debug: bool = False
) -> bool | None:
	"""False where the market department, as stored and as it would be, is not the user's own."""
	departments = own_departments(user or frappe.session.user)
	if departments is None:
		return None
	stored = frappe.db.get_value(doc.doctype, doc.name, "market_department") if doc.name else None
	asked = {department for department in (stored, doc.get("market_department")) if department}
	return None if asked <= set(departments) else False


def livery_row_query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL condition on the child tables of Livery Design: rows of visible designs."""
	visible = by_department_query(user, LIVERY_DESIGN)
	return (
		f"`tab{doctype}`.parent in (select name from `tab{LIVERY_DESIGN}` where {visible})" if visible else ""
	)


def contract_row_query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL condition on the child tables of Sales Contract: rows of visible contracts."""
	visible = by_department_query(user, SALES_CONTRACT)
	return (
		f"`tab{doctype}`.parent in (select name from `tab{SALES_CONTRACT}` where {visible})"
		if visible
		else ""
	)


def production_query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL condition on Production Configuration: an auditor sees nothing of a translation before it is his turn.

	A version drawn for a blind re-check stays hidden from auditors until their own translation is handed in.
	"""
	user = user or frappe.session.user
	if not _is_auditor(user):
		return ""
	table = f"`tab{PRODUCTION_CONFIGURATION}`"
	shown = f"ifnull({table}.blind_state, '') != 'Drawn'"
	if not _translates(user):
		shown += f" and {table}.status not in ({_listed(list(_UNAUDITED))})"
	return f"(({shown}) or ifnull({table}.translator, '') = {frappe.db.escape(user)})"


def production_row_query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL condition on the child tables of Production Configuration: rows of visible configurations."""
	visible = production_query(user)
	table = f"`tab{doctype}`"
	if not visible:
		return ""
	return f"{table}.parent in (select name from `tab{PRODUCTION_CONFIGURATION}` where {visible})"


def production_permission(
	doc: Document, ptype: str | None = None, user: str | None = None, debug: bool = False
) -> bool | None:
	"""False for an auditor while the translation, as stored, is not his to see."""
	user = user or frappe.session.user
	if not doc.name or not _is_auditor(user):
		return None
	stored = frappe.db.get_value(PRODUCTION_CONFIGURATION, doc.name, ["status", "blind_state", "translator"])
	if stored is None or stored[2] == user:
		return None
	if stored[1] == "Drawn":
		push_perm_check_log(
			_("{0} is drawn for a blind re-check. Hand in your Blind Translation first.").format(doc.name),
			debug,
		)
		return False
	return False if stored[0] in _UNAUDITED and not _translates(user) else None


_UNAUDITED = ("Draft", "Translating")


def _translates(user: str) -> bool:
	"""Whether a user may translate; who has both roles does one of them on a document, not both."""
	return not {ROLES["OA"][0], ROLES["CA"][0]}.isdisjoint(frappe.get_roles(user))


def _is_auditor(user: str) -> bool:
	"""Whether a user may come to audit: by role, or acting for somebody who has it."""
	from order_review.services import delegations

	auditor = ROLES["AU"][0]
	if user == "Administrator":
		return False
	return auditor in frappe.get_roles(user) or auditor in delegations.roles_taken(user)


def blind_query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL condition on Blind Translation: what is not handed in is the auditor's own and the supervisors'."""
	user = user or frappe.session.user
	if _supervises(user):
		return ""
	table = f"`tab{BLIND_TRANSLATION}`"
	mine = ", ".join(frappe.db.escape(one) for one in _audits_as(user))
	own = f"ifnull({table}.auditor, '') in ('', {mine})" if _is_auditor(user) else "1=0"
	return f"({table}.status = 'Handed In' or {own})"


def blind_row_query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL condition on the rows of Blind Translation: those of visible ones."""
	visible = blind_query(user)
	return (
		f"`tab{doctype}`.parent in (select name from `tab{BLIND_TRANSLATION}` where {visible})"
		if visible
		else ""
	)


def blind_permission(
	doc: Document, ptype: str | None = None, user: str | None = None, debug: bool = False
) -> bool | None:
	"""False for others while a blind translation, as stored, is not handed in."""
	user = user or frappe.session.user
	if not doc.name or _supervises(user):
		return None
	stored = frappe.db.get_value(BLIND_TRANSLATION, doc.name, ["status", "auditor"])
	if stored is None or stored[0] == "Handed In":
		return None
	return None if _is_auditor(user) and (stored[1] or user) in _audits_as(user) else False


def _audits_as(user: str) -> list[str]:
	"""The user, and the absent auditors for whom the user acts today."""
	from order_review.services import delegations

	return [user, *delegations.absent_of(user, ROLES["AU"][0])]


def _supervises(user: str) -> bool:
	supervisors = {ROLES["OS"][0], ROLES["SM"][0]}
	return user == "Administrator" or not supervisors.isdisjoint(frappe.get_roles(user))


def delivery_commitment_query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL condition on Delivery Date Commitment: those of the user's own market departments."""
	return by_department_query(user, DELIVERY_COMMITMENT)


def own_or_department_query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL condition on small records: those of the user's own market departments, and what the user wrote."""
	user = user or frappe.session.user
	by_department = by_department_query(user, doctype)
	return by_department and f"({by_department} or `tab{doctype}`.owner = {frappe.db.escape(user)})"


def own_or_department_permission(
	doc: Document, ptype: str | None = None, user: str | None = None, debug: bool = False
) -> bool | None:
	"""False for a record of another market department that somebody else wrote."""
	user = user or frappe.session.user
	if doc.name and frappe.db.get_value(doc.doctype, doc.name, "owner") == user:
		return None
	departments = own_departments(user)
	if departments is None or not doc.name or not frappe.db.exists(doc.doctype, doc.name):
		return None
	return None if frappe.db.get_value(doc.doctype, doc.name, "market_department") in departments else False


def enquiry_query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL condition on Configuration Enquiry: what is published is everybody's."""
	own = own_or_department_query(user, CONFIGURATION_ENQUIRY)
	return own and f"({own} or `tab{CONFIGURATION_ENQUIRY}`.is_published = 1)"


def enquiry_permission(
	doc: Document, ptype: str | None = None, user: str | None = None, debug: bool = False
) -> bool | None:
	"""False for a question of another market department, unless it is published and only read."""
	if ptype in (None, "read", "print") and doc.name:
		if frappe.db.get_value(CONFIGURATION_ENQUIRY, doc.name, "is_published"):
			return None
	return own_or_department_permission(doc, ptype, user)


def exception_report_query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL condition on Exception Report: those who may know floor prices see all, others what they reported."""
	user = user or frappe.session.user
	if _settles_exceptions(user):
		return ""
	table = f"`tab{EXCEPTION_REPORT}`"
	return f"({table}.raised_by = {frappe.db.escape(user)} and {table}.is_automatic = 0)"


def exception_report_permission(
	doc: Document, ptype: str | None = None, user: str | None = None, debug: bool = False
) -> bool | None:
	"""False for a report of somebody else, unless the user may know floor prices."""
	user = user or frappe.session.user
	if _settles_exceptions(user) or not doc.name:
		return None
	stored = frappe.db.get_value(EXCEPTION_REPORT, doc.name, ["raised_by", "is_automatic"])
	return None if stored is None or (stored[0] == user and not stored[1]) else False


def satisfaction_query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL condition on Satisfaction Rating: salespeople see those they were asked for."""
	user = user or frappe.session.user
	if not _only_own_requests(user):
		return own_or_department_query(user, doctype)
	return f"`tab{doctype}`.asked_user = {frappe.db.escape(user)}"


def satisfaction_permission(
	doc: Document, ptype: str | None = None, user: str | None = None, debug: bool = False
) -> bool | None:
	"""False for a rating a salesperson was not asked for."""
	user = user or frappe.session.user
	if not _only_own_requests(user):
		return own_or_department_permission(doc, ptype, user)
	return None if doc.get("asked_user") == user else False


def commitment_row_query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL condition on the rows of Delivery Date Commitments: those of visible ones."""
	visible = delivery_commitment_query(user)
	if not visible:
		return ""
	commitments = f"select name from `tab{DELIVERY_COMMITMENT}` where {visible}"
	return f"`tab{doctype}`.parent in ({commitments})"


def review_task_query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL condition on Review Task: those of visible documents."""
	return reference_query(REVIEW_TASK, user)


def review_condition_query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL condition on Review Condition: those of visible documents."""
	return reference_query(REVIEW_CONDITION, user)


def reference_query(doctype: str, user: str | None = None) -> str:
	"""SQL condition on records that belong to a reviewed document: those of documents the user sees."""
	user = user or frappe.session.user
	if user == "Administrator":
		return ""
	parts = (_records_of(doctype, parent, user) for parent in REVIEWED)
	return "(" + (" or ".join(part for part in parts if part) or "1=0") + ")"


def _records_of(doctype: str, parent: str, user: str) -> str:
	if not frappe.has_permission(parent, "read", user=user):
		return ""
	condition = " and ".join(
		f"({found})"
		for path in frappe.get_hooks("permission_query_conditions", {}).get(parent, ())
		if (found := frappe.call(frappe.get_attr(path), user, doctype=parent))
	)
	own = f"`tab{doctype}`.reference_doctype = {frappe.db.escape(parent)}"
	if not condition:
		return f"({own})"
	visible = f"select name from `tab{parent}` where {condition}"
	return f"({own} and `tab{doctype}`.reference_name in ({visible}))"


def review_task_permission(
	doc: Document, ptype: str | None = None, user: str | None = None, debug: bool = False
) -> bool | None:
	"""False where the user may not read the document the task or condition is about, as it is stored."""
	return reference_permission(doc, user)


def reference_permission(doc: Document, user: str | None = None) -> bool | None:
	"""False where the user may not read the reviewed document a record belongs to, as it is stored."""
	user = user or frappe.session.user
	fields = ["reference_doctype", "reference_name"]
	stored = frappe.db.get_value(doc.doctype, doc.name, fields) if doc.name else None
	doctype, name = stored or (doc.get(fields[0]), doc.get(fields[1]))
	if user == "Administrator" or not name:
		return None
	is_read = doctype in REVIEWED and frappe.has_permission(doctype, "read", doc=name, user=user)
	return None if is_read else False


def technical_issue_query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL condition on Technical Issue: those of visible documents."""
	return reference_query(TECHNICAL_ISSUE, user)


def price_review_query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL condition on Intent Order Price Review: internal orders are for cost readers."""
	if _reads_cost(user or frappe.session.user):
		return ""
	return "`tabIntent Order Price Review`.order_type != 'Internal'"


def price_review_permission(
	doc: Document, ptype: str | None = None, user: str | None = None, debug: bool = False
) -> bool | None:
	"""False for the price review of an internal order, unless the user may know costs."""
	if _reads_cost(user or frappe.session.user):
		return None
	order_type = (
		frappe.db.get_value(PRICE_REVIEW, doc.name, "order_type") if doc.name else doc.get("order_type")
	)
	return False if order_type == "Internal" else None


def special_option_query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL condition on Special Option Request: salespeople see their own and those of their departments."""
	user = user or frappe.session.user
	if not _only_own_requests(user):
		return ""
	owner, departments = frappe.db.escape(user), _listed(own_departments(user) or [])
	table = f"`tab{SPECIAL_REQUEST}`"
	return f"({table}.owner = {owner} or {table}.market_department in ({departments}))"


def special_option_row_query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL condition on the child tables of Special Option Request: rows of visible requests."""
	visible = special_option_query(user)
	return (
		f"`tab{doctype}`.parent in (select name from `tab{SPECIAL_REQUEST}` where {visible})"
		if visible
		else ""
	)


def special_option_permission(
	doc: Document, ptype: str | None = None, user: str | None = None, debug: bool = False
) -> bool | None:
	"""False where neither the stored request nor the new one is the salesperson's or of their department."""
	user = user or frappe.session.user
	if not _only_own_requests(user):
		return None
	departments = set(own_departments(user) or ())
	stored = (
		frappe.db.get_value(SPECIAL_REQUEST, doc.name, ["owner", "market_department"]) if doc.name else None
	)
	if stored and stored[0] != user and stored[1] not in departments:
		return False
	asked = doc.get("market_department")
	return None if not asked or asked in departments else False


def quality_query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL condition on assessments and monthly scores: salespeople see their own, managers their department's."""
	user = user or frappe.session.user
	table = f"`tab{doctype or QUALITY_ASSESSMENT}`"
	departments = own_departments(user)
	if departments is None:
		return ""
	own = f"{table}.sales_user = {frappe.db.escape(user)}"
	if ROLES["MM"][0] not in frappe.get_roles(user):
		return own
	return f"({own} or {table}.market_department in ({_listed(departments)}))"


def quality_row_query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL condition on the defects of assessments: those of visible assessments."""
	visible = quality_query(user)
	if not visible:
		return ""
	return f"`tab{doctype}`.parent in (select name from `tab{QUALITY_ASSESSMENT}` where {visible})"


def quality_permission(
	doc: Document, ptype: str | None = None, user: str | None = None, debug: bool = False
) -> bool | None:
	"""False where the stored assessment or score is neither the salesperson's own nor of the manager's department."""
	user = user or frappe.session.user
	departments = own_departments(user)
	if departments is None:
		return None
	stored = (
		frappe.db.get_value(doc.doctype, doc.name, ["sales_user", "market_department"]) if doc.name else None
	)
	owner, department = stored or (doc.get("sales_user"), doc.get("market_department"))
	manages = ROLES["MM"][0] in frappe.get_roles(user) and department in departments
	return None if owner == user or manages else False


def work_quality_query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL condition on Work Quality Record: those who are only judged see their own."""
	user = user or frappe.session.user
	return f"`tab{WORK_QUALITY}`.user = {frappe.db.escape(user)}" if _is_only_judged(user) else ""


def work_quality_permission(
	doc: Document, ptype: str | None = None, user: str | None = None, debug: bool = False
) -> bool | None:
	"""False for another's record, to those who are only judged."""
	user = user or frappe.session.user
	stored = frappe.db.get_value(WORK_QUALITY, doc.name, "user") if doc.name else None
	return False if _is_only_judged(user) and (stored or doc.get("user")) != user else None


def no_condition(user: str | None = None, doctype: str | None = None) -> str:
	"""No condition: who may read the DocType reads all of it."""
	return ""


def _is_only_judged(user: str) -> bool:
	judges = {ROLES[code][0] for code in ("AU", "OS", "SM", "QA", "PM", "VP")} | {"System Manager"}
	return user != "Administrator" and judges.isdisjoint(frappe.get_roles(user))


def document_event_query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL condition on the steps taken: those of documents the user may see."""
	user = user or frappe.session.user
	if user == "Administrator":
		return ""
	return (
		" or ".join(_events_of(parent, query(user), user) for parent, query in _EVENT_PARENTS.items())
		or "1=0"
	)


def _events_of(parent: str, condition: str, user: str) -> str:
	if not frappe.has_permission(parent, "read", user=user):
		return "1=0"
	visible = f"select name from `tab{parent}`" + (f" where {condition}" if condition else "")
	table = "`tabDocument Event`"
	return f"({table}.parenttype = {frappe.db.escape(parent)} and {table}.parent in ({visible}))"


_EVENT_PARENTS = {
	**{
		name: partial(by_department_query, doctype=name)
		for name in (LIVERY_DESIGN, COORDINATION_ITEM, EXPEDITE_REQUEST, SALES_CONTRACT)
	},
	TECHNICAL_ISSUE: technical_issue_query,
	SPECIAL_REQUEST: special_option_query,
	INTENT_ORDER: intent_order_query,
	REVIEW_TASK: review_task_query,
	REVIEW_CONDITION: review_condition_query,
	DELIVERY_COMMITMENT: delivery_commitment_query,
	EXCEPTION_REPORT: exception_report_query,
	CONFIGURATION_ENQUIRY: enquiry_query,
	QUALITY_ASSESSMENT: quality_query,
	QUALITY_MONTH: no_condition,
	PRODUCTION_CONFIGURATION: production_query,
	BLIND_TRANSLATION: blind_query,
	WORK_QUALITY: work_quality_query,
}
"""Guarded DocTypes, whose steps are kept in Document Event, and the condition on each."""


def _settles_exceptions(user: str) -> bool:
	return user == "Administrator" or not FLOOR_READERS.isdisjoint(frappe.get_roles(user))


def _only_own_requests(user: str) -> bool:
	if user == "Administrator":
		return False
	others = {name for name, _zh in ROLES.values()} - {"Salesperson", "Dealer"} | {"System Manager"}
	return others.isdisjoint(frappe.get_roles(user))


def require_role(roles: Collection[str]) -> None:
	"""Raise PermissionError unless the user has one of the roles."""
	if frappe.session.user != "Administrator" and set(roles).isdisjoint(frappe.get_roles()):
		frappe.throw(
			_("This is not open to you."),
			exc=frappe.PermissionError,
			title=_("Not Permitted", context="Order Review"),
		)


def _reads_cost(user: str) -> bool:
	return user == "Administrator" or not COST_READERS.isdisjoint(frappe.get_roles(user))


def _listed(names: list[str]) -> str:
	return ", ".join(frappe.db.escape(name) for name in names) or "''"
