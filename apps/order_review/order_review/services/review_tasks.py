"""Opinions of departments (会签): asked by routing, answered once, joined, carried into the next round, overruled.

They work for every DocType of ``services.reviewed``; what differs between them is said there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, now_datetime

from order_review.constants import REVIEW_TASK
from order_review.engine import opinions
from order_review.engine.opinions import ANSWERED, CONDITION, Opinion
from order_review.exceptions import ReviewTaskError, SelfApprovalError
from order_review.services import (
	clocks,
	conditions,
	deadlines,
	delegations,
	forecast,
	guard,
	notices,
	opinion_answer,
	reviewed,
	technical_issues,
)
from order_review.services.opinion_routing import USUAL_HOURS, Asked, asked

ANSWER = opinion_answer.FIELDS

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
	unsealed=frozenset(
		"is_overruled overruled_by overrule_reason due_at paused_since paused_hours is_overdue reminded_pct".split()
	),
)


# --- a round ------------------------------------------------------------------------------------------------


def preview(document: Document) -> list[dict[str, Any]]:
	"""Who would be asked now, until when, when their answer is to be expected, and whose opinion would be carried over."""
	facts, now, time = _scope(document), now_datetime(), deadlines.working_time()
	carried = _carried(document, document.review_round, facts)
	names, ones = department_names(), asked(document)
	finish = forecast.expected_finish(
		{one.department: (one.role, one.hours) for one in ones if one.department not in carried}
	)
	return [
		{
			"department": one.department,
			"department_name": names.get(one.department, one.department),
			"role": one.role,
			"is_required": one.is_required,
			"hours": one.hours,
			"checks": one.checks,
			"users": len(delegations.users_with(one.role)),
			"carried_from": (carried.get(one.department) or {}).get("name"),
			"due_at": None
			if one.department in carried
			else time.after(now, one.hours).replace(microsecond=0),
			"expected_at": finish.get(one.department),
		}
		for one in ones
	]


def open_round(document: Document) -> None:
	"""Ask the departments; carry over what the last round said of the same things; join when nobody is left."""
	facts = _scope(document)
	carried = _carried(document, document.review_round, facts)
	given = _given(document, facts)
	for one in asked(document):
		if one.department in given:
			continue
		before = carried.get(one.department)
		scope = opinions.scope_hash(one.department, facts)
		task = _ask(document, one, scope, is_told=before is None)
		if before:
			_carry(task, before["name"])
	join(document.doctype, document.name)


def _ask(document: Document, one: Asked, scope: str, *, is_told: bool) -> Document:
	now = now_datetime()
	task = frappe.get_doc(
		{
			"doctype": REVIEW_TASK,
			"title": f"{one.department} · {document.name}",
			"reference_doctype": document.doctype,
			"reference_name": document.name,
			"process_name": reviewed.of(document.doctype).process,
			"review_round": document.review_round,
			"department": one.department,
			"role": one.role,
			"is_required": int(one.is_required),
			"received_at": now,
			"due_at": deadlines.working_time().after(now, one.hours).replace(microsecond=0),
			"paused_since": now if technical_issues.is_waiting(document.doctype, document.name) else None,
			"hours_allowed": one.hours,
			"checks_zh": one.checks_zh,
			"checks_en": one.checks_en,
			"scope_hash": scope,
		}
	)
	guard.insert(task)
	if is_told:
		_tell_asked(document, task)
	return task


def _tell_asked(document: Document, task: Document) -> None:
	notices.tell(
		task,
		delegations.users_with(task.role),
		lambda: _("{0}: your opinion is asked for {1} (round {2})").format(
			task.department, document.name, document.review_round
		),
	)


def _carried(document: Document, round_no: int, facts: Mapping[str, Any]) -> dict[str, Any]:
	"""Department → the task of the last round whose opinion still holds."""
	last = _tasks(document, cint(round_no) - 1)
	return {
		row["department"]: row
		for row in last
		if opinions.is_carried(_opinion(row), opinions.scope_hash(row["department"], facts))
	}


def _given(document: Document, facts: Mapping[str, Any]) -> set[str]:
	"""Departments whose opinion of this round stands, when opinions are collected again after a lifted veto.

	An objection, or an opinion on something that has changed since, becomes void: it is asked for again.
	"""
	standing = set()
	for row in _tasks(document, document.review_round):
		if row["status"] != ANSWERED:
			continue
		if opinions.is_carried(_opinion(row), opinions.scope_hash(row["department"], facts)):
			standing.add(row["department"])
		else:
			reason = _("Opinions are collected again.")
			guard.write(frappe.get_doc(REVIEW_TASK, row["name"]), {"status": "Void"}, reason=reason)
	return standing


def _carry(task: Document, name: str) -> None:
	before = frappe.get_doc(REVIEW_TASK, name)
	answer = {field: before.get(field) for field in (*ANSWER, "user", "on_behalf_of", "answered_at")}
	reason = _("Carried over from round {0}").format(before.review_round)
	guard.write(task, {**answer, "status": ANSWERED, "carried_from": name}, reason=reason)


def join(doctype: str, name: str) -> None:
	"""Let the document go on when no required opinion and no blocking issue is open.

	The caller holds the document's row.
	"""
	document = frappe.get_doc(doctype, name, for_update=True)
	rules = reviewed.of(doctype)
	if document.status != rules.collecting:
		return
	issues = technical_issues.blocking_open(doctype, name)
	result = opinions.join(map(_opinion, _tasks(document, document.review_round)), issues)
	if result != opinions.WAITING:
		conditions.sync(document)
		rules.joined(document, result)


def cancel_open(document: Document) -> None:
	"""Call off the opinions that are still open; what was asked for information only may still come."""
	lingering = document.status in reviewed.of(document.doctype).lingering
	for row in _tasks(document, document.review_round):
		if row["status"] != opinions.OPEN or (lingering and not row["is_required"]):
			continue
		task = frappe.get_doc(REVIEW_TASK, row["name"])
		guard.write(task, {"status": "Cancelled"}, reason=_(document.status))


def void_changed(document: Document) -> None:
	"""Void opinions on something that has changed since, visibly, and ask again while opinions are collected."""
	facts = _scope(document)
	for row in _tasks(document, document.review_round):
		now = opinions.scope_hash(row["department"], facts)
		if row["scope_hash"] == now or row["status"] not in (opinions.OPEN, ANSWERED):
			continue
		task = frappe.get_doc(REVIEW_TASK, row["name"])
		if row["status"] == ANSWERED:
			guard.write(task, {"status": "Void"}, reason=_("What was judged has changed."))
			_ask(document, _again(task), now, is_told=True)
			_reopen(document)
		else:
			guard.write(task, {"scope_hash": now})


def _again(task: Document) -> Asked:
	return Asked(
		task.department,
		task.role,
		bool(task.is_required),
		task.hours_allowed or USUAL_HOURS,
		task.checks_zh or "",
		task.checks_en or "",
	)


def _reopen(document: Document) -> None:
	"""An opinion is asked again in a round that may have been complete."""
	rules = reviewed.of(document.doctype)
	if document.status == rules.collecting:
		rules.reopened(document)


def forget(document: Document) -> None:
	"""Take the review tasks, conditions and questions away with the document."""
	conditions.forget(document)
	technical_issues.forget(document)
	tasks = {"reference_doctype": document.doctype, "reference_name": document.name}
	frappe.flags.order_review_forgets = document.name
	try:
		for name in frappe.get_all(REVIEW_TASK, filters=tasks, pluck="name"):
			frappe.delete_doc(REVIEW_TASK, name, force=True, ignore_permissions=True)
			frappe.db.delete("Notification Log", {"document_type": REVIEW_TASK, "document_name": name})
	finally:
		frappe.flags.order_review_forgets = None


# --- answers ------------------------------------------------------------------------------------------------


def check_answer(task: Document) -> None:
	"""An opinion is the user's to give; what it lacks, giving it says."""
	_check_answerable(_reference(task), task)


