"""Conditions of opinions (评审条件) as records: set when a round is joined, met with evidence, waived in writing.

Later documents ask here what is still open before they go on: a contract before it becomes effective, an order entry
before its release, a delivery before it leaves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, now_datetime, today

from order_review.constants import REVIEW_CONDITION, REVIEW_TASK
from order_review.engine.opinions import ANSWERED, CONDITION
from order_review.exceptions import ReviewConditionError
from order_review.services import condition_evidence, delegations, guard, notices, responsible, reviewed

STAGES = ("Contract Effective", "Release", "Delivery")
"""What conditions are to be met before, the earliest first."""

KEEPERS = ("Order Administrator", "Order Supervisor")
"""Roles that settle any condition, beside who is responsible and the department that set it."""

WAIVER = "Sales Operations Manager"

PROCESS = guard.Process(
	first="Open",
	writable={},
	computed=frozenset(),
	system_moves=frozenset({("Open", "Met"), ("Open", "Waived"), ("Open", "Void"), ("Void", "Open")}),
	unsealed=frozenset({"is_overdue", "reminded_pct"}),
)

_OF_TASK = (
	"name department role review_round condition_text condition_responsible condition_due condition_before verdict_ccc "
	"carried_from creation"
).split()


# --- asked by later documents -------------------------------------------------------------------------------


def open_before(reference_names: Sequence[tuple[str, str]], stage: str) -> list[dict[str, Any]]:
	"""Conditions of documents that are open and must be met before a stage, the earliest due first.

	Args:
		reference_names: DocType and name of each document.
		stage: one of STAGES; what was due before an earlier stage counts as well.
	"""
	stages = STAGES[: STAGES.index(stage) + 1]
	found: list[dict[str, Any]] = []
	for doctype, name in dict.fromkeys(reference_names):
		found += frappe.get_all(
			REVIEW_CONDITION,
			filters={
				"reference_doctype": doctype,
				"reference_name": name,
				"status": "Open",
				"due_before": ["in", stages],
			},
			fields=["*"],
			order_by="due_date, creation",
		)
	return found


def of_documents(reference_names: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
	"""All conditions of documents except void ones, for their forms."""
	found: list[dict[str, Any]] = []
	for doctype, name in dict.fromkeys(reference_names):
		found += frappe.get_all(
			REVIEW_CONDITION,
			filters={"reference_doctype": doctype, "reference_name": name, "status": ["!=", "Void"]},
			fields=[
				"name", "reference_doctype", "reference_name", "status", "department", "condition_text", "responsible",
				"responsible_user", "responsible_role", "due_date", "due_before", "evidence", "evidence_file", "waive_reason",
				"met_on", "met_by", "is_certificate", "review_task",
			],
			order_by="due_date, creation",
		)  # fmt: skip
	return found


def rows(document: Document) -> list[dict[str, Any]]:
	"""Rows of the document's own table of conditions, with the record of each."""
	return [
		{
			"department": row["department"],
			"condition_text": row["condition_text"],
			"responsible": row["responsible"],
			"due_date": row["due_date"],
			"due_before": row["due_before"],
			"review_task": row["review_task"],
		}
		for row in of_documents([(document.doctype, document.name)])
	]


# --- set ----------------------------------------------------------------------------------------------------


def sync(document: Document) -> None:
	"""Make the records of the round's conditions; void those whose opinion no longer stands.

	A condition that was carried over from an earlier round goes on as the same record, met or not; one that was
	void while its opinion stood, as after a lifted veto, is open again. The caller holds the document's row.
	"""
	tasks = _tasks(document)
	known = {row.review_task: row for row in _records(document) if row.review_task}
	kept = set()
	for task in tasks:
		record = next((known[name] for name in _line_of(task) if name in known), None)
		kept.add(record.name if record else _set(document, task))
		if record and record.review_task != task["name"]:
			_write(record.name, {"review_task": task["name"], "review_round": task["review_round"]})
		if record and record.status == "Void":
			_write(record.name, {"status": "Open"}, _("The opinion it came with stands."))
	for row in known.values():
		if row.name not in kept and row.status == "Open":
			_write(row.name, {"status": "Void"}, _("The opinion it came with no longer stands."))


def void(document: Document, reason: str) -> None:
	"""Void the open conditions of a document that goes no further."""
	for row in _records(document):
		if row.status == "Open":
			_write(row.name, {"status": "Void"}, reason)


