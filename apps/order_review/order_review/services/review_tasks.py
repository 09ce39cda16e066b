"""Opinions of departments on intent orders (会签): asked by routing, answered once, joined, carried, overruled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, get_datetime, getdate, now_datetime, today

from order_review.constants import INTENT_ORDER, REVIEW_REASON, REVIEW_SETTINGS, REVIEW_TASK
from order_review.engine import opinions
from order_review.engine.opinions import AGREE, ANSWERED, CONDITION, NOT_CONCERNED, OBJECT, Opinion
from order_review.engine.routing import RoutingFault, read
from order_review.exceptions import ReviewTaskError, RoutingError
from order_review.services import deadlines, guard, notices
from order_review.services.review_facts import routing_facts, scope_facts

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

ANSWER = (
	"opinion note reason_code acceptable_if condition_text condition_responsible condition_due condition_before "
	"verdict_feasible evidence_feasible verdict_ccc evidence_ccc verdict_grade evidence_grade price_ok deposit_ok "
	"credit_ok proposed_date"
).split()
"""Fields of an answer; nothing else is taken from a client."""

_SEEN = (
	"name",
	"department",
	"role",
	"is_required",
	"status",
	"opinion",
	"is_overruled",
	"scope_hash",
	"review_round",
)

PROCESS = guard.Process(
	first="Open",
	writable={},
	computed=frozenset(),
	system_moves=frozenset(
		{("Open", "Answered"), ("Open", "Cancelled"), ("Answered", "Withdrawn"), ("Answered", "Void")}
	),
	unsealed=frozenset({"is_overruled", "overruled_by", "overrule_reason"}),
)


# --- routing ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
	"""A department that is asked: with which role, whether the join waits for it, for how long, and what it judges."""

	department: str
	role: str
	is_required: bool
	hours: float
	checks_zh: str


def asked(order: Document) -> list[Asked]:
	"""The departments the routing of Order Review Settings asks about an order.

	Raises:
		RoutingError: a condition cannot be understood, or a department has no role.
	"""
	facts = routing_facts(order)
	found: dict[str, Asked] = {}
	for row in frappe.get_single(REVIEW_SETTINGS).opinion_routing:
		if row.process_name != "intent" or not _condition(row).holds(facts):
			continue
		before = found.get(row.department)
		if before is None or (not before.is_required and row.mode == "required"):
			found[row.department] = Asked(
				row.department,
				_role(row),
				row.mode == "required",
				row.sla_hours or USUAL_HOURS,
				row.checks_zh or "",
			)
	return list(found.values())


def check_conditions(settings: Document) -> None:
	"""Raise RoutingError when a routing row for intent orders cannot be understood, naming the row."""
	for row in settings.opinion_routing:
		if row.process_name == "intent":
			_condition(row)
			_role(row)


def check_routing(order: Document) -> None:
	"""Somebody is asked, and each department that must answer has a user.

	Raises:
		RoutingError.
	"""
	departments = asked(order)
	if not any(one.is_required for one in departments):
		_refuse_routing(
			_("The routing asks no department that must answer. Complete it in Order Review Settings.")
		)
	for one in departments:
		if one.is_required and not notices.users_with(one.role):
			_refuse_routing(
				_("Nobody can answer for {0}: no enabled user has the role {1}.").format(
					one.department, _(one.role)
				)
			)


def preview(order: Document) -> list[dict[str, Any]]:
	"""Who would be asked now, until when, and whose opinion would be carried over."""
	facts, now, time = scope_facts(order), now_datetime(), deadlines.working_time()
	carried = _carried(order, order.review_round, facts)
	names = department_names()
	return [
		{
			"department": one.department,
			"department_name": names.get(one.department, one.department),
			"role": one.role,
			"is_required": one.is_required,
			"hours": one.hours,
			"checks_zh": one.checks_zh,
			"users": len(notices.users_with(one.role)),
			"carried_from": (carried.get(one.department) or {}).get("name"),
			"due_at": None
			if one.department in carried
			else time.after(now, one.hours).replace(microsecond=0),
		}
		for one in asked(order)
	]


def _condition(row: Document) -> Any:
	try:
		return read(row.condition or "")
	except RoutingFault as fault:
		said = {
			"unknown": _("{0} is not known"),
			"expected": _("{0} does not fit here"),
			"not_a_number": _("{0} is not a number"),
			"no_order": _("{0} is compared with == or != only"),
			"end": _("something is missing at the end"),
		}[fault.kind].format(fault.found)
		_refuse_routing(
			_("Opinion routing, row {0} ({1}): the condition “{2}” cannot be understood: {3}.").format(
				row.idx, row.department, row.condition or "", said
			)
		)


def _role(row: Document) -> str:
	role = row.get("role") or ROLE_OF.get(row.department)
	if not role:
		_refuse_routing(
			_("Opinion routing, row {0}: state the role that answers for {1}.").format(
				row.idx, row.department
			)
		)
	return str(role)


# --- a round ------------------------------------------------------------------------------------------------


def open_round(order: Document) -> None:
	"""Ask the departments; carry over what the last round said of the same things; join when nobody is left."""
	facts = scope_facts(order)
	carried = _carried(order, order.review_round, facts)
	for one in asked(order):
		before = carried.get(one.department)
		task = _ask(order, one, opinions.scope_hash(one.department, facts), None if before else "told")
		if before:
			_carry(task, before["name"])
	join(order.name)


def _ask(order: Document, one: Asked, scope: str, tell: str | None) -> Document:
	now = now_datetime()
	task = frappe.get_doc(
		{
			"doctype": REVIEW_TASK,
			"title": f"{one.department} · {order.name}",
			"reference_doctype": INTENT_ORDER,
			"reference_name": order.name,
			"process_name": "intent",
			"review_round": order.review_round,
			"department": one.department,
			"role": one.role,
			"is_required": int(one.is_required),
			"received_at": now,
			"due_at": deadlines.working_time().after(now, one.hours).replace(microsecond=0),
			"hours_allowed": one.hours,
			"checks_zh": one.checks_zh,
			"scope_hash": scope,
		}
	)
	guard.insert(task)
	if tell:
		subject = _("{0}: your opinion is asked for {1} (round {2})")
		notices.tell(
			task, notices.users_with(one.role), subject.format(one.department, order.name, order.review_round)
		)
	return task


def _carried(order: Document, round_no: int, facts: Mapping[str, Any]) -> dict[str, Any]:
	"""Department → the task of the last round whose opinion still holds."""
	last = _tasks(order.name, cint(round_no) - 1)
	return {
		row["department"]: row
		for row in last
		if opinions.is_carried(_opinion(row), opinions.scope_hash(row["department"], facts))
	}


def _carry(task: Document, name: str) -> None:
	before = frappe.get_doc(REVIEW_TASK, name)
	answer = {field: before.get(field) for field in (*ANSWER, "user", "on_behalf_of", "answered_at")}
	reason = _("Carried over from round {0}").format(before.review_round)
	guard.write(task, {**answer, "status": ANSWERED, "carried_from": name}, reason=reason)


def join(name: str) -> None:
	"""Move the order on when no required opinion is open; the caller holds the order's row."""
	order = frappe.get_doc(INTENT_ORDER, name, for_update=True)
	if order.status != "Under Opinions":
		return
	rows = _tasks(name, order.review_round)
	if opinions.join(map(_opinion, rows)) != opinions.WAITING:
		guard.write(order, {"status": "Consolidating"}, reason=_("The required opinions are all given."))