def check_withdraw(task: Document) -> None:
	"""An opinion is the user's to take back."""
	_check_withdrawable(_reference(task), task)


def check_assign(task: Document) -> str | None:
	"""A task is the user's to assign; gives the absent user for whom he does it."""
	task.check_permission("read")
	absent = delegations.taken_role("Order Supervisor", _("Only the Order Supervisor assigns opinions."))
	if task.status != opinions.OPEN:
		_refuse(_("{0} is no longer open: {1}.").format(task.name, _(task.status, context=REVIEW_TASK)))
	return absent


def check_overrule(task: Document) -> None:
	"""An objection is the user's to overrule."""
	_check_overrulable(_reference(task), task)


OFFERS = {
	"answer": check_answer,
	"withdraw": check_withdraw,
	"assign": check_assign,
	"overrule": check_overrule,
}
"""What the form offers, each with the check its call begins with."""


def _reference(task: Document) -> Document:
	return frappe.get_doc(task.reference_doctype, task.reference_name)


def _check_answerable(document: Document, task: Document) -> str | None:
	"""The task is open, its round too, and the user answers for the department; gives for which absent user."""
	absent = _check_role(task)
	if task.status != opinions.OPEN:
		_refuse(
			_("{0} is no longer open: {1}, {2}. Reload it.").format(
				task.name, _(task.status, context=REVIEW_TASK), delegations.signature(task.user, None) or "–"
			)
		)
	_check_round(document, task)
	_check_hand(document, absent)
	return absent