def revive(document: Document, reason: str) -> None:
	"""Open again what was void because the document went no further, now that it does.

	What a department set stands or falls with its opinion; what was set by hand comes back.
	"""
	standing = {name for task in _tasks(document) for name in _line_of(task)}
	for row in _records(document):
		if row.status == "Void" and (not row.review_task or row.review_task in standing):
			_write(row.name, {"status": "Open"}, reason)


def add(document: Document, values: Mapping[str, Any]) -> str:
	"""Set a condition by hand; gives its name.

	Args:
		values: condition_text, responsible, due_date, due_before.

	Raises:
		frappe.PermissionError: the user keeps no conditions.
		ReviewConditionError: it is not complete.
	"""
	check_add(document)
	missing = [
		name for name in ("condition_text", "responsible", "due_date", "due_before") if not values.get(name)
	]
	if missing:
		meta = frappe.get_meta(REVIEW_CONDITION)
		_refuse(
			_("The condition is not complete: {0}.").format(
				", ".join(_(meta.get_label(name), context=meta.name) for name in missing)
			)
		)
	if values["due_before"] not in STAGES:
		_refuse(_("{0} is no stage a condition is met before.").format(values["due_before"]))
	if getdate(values["due_date"]) < getdate(today()):
		_refuse(_("The condition is due in the past."))
	return _insert(
		document,
		{
			name: str(values[name]).strip()
			for name in ("condition_text", "responsible", "due_date", "due_before")
		},
	)


def forget(document: Document) -> None:
	"""Take the conditions away with the document."""
	frappe.flags.order_review_forgets = document.name
	try:
		for row in _records(document):
			frappe.delete_doc(REVIEW_CONDITION, row.name, force=True, ignore_permissions=True)
			about = {"document_type": REVIEW_CONDITION, "document_name": row.name}
			frappe.db.delete("Notification Log", about)
	finally:
		frappe.flags.order_review_forgets = None


def _set(document: Document, task: Mapping[str, Any]) -> str:
	return _insert(
		document,
		{
			"review_task": task["name"],
			"review_round": task["review_round"],
			"department": task["department"],
			"role": task["role"],
			"condition_text": task["condition_text"],
			"responsible": task["condition_responsible"],
			"due_date": task["condition_due"],
			"due_before": task["condition_before"],
			"is_certificate": int(task["verdict_ccc"] == "Extension Needed"),
		},
	)


def _insert(document: Document, values: Mapping[str, Any]) -> str:
	record = frappe.get_doc(
		{
			"doctype": REVIEW_CONDITION,
			"title": f"{values.get('department') or _('Condition')} · {document.name}",
			"reference_doctype": document.doctype,
			"reference_name": document.name,
			**responsible.of(values["responsible"]),
			**values,
		}
	)
	guard.insert(record)
	subject = _("{0}: a condition is yours to meet before {1}").format(
		document.name, _(record.due_before, context=REVIEW_CONDITION)
	)
	notices.tell(record, _responsible_users(record), subject, record.condition_text)
	return str(record.name)


def _responsible_users(record: Document) -> list[str]:
	if record.responsible_user:
		return [record.responsible_user]
	return delegations.users_with(record.responsible_role) if record.responsible_role else []


def _tasks(document: Document) -> list[dict[str, Any]]:
	# Read as they are now: what another department said while this one waited for the document's row counts.
	found: list[dict[str, Any]] = frappe.db.get_values(
		REVIEW_TASK,
		{
			"reference_doctype": document.doctype,
			"reference_name": document.name,
			"review_round": document.review_round,
			"status": ANSWERED,
			"opinion": CONDITION,
		},
		_OF_TASK,
		order_by="creation",
		as_dict=True,
		for_update=True,
	)
	return found


def _line_of(task: Mapping[str, Any]) -> list[str]:
	"""The task and those its opinion was carried over from, the latest first."""
	line, before = [task["name"]], task["carried_from"]
	while before and before not in line:
		line.append(before)
		before = frappe.db.get_value(REVIEW_TASK, before, "carried_from")
	return line


def _records(document: Document) -> list[Any]:
	found: list[Any] = frappe.db.get_values(
		REVIEW_CONDITION,
		{"reference_doctype": document.doctype, "reference_name": document.name},
		["name", "status", "review_task"],
		as_dict=True,
		for_update=True,
	)
	return found


# --- settled ------------------------------------------------------------------------------------------------


