"""Each state has its step: what a document's status says is what its last step led to."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import frappe
from frappe import _
from frappe.model.base_document import get_controller
from frappe.query_builder import DocType
from frappe.query_builder.functions import Count, Max

from order_review.constants import MODULES
from order_review.services.guard import EVENTS, GuardedDocument, Process
from order_review.services.verify.finding import Finding

_EVENT = "Document Event"


def guarded() -> dict[str, Process]:
	"""The site's DocTypes whose steps are guarded, each with its process."""
	names = frappe.get_all(
		"DocType", {"module": ["in", MODULES], "istable": 0}, pluck="name", order_by="name"
	)
	found = {}
	for name in names:
		controller = get_controller(name)
		if issubclass(controller, GuardedDocument):
			found[name] = controller.process
	return found


def states_have_their_step() -> Iterator[Finding]:
	"""The last step of every guarded document led to the status it has."""
	remedy = _(
		"Nothing of the app changes a status without a step: see who wrote to the database, and put it back."
	)
	for doctype, process in guarded().items():
		document, event, last = DocType(doctype), DocType(_EVENT), _last_steps(doctype)
		status = document[process.status_field]
		rows = (
			frappe.qb.from_(document)
			.left_join(last)
			.on(last.parent == document.name)
			.left_join(event)
			.on((event.parent == document.name) & (event.parenttype == doctype) & (event.idx == last.idx))
			.select(document.name, status.as_("status"), event.to_status)
			.where(event.to_status.isnull() | (event.to_status != status))
			.run(as_dict=True)
		)
		for row in rows:
			wrong = _("It is {0}, but its last step led to {1}.").format(
				_(row.status or "", context=doctype), _(row.to_status or "–", context=doctype)
			)
			yield Finding(doctype, row.name, wrong, remedy)


def _last_steps(doctype: str) -> Any:
	event = DocType(_EVENT)
	return (
		frappe.qb.from_(event)
		.select(event.parent, Max(event.idx).as_("idx"))
		.where((event.parenttype == doctype) & (event.parentfield == EVENTS))
		.groupby(event.parent)
	).as_("last")


def steps_follow_one_another() -> Iterator[Finding]:
	"""Each step begins where the one before it ended, and none is missing."""
	found = partial(
		Finding,
		remedy=_("Steps are never taken away: look into the database's history for the one that is missing."),
	)
	for doctype in guarded():
		for name in sorted({*_gaps(doctype), *_jumps(doctype)}):
			yield found(doctype, name, _("Its steps do not follow one another."))


def _gaps(doctype: str) -> list[str]:
	event = DocType(_EVENT)
	rows = (
		frappe.qb.from_(event)
		.select(event.parent)
		.where(event.parenttype == doctype)
		.groupby(event.parent)
		.having(Count(event.name) != Max(event.idx))
		.run()
	)
	return [name for (name,) in rows]


def _jumps(doctype: str) -> list[str]:
	before, after = DocType(_EVENT).as_("before_step"), DocType(_EVENT).as_("after_step")
	rows = (
		frappe.qb.from_(after)
		.join(before)
		.on(
			(before.parent == after.parent)
			& (before.parenttype == after.parenttype)
			& (before.idx == after.idx - 1)
		)
		.select(after.parent)
		.where((after.parenttype == doctype) & (after.from_status != before.to_status))
		.run()
	)
	return [name for (name,) in rows]


def steps_say_who_took_them() -> Iterator[Finding]:
	"""Every step names who took it, and is sealed with the content it was taken on."""
	remedy = _(
		"Ask the administrator who wrote to the table of steps; a step without its taker proves nothing."
	)
	rows = frappe.get_all(
		_EVENT,
		or_filters=[["actor", "is", "not set"], ["content_hash", "is", "not set"]],
		fields=["parenttype", "parent", "to_status"],
	)
	for row in rows:
		wrong = _("The step to {0} has no taker or no seal.").format(row.to_status)
		yield Finding(row.parenttype, row.parent, wrong, remedy)


def submitted_as_the_state_says() -> Iterator[Finding]:
	"""A document is submitted in the states in which its process says so, and in no others."""
	remedy = _("Put back the document status that belongs to its state; nobody submits or cancels by hand.")
	for doctype, process in guarded().items():
		wrong_ones = frappe.get_all(
			doctype,
			fields=["name", f"{process.status_field} as status", "docstatus"],
			filters=_unlike(process),
		)
		for row in wrong_ones:
			if row.docstatus != process.docstatus.get(row.status, 0):
				wrong = _("It is {0} and has the document status {1}.").format(
					_(row.status, context=doctype), row.docstatus
				)
				yield Finding(doctype, row.name, wrong, remedy)


def _unlike(process: Process) -> dict[str, Any]:
	"""Where no state submits, only what is not a draft is looked at."""
	return {} if process.docstatus else {"docstatus": ["!=", 0]}