def _check_withdrawable(document: Document, task: Document) -> str | None:
	absent = _check_role(task)
	_check_round(document, task)
	if task.status != ANSWERED:
		_refuse(_("{0} has no opinion to withdraw.").format(task.name))
	return absent


def _check_overrulable(document: Document, task: Document) -> str | None:
	manager, refusal = (
		"Sales Operations Manager",
		_("Only the Sales Operations Manager overrules an objection."),
	)
	absent = delegations.taken_role(manager, refusal)
	if not _opinion(task.as_dict()).objects or task.review_round != document.review_round:
		_refuse(_("{0} is no objection that stands.").format(task.name))
	if task.department in opinions.BLOCKING:
		_refuse(
			_("An objection of {0} is overruled by nobody: change the order, or get what is missing.").format(
				task.department
			)
		)
	_check_hand(document, absent)
	return absent


def answer(name: str, values: Mapping[str, Any]) -> str:
	"""Give a department's opinion; tells the status of the document afterwards.

	Args:
		name: the review task.
		values: fields of the answer, as in ANSWER.

	Raises:
		frappe.PermissionError: the user does not have the department's role.
		ReviewTaskError: it is answered already, its round is over, or the answer is not complete.
	"""
	document, task = _locked(name)
	absent = _check_answerable(document, task)
	given = opinion_answer.read(values)
	opinion_answer.check(task, given)
	with guard.acting(absent):
		guard.write(task, {**given, **_stamp(task), "on_behalf_of": absent}, reason=given["note"])
	for path in reviewed.AFTER_ANSWER:
		frappe.get_attr(path)(document, task)
	join(document.doctype, document.name)
	_follow_late(document, task)
	status = str(frappe.db.get_value(document.doctype, document.name, "status"))
	if status == reviewed.of(document.doctype).collecting and _opinion(task.as_dict()).blocks:
		_tell_blocked(document, task)
	return status


def _follow_late(document: Document, task: Document) -> None:
	"""An opinion that comes after the join brings its condition; one asked again may object, or be the last."""
	rules = reviewed.of(document.doctype)
	if document.status not in (*rules.lingering, *rules.asked_again):
		return
	conditions.sync(document)
	rules.overruled(document)
	if task.is_required and not open_required(document):
		_tell_complete(document)


def _tell_complete(document: Document) -> None:
	notices.tell(
		document,
		[document.get(reviewed.of(document.doctype).owner_field)],
		lambda: _("{0}: all opinions are given (round {1})").format(document.name, document.review_round),
	)


def _tell_blocked(document: Document, task: Document) -> None:
	"""Who keeps the document need not wait for the others: nobody overrules this objection."""
	notices.tell(
		document,
		[document.get(reviewed.of(document.doctype).owner_field)],
		lambda: _("{0}: {1} objects, and nobody overrules it").format(document.name, task.department),
	)