def cancel_open(order: Document) -> None:
	"""Call off the opinions that are still open; what was asked for information only may still come."""
	for row in _tasks(order.name, order.review_round):
		if row["status"] != opinions.OPEN:
			continue
		if order.status == "Consolidating" and not row["is_required"]:
			continue
		guard.write(frappe.get_doc(REVIEW_TASK, row["name"]), {"status": "Cancelled"}, reason=_(order.status))


def void_changed(order: Document) -> None:
	"""Void opinions on something that has changed since, visibly, and ask again while opinions are collected."""
	facts = scope_facts(order)
	for row in _tasks(order.name, order.review_round):
		now = opinions.scope_hash(row["department"], facts)
		if row["scope_hash"] == now or row["status"] not in (opinions.OPEN, ANSWERED):
			continue
		task = frappe.get_doc(REVIEW_TASK, row["name"])
		if row["status"] == ANSWERED:
			guard.write(task, {"status": "Void"}, reason=_("What was judged has changed."))
			_ask(order, _again(task), now, "told")
		else:
			guard.write(task, {"scope_hash": now})


def _again(task: Document) -> Asked:
	return Asked(
		task.department,
		task.role,
		bool(task.is_required),
		task.hours_allowed or USUAL_HOURS,
		task.checks_zh or "",
	)