def meet(name: str, evidence: str = "", file_url: str = "") -> None:
	"""Say that a condition is met, and by what that is seen: in words, by a file, or both.

	Args:
		file_url: a file the user has uploaded; it hangs on the condition from now on and stays.

	Raises:
		frappe.PermissionError: the user is not responsible, not of the department that set it, and keeps no conditions.
		ReviewConditionError: it is not open, or there is no evidence.
	"""
	record = _locked(name)
	absent = _settler(record)
	said = (evidence or "").strip()
	if not (said or file_url):
		_refuse(_("State the evidence or attach it: by what it is seen that the condition is met."))
	file_url = condition_evidence.attach(record, file_url) if file_url else ""
	values = {"status": "Met", "evidence": said or None, "evidence_file": file_url or None}
	_settle(record, absent, values, said or file_url.rsplit("/", 1)[-1])


def waive(name: str, reason: str) -> None:
	"""Let a condition go, in writing.

	Raises:
		frappe.PermissionError: the user is not the Sales Operations Manager.
		ReviewConditionError: it is not open, nobody waives it, or no reason is given.
	"""
	record = _locked(name)
	absent = check_waive(record)
	if not (reason or "").strip():
		_refuse(_("State the reason in writing."))
	_settle(record, absent, {"status": "Waived", "waive_reason": reason.strip()}, reason)


def _locked(name: str) -> Document:
	"""The condition under a lock, after its document's; open, and readable to the user."""
	reference = frappe.db.get_value(REVIEW_CONDITION, name, ["reference_doctype", "reference_name"])
	if not reference:
		raise frappe.DoesNotExistError(
			_("{0} {1} not found", context="Order Review").format(_(REVIEW_CONDITION), name)
		)
	frappe.db.get_value(reference[0], reference[1], "name", for_update=True)
	record = frappe.get_doc(REVIEW_CONDITION, name, for_update=True)
	record.check_permission("read")
	_check_open(record)
	return record


def _check_open(record: Document) -> None:
	if record.status != "Open":
		_refuse(
			_("{0} is no longer open: {1}, {2}. Reload it.").format(
				record.name,
				_(record.status, context=REVIEW_CONDITION),
				delegations.signature(record.met_by, None) or "–",
			)
		)


def check_meet(record: Document) -> None:
	"""A condition is the user's to mark as met; the evidence, meeting it asks for."""
	record.check_permission("read")
	_check_open(record)
	_settler(record)


def check_waive(record: Document) -> str | None:
	"""A condition is the user's to waive; gives the absent user for whom he does it."""
	record.check_permission("read")
	_check_open(record)
	absent = delegations.taken_role(WAIVER)
	if record.is_certificate:
		_refuse(_("Nobody waives the extension of a certificate: a contract becomes effective with it only."))
	return absent


OFFERS = {"meet": check_meet, "waive": check_waive}
"""What the form offers, each with the check its call begins with."""


def check_add(document: Document) -> None:
	"""The user sets conditions on a document by hand."""
	document.check_permission("read")
	_role_among((*KEEPERS, WAIVER))


def _settler(record: Document) -> str | None:
	"""For whom the user settles the condition; None when for themselves."""
	if frappe.session.user == record.responsible_user:
		return None
	return _role_among(tuple(role for role in (record.responsible_role, record.role, *KEEPERS) if role))


def _role_among(roles: Sequence[str]) -> str | None:
	"""For whom the user takes one of the roles; None when one of them is the user's own."""
	own = set(frappe.get_roles())
	if own & set(roles):
		return None
	for role in roles:
		if absent := delegations.acting_for(frappe.session.user, role):
			return absent
	frappe.throw(
		_("This is done by: {0}.").format(", ".join(_(role) for role in roles)),
		frappe.PermissionError,
		title=_("Not Permitted", context="Order Review"),
	)
	return None


def _settle(record: Document, absent: str | None, values: Mapping[str, Any], reason: str) -> None:
	stamp = {"met_on": now_datetime(), "met_by": frappe.session.user, "on_behalf_of": absent}
	with guard.acting(absent):
		guard.write(record, {**values, **stamp}, reason=reason)
	owner = frappe.db.get_value(
		record.reference_doctype, record.reference_name, reviewed.of(record.reference_doctype).owner_field
	)
	subject = _("{0}: the condition of {1} is settled: {2}").format(
		record.reference_name, record.department or "–", _(record.status, context=REVIEW_CONDITION)
	)
	notices.tell(record, [owner], subject, record.condition_text)


def _write(name: str, values: Mapping[str, Any], reason: str | None = None) -> None:
	guard.write(frappe.get_doc(REVIEW_CONDITION, name, for_update=True), values, reason=reason)


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Condition"), exc=ReviewConditionError)