def _stamp(task: Document) -> dict[str, Any]:
	now = now_datetime()
	return {
		"status": ANSWERED,
		"user": frappe.session.user,
		"answered_at": now,
		"hours_used": clocks.used(task, now),
		"paused_since": None,
	}


def withdraw(name: str, reason: str) -> str:
	"""Take an opinion back before the join, to give another one; tells the name of the new task.

	Raises:
		frappe.PermissionError: the user does not have the department's role.
		ReviewTaskError: it is not answered, its round is over, or no reason is given.
	"""
	document, task = _locked(name)
	absent = _check_withdrawable(document, task)
	_check_reason(reason)
	with guard.acting(absent):
		guard.write(task, {"status": "Withdrawn"}, reason=reason)
	new = _ask(document, _again(task), task.scope_hash, is_told=False)
	_reopen(document)
	return str(new.name)


def assign(name: str, user: str) -> None:
	"""Say who is to answer a task; others of the department still may.

	Raises:
		frappe.PermissionError: the session's user is not the Order Supervisor.
		ReviewTaskError: the task is not open, or the user cannot answer it.
	"""
	_document, task = _locked(name)
	absent = check_assign(task)
	if user not in delegations.users_with(task.role):
		_refuse(
			_("{0} cannot answer for {1}: neither has the role {2} nor acts for somebody who has it.").format(
				user, task.department, _(task.role)
			)
		)
	with guard.acting(absent):
		guard.write(task, {"assigned_to": user})
	notices.tell(task, [user], lambda: _("{0} is assigned to you").format(task.title))


def overrule(name: str, reason: str) -> None:
	"""Let a document go on against an objection, in writing.

	Raises:
		frappe.PermissionError: the user is not the Sales Operations Manager.
		ReviewTaskError: there is nothing to overrule, or nobody may.
	"""
	document, task = _locked(name)
	absent = _check_overrulable(document, task)
	_check_reason(reason)
	values = {"is_overruled": 1, "overruled_by": frappe.session.user, "overrule_reason": reason.strip()}
	with guard.acting(absent):
		guard.write(task, values, reason=reason)
	rules = reviewed.of(document.doctype)
	rules.overruled(document)
	notices.tell(
		document,
		[document.get(rules.owner_field), task.user],
		lambda: _("{0}: the objection of {1} is overruled").format(document.name, task.department),
	)


def _locked(name: str) -> tuple[Document, Document]:
	"""The document and the task, both locked, the document first; the user may read the task."""
	reference = frappe.db.get_value(REVIEW_TASK, name, ["reference_doctype", "reference_name"])
	if not reference:
		raise frappe.DoesNotExistError(
			_("{0} {1} not found", context="Order Review").format(_(REVIEW_TASK), name)
		)
	_lock_holder(*reference)
	document = frappe.get_doc(*reference, for_update=True)
	task = frappe.get_doc(REVIEW_TASK, name, for_update=True)
	task.check_permission("read")
	return document, task


def _lock_holder(doctype: str, name: str) -> None:
	"""Lock what a document hangs on before the document, as everybody does who changes both."""
	if held_by := reviewed.of(doctype).held_by:
		field, holder = held_by
		frappe.db.get_value(holder, frappe.db.get_value(doctype, name, field), "name", for_update=True)


def _check_role(task: Document) -> str | None:
	"""The absent user for whom the user answers; None when the role is the user's own."""
	refusal = _("Only {0} answers for {1}.").format(_(task.role), task.department)
	return delegations.taken_role(task.role, refusal)


def _check_hand(document: Document, absent: str | None) -> None:
	"""Neither who answers nor for whom they answer wrote the document or took it this far."""
	if {frappe.session.user, absent} & guard.takers(document):
		frappe.throw(
			_("Who had a hand in {0} does not judge it. Somebody else answers.").format(document.name),
			title=_("Opinion"),
			exc=SelfApprovalError,
		)