# --- answers ------------------------------------------------------------------------------------------------


def answer(name: str, values: Mapping[str, Any]) -> str:
	"""Give a department's opinion; tells the status of the order afterwards.

	Args:
		name: the review task.
		values: fields of the answer, as in ANSWER.

	Raises:
		frappe.PermissionError: the user does not have the department's role.
		ReviewTaskError: it is answered already, its round is over, or the answer is not complete.
	"""
	order, task = _locked(name)
	_check_role(task)
	if task.status != opinions.OPEN:
		_refuse(
			_("{0} is no longer open: {1}, {2}. Reload it.").format(
				task.name, _(task.status, context=REVIEW_TASK), task.user or "–"
			)
		)
	_check_round(order, task)
	given = {field: _plain(values.get(field)) for field in ANSWER}
	_check_answer(task, given)
	now = now_datetime()
	used = deadlines.working_time().hours_between(get_datetime(task.received_at), now)
	stamp = {
		"status": ANSWERED,
		"user": frappe.session.user,
		"answered_at": now,
		"hours_used": round(used, 2),
	}
	guard.write(task, {**given, **stamp}, reason=given["note"])
	join(order.name)
	return str(frappe.db.get_value(INTENT_ORDER, order.name, "status"))


def withdraw(name: str, reason: str) -> str:
	"""Take an opinion back before the join, to give another one; tells the name of the new task.

	Raises:
		frappe.PermissionError: the user does not have the department's role.
		ReviewTaskError: it is not answered, its round is over, or no reason is given.
	"""
	order, task = _locked(name)
	_check_role(task)
	_check_round(order, task)
	if task.status != ANSWERED:
		_refuse(_("{0} has no opinion to withdraw.").format(task.name))
	_check_reason(reason)
	guard.write(task, {"status": "Withdrawn"}, reason=reason)
	return str(_ask(order, _again(task), task.scope_hash, None).name)


def overrule(name: str, reason: str) -> None:
	"""Let an order go on against an objection, in writing.

	Raises:
		frappe.PermissionError: the user is not the Sales Operations Manager.
		ReviewTaskError: there is nothing to overrule, or nobody may.
	"""
	order, task = _locked(name)
	if "Sales Operations Manager" not in frappe.get_roles():
		frappe.throw(_("Only the Sales Operations Manager overrules an objection."), frappe.PermissionError)
	if not _opinion(task.as_dict()).objects or task.review_round != order.review_round:
		_refuse(_("{0} is no objection that stands.").format(task.name))
	if task.department in opinions.BLOCKING:
		_refuse(
			_("An objection of {0} is overruled by nobody: change the order, or get what is missing.").format(
				task.department
			)
		)
	_check_reason(reason)
	values = {"is_overruled": 1, "overruled_by": frappe.session.user, "overrule_reason": reason.strip()}
	guard.write(task, values, reason=reason)
	if order.status == "Consolidating":
		guard.write(order, {"has_objections": int(bool(standing_objections(order)))})
	notices.tell(
		order,
		[order.owner_oa, task.user],
		_("{0}: the objection of {1} is overruled").format(order.name, task.department),
	)


def _locked(name: str) -> tuple[Document, Document]:
	"""The order and the task, both locked, the order first; the user may read the task."""
	reference = frappe.db.get_value(REVIEW_TASK, name, "reference_name")
	if not reference:
		raise frappe.DoesNotExistError(_("{0} {1} not found").format(_(REVIEW_TASK), name))
	order = frappe.get_doc(INTENT_ORDER, reference, for_update=True)
	task = frappe.get_doc(REVIEW_TASK, name, for_update=True)
	task.check_permission("read")
	return order, task


def _check_role(task: Document) -> None:
	if task.role not in frappe.get_roles():
		frappe.throw(
			_("Only {0} answers for {1}.").format(_(task.role), task.department), frappe.PermissionError
		)


def _check_round(order: Document, task: Document) -> None:
	if task.review_round != order.review_round or order.status not in _ANSWERABLE[cint(task.is_required)]:
		_refuse(
			_("Round {0} of {1} is over ({2}); opinions on it are no longer taken.").format(
				task.review_round, order.name, _(order.status, context=INTENT_ORDER)
			)
		)
	facts = scope_facts(order)
	if task.status == opinions.OPEN and task.scope_hash != opinions.scope_hash(task.department, facts):
		_refuse(_("What {0} judges has changed. Reload it and look again.").format(task.department))


_ANSWERABLE = {1: ("Under Opinions",), 0: ("Under Opinions", "Consolidating")}


def _check_answer(task: Document, given: Mapping[str, Any]) -> None:
	if given["opinion"] not in opinions.OPINIONS:
		_refuse(_("Choose an opinion: agree, agree with condition, object or not concerned."))
	_check_choices(task, given)
	missing = [name for name in _needed(task.department, given) if not given[name]]
	if missing:
		_refuse(
			_("The opinion is not complete: {0}.").format(
				", ".join(_(task.meta.get_label(name)) for name in missing)
			)
		)
	_check_sense(task.department, given)


def _check_choices(task: Document, given: Mapping[str, Any]) -> None:
	for name in ANSWER:
		field = task.meta.get_field(name)
		if (
			field.fieldtype == "Select"
			and given[name]
			and given[name] not in (field.options or "").split("\n")
		):
			_refuse(_("{0}: {1} is not one of the choices.").format(_(field.label), given[name]))
	if given["reason_code"] and not frappe.db.exists(
		REVIEW_REASON, {"name": given["reason_code"], "kind": "Objection"}
	):
		_refuse(_("{0} is no reason code of objections.").format(given["reason_code"]))


def _needed(department: str, given: Mapping[str, Any]) -> tuple[str, ...]:
	"""Fields an answer must fill in."""
	needed: tuple[str, ...] = ()
	if given["opinion"] == OBJECT:
		needed = ("reason_code", "acceptable_if")
	elif given["opinion"] == CONDITION:
		needed = ("condition_text", "condition_responsible", "condition_due", "condition_before")
	if given["opinion"] == NOT_CONCERNED:
		return needed
	if department == "TECH":
		needed += ("verdict_feasible", "verdict_ccc", "verdict_grade")
		needed += ("evidence_feasible", "evidence_ccc", "evidence_grade")
	elif department == "FIN":
		needed += ("price_ok", "deposit_ok", "credit_ok")
	elif department == "PLAN" and given["opinion"] in (AGREE, CONDITION):
		needed += ("proposed_date",)
	return needed


def _check_sense(department: str, given: Mapping[str, Any]) -> None:
	"""Verdicts and opinion do not contradict each other."""
	said = {
		given[name]
		for name in (
			"verdict_feasible",
			"verdict_ccc",
			"verdict_grade",
			"price_ok",
			"deposit_ok",
			"credit_ok",
		)
	}
	agrees = given["opinion"] in (AGREE, CONDITION)
	if agrees and said & {"No", "Not Possible", "Not Met", "Wrong"}:
		_refuse(
			_("A verdict says no; the opinion cannot be to agree. Object, and say what would be acceptable.")
		)
	if given["opinion"] == AGREE and given["verdict_ccc"] == "Extension Needed":
		_refuse(_("An extension of the certificate is needed: agree with that condition, with a date."))
	if department in ("TECH", "FIN") and given["opinion"] == NOT_CONCERNED:
		_refuse(_("{0} is always concerned.").format(department))
	if given["condition_due"] and getdate(given["condition_due"]) < getdate(today()):
		_refuse(_("The condition is due in the past."))