def _check_round(document: Document, task: Document) -> None:
	rules = reviewed.of(document.doctype)
	answerable = (rules.collecting,) if task.is_required else (rules.collecting, *rules.lingering)
	if task.status == opinions.OPEN:
		answerable += rules.asked_again
	if task.review_round != document.review_round or document.status not in answerable:
		_refuse(
			_("Round {0} of {1} is over ({2}); opinions on it are no longer taken.").format(
				task.review_round, document.name, _(document.status, context=document.doctype)
			)
		)
	now = opinions.scope_hash(task.department, _scope(document))
	if task.status == opinions.OPEN and task.scope_hash != now:
		_refuse(_("What {0} judges has changed. Reload it and look again.").format(task.department))


def _check_reason(reason: str) -> None:
	if not (reason or "").strip():
		_refuse(_("State the reason in writing."))


# --- what the document asks ---------------------------------------------------------------------------------


def standing_objections(document: Document) -> list[str]:
	"""Departments of the round whose objection stands."""
	return [row["department"] for row in _tasks(document, document.review_round) if _opinion(row).objects]


def is_objected(document: Document) -> bool:
	"""Whether an objection of the round stands; read without a lock, for who only looks keeps nobody waiting."""
	standing = {
		"reference_doctype": document.doctype,
		"reference_name": document.name,
		"review_round": cint(document.review_round),
		"status": ANSWERED,
		"opinion": opinions.OBJECT,
		"is_overruled": 0,
	}
	return bool(frappe.db.exists(REVIEW_TASK, standing))


def blocking_objections(document: Document) -> list[str]:
	"""Departments of the round whose objection stands and is overruled by nobody."""
	return [row["department"] for row in _tasks(document, document.review_round) if _opinion(row).blocks]


def open_required(document: Document) -> list[str]:
	"""Departments of the round that must answer and have not."""
	return [
		row["department"]
		for row in _tasks(document, document.review_round)
		if row["status"] == opinions.OPEN and row["is_required"]
	]


def waiting_words(document: Document) -> str:
	"""What the opinions of the round wait for, in words: departments that have not answered, questions not closed."""
	departments = open_required(document)
	asked = [_("opinions of {0}").format(", ".join(departments))] if departments else []
	return "; ".join([*asked, *technical_issues.blocking_words(document)]) or "–"


def lets_pass(document: Document, department: str) -> bool:
	"""Whether the department, in this round, agreed under a condition."""
	return any(
		row["department"] == department and row["status"] == ANSWERED and row["opinion"] == CONDITION
		for row in _tasks(document, document.review_round)
	)


def has_answered(document: Document, department: str) -> bool:
	"""Whether the department, in this round, gave its opinion, whatever it is."""
	return any(
		row["department"] == department and row["status"] == ANSWERED
		for row in _tasks(document, document.review_round)
	)


def overview(document: Document) -> list[dict[str, Any]]:
	"""The tasks of all rounds, newest round first, for the document's form."""
	fields = [
		"name", "department", "review_round", "is_required", "status", "opinion", "user", "due_at", "answered_at",
		"condition_text", "acceptable_if", "carried_from", "is_overruled", "overrule_reason", "note", "proposed_date",
		"on_behalf_of", "assigned_to",
	]  # fmt: skip
	names = department_names()
	rows = frappe.get_all(
		REVIEW_TASK,
		filters={"reference_doctype": document.doctype, "reference_name": document.name},
		fields=fields,
		order_by="review_round desc, creation asc",
	)
	for row in rows:
		row.department_name = names.get(row.department, row.department)
		row.user_text = delegations.signature(row.user, row.on_behalf_of)
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


def _tasks(document: Document, round_no: int | None) -> list[dict[str, Any]]:
	"""Tasks of a round as they stand now, locked: an answer given meanwhile is seen, not overlooked."""
	if cint(round_no) < 1:
		return []  # a locking read that finds nothing would bar others from asking about their orders
	return frappe.db.get_values(
		REVIEW_TASK,
		{
			"reference_doctype": document.doctype,
			"reference_name": document.name,
			"review_round": cint(round_no),
		},
		list(_SEEN),
		as_dict=True,
		for_update=True,
		order_by="creation",
	)


def _scope(document: Document) -> Mapping[str, Any]:
	return reviewed.of(document.doctype).scope(document)


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