def _plain(value: Any) -> str | None:
	"""A value of an answer as text; None when nothing is said."""
	return str(value).strip() or None if isinstance(value, (str, date)) else None


def _check_reason(reason: str) -> None:
	if not (reason or "").strip():
		_refuse(_("State the reason in writing."))


# --- what the order asks ------------------------------------------------------------------------------------


def standing_objections(order: Document) -> list[str]:
	"""Departments of the round whose objection stands."""
	return [row["department"] for row in _tasks(order.name, order.review_round) if _opinion(row).objects]


def blocking_objections(order: Document) -> list[str]:
	"""Departments of the round whose objection stands and is overruled by nobody."""
	return [row["department"] for row in _tasks(order.name, order.review_round) if _opinion(row).blocks]


def open_required(order: Document) -> list[str]:
	"""Departments of the round that must answer and have not."""
	return [
		row["department"]
		for row in _tasks(order.name, order.review_round)
		if row["status"] == opinions.OPEN and row["is_required"]
	]


def lets_pass(order: Document, department: str) -> bool:
	"""Whether the department, in this round, agreed under a condition."""
	return any(
		row["department"] == department and row["status"] == ANSWERED and row["opinion"] == CONDITION
		for row in _tasks(order.name, order.review_round)
	)


def conditions(order: Document) -> list[dict[str, Any]]:
	"""Rows of the conditions under which departments of the round agreed."""
	found = frappe.get_all(
		REVIEW_TASK,
		filters={
			"reference_name": order.name,
			"review_round": order.review_round,
			"status": ANSWERED,
			"opinion": CONDITION,
		},
		fields=[
			"name",
			"department",
			"condition_text",
			"condition_responsible",
			"condition_due",
			"condition_before",
		],
		order_by="creation",
	)
	return [
		{
			"department": row.department,
			"condition_text": row.condition_text,
			"responsible": row.condition_responsible,
			"due_date": row.condition_due,
			"due_before": row.condition_before,
			"review_task": row.name,
		}
		for row in found
	]


def overview(order: Document) -> list[dict[str, Any]]:
	"""The tasks of all rounds, newest round first, for the order's form."""
	fields = [
		"name", "department", "review_round", "is_required", "status", "opinion", "user", "due_at", "answered_at",
		"condition_text", "acceptable_if", "carried_from", "is_overruled", "overrule_reason", "note", "proposed_date",
	]  # fmt: skip
	names = department_names()
	rows = frappe.get_all(
		REVIEW_TASK,
		filters={"reference_doctype": INTENT_ORDER, "reference_name": order.name},
		fields=fields,
		order_by="review_round desc, creation asc",
	)
	for row in rows:
		row.department_name = names.get(row.department, row.department)
	return rows


def department_names() -> dict[str, str]:
	"""Department code → name in the user's language."""
	chinese = (frappe.local.lang or "").startswith("zh")
	found = frappe.get_all(
		"Department",
		filters={"department_code": ["is", "set"]},
		fields=["department_code", "department_name", "department_name_en"],
	)
	return {
		row.department_code: (None if chinese else row.department_name_en) or row.department_name
		for row in found
	}


def _tasks(name: str, round_no: int | None) -> list[dict[str, Any]]:
	"""Tasks of a round as they stand now, locked: an answer given meanwhile is seen, not overlooked."""
	if cint(round_no) < 1:
		return []  # a locking read that finds nothing would bar others from asking about their orders
	return frappe.db.get_values(
		REVIEW_TASK,
		{"reference_name": name, "review_round": cint(round_no)},
		list(_SEEN),
		as_dict=True,
		for_update=True,
		order_by="creation",
	)


def _opinion(row: Mapping[str, Any]) -> Opinion:
	return Opinion(
		row["department"],
		bool(row["is_required"]),
		row["status"],
		row["opinion"] or "",
		bool(row["is_overruled"]),
		row["scope_hash"] or "",
	)


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Opinion"), exc=ReviewTaskError)


def _refuse_routing(message: str) -> None:
	frappe.throw(message, title=_("Opinion Routing"), exc=RoutingError)
