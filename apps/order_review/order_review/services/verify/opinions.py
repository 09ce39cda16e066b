"""Opinions, questions and conditions stand with the document they are about, and end with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint

from order_review.constants import (
	INTENT_ORDER,
	PRODUCTION_CONFIGURATION,
	REVIEW_CONDITION,
	REVIEW_TASK,
	SALES_CONTRACT,
	TECHNICAL_ISSUE,
)
from order_review.engine.opinions import ANSWERED, CONDITION, OPEN
from order_review.services import conditions, delivery_sources, reviewed, technical_issues
from order_review.services.verify.finding import Finding

_JOINED = {
	INTENT_ORDER: ("Consolidating", "Price Approval", "Valid", "Converted", "Expired"),
	SALES_CONTRACT: (
		"Approved for Signing",
		"Seal Pending",
		"Signed",
		"Effective",
		"In Fulfilment",
		"Completed",
	),
	PRODUCTION_CONFIGURATION: ("Released",),
}
"""States behind the join, in which the conditions of opinions stand as records."""

_FIELDS = {
	INTENT_ORDER: ("name", "status", "review_round", "contracted_qty"),
	SALES_CONTRACT: ("name", "status", "review_round"),
	PRODUCTION_CONFIGURATION: ("name", "status", "review_round"),
}


def no_opinion_is_asked_in_vain() -> Iterator[Finding]:
	"""No task is open on a document that takes no opinions, or of a round that is over."""
	remedy = _(
		"Nobody can answer it. Have the document's next step taken, or the task called off by the administrator."
	)
	for task, document in _with_documents(REVIEW_TASK, {"status": OPEN}, "review_round", "is_required"):
		rules = reviewed.of(task.reference_doctype)
		taking = (rules.collecting, *rules.asked_again, *(() if task.is_required else rules.lingering))
		if document.status not in taking or cint(task.review_round) != cint(document.review_round):
			wrong = _("It is open, but {0} is {1} in round {2}.").format(
				document.name, _(document.status, context=task.reference_doctype), document.review_round
			)
			yield Finding(REVIEW_TASK, task.name, wrong, remedy)


def a_department_answers_once() -> Iterator[Finding]:
	"""In a round a department has one task that is open or answered."""
	remedy = _("Keep the opinion the department stands by and withdraw the other one.")
	rows = frappe.get_all(
		REVIEW_TASK,
		{"status": ["in", (OPEN, ANSWERED)]},
		["reference_doctype", "reference_name", "review_round", "department"],
	)
	counted = Counter(tuple(row.values()) for row in rows)
	for (doctype, name, round_no, department), count in counted.items():
		if count > 1:
			wrong = _("{0} is asked {1} times in round {2}.").format(department, count, round_no)
			yield Finding(doctype, name, wrong, remedy)


def no_question_outlives_its_document() -> Iterator[Finding]:
	"""No question is open on a document that ended, and none that blocks on one whose review is over."""
	remedy = _("Let who asked close it, or somebody of the same department while that user is away.")
	open_ones = {"status": ["!=", "Closed"]}
	for issue, document in _with_documents(TECHNICAL_ISSUE, open_ones, "blocking"):
		is_over = document.status in delivery_sources.ENDED
		if is_over or (issue.blocking and document.status in technical_issues.ENDED):
			wrong = _("It is open, but {0} is {1}.").format(
				document.name, _(document.status, context=issue.reference_doctype)
			)
			yield Finding(TECHNICAL_ISSUE, issue.name, wrong, remedy)


def every_condition_of_an_opinion_is_kept() -> Iterator[Finding]:
	"""Every conditional opinion that stands has its condition as a record that is not void."""
	remedy = _("Set the condition again in the document (Add Condition), in the words of the opinion.")
	records = _records_by_task()
	answered = {"status": ANSWERED, "opinion": CONDITION}
	for task, document in _with_documents(
		REVIEW_TASK, answered, "review_round", "carried_from", "department"
	):
		if not _stands(task, document):
			continue
		record = next((records[name] for name in _line_of(task) if name in records), None)
		if record is None or record.status == "Void":
			wrong = _("{0} agreed under a condition in {1}, and the condition is not kept.").format(
				task.department, task.name
			)
			yield Finding(task.reference_doctype, task.reference_name, wrong, remedy)


def _stands(task: Any, document: Any) -> bool:
	return (
		document.status in _JOINED[task.reference_doctype]
		and cint(task.review_round) == cint(document.review_round)
		and not delivery_sources.has_ended(document)
	)


def _records_by_task() -> dict[str, Any]:
	rows = frappe.get_all(REVIEW_CONDITION, {"review_task": ["is", "set"]}, ["name", "status", "review_task"])
	return {row.review_task: row for row in rows}


def _line_of(task: Any) -> list[str]:
	line, before = [task.name], task.carried_from
	while before and before not in line:
		line.append(before)
		before = frappe.db.get_value(REVIEW_TASK, before, "carried_from")
	return line


def no_condition_outlives_its_document() -> Iterator[Finding]:
	"""No condition is open on a document that goes no further."""
	remedy = _("It holds nothing up any more; the administrator makes it void.")
	for record, document in _with_documents(REVIEW_CONDITION, {"status": "Open"}):
		if delivery_sources.has_ended(document):
			wrong = _("It is open, but {0} is {1}.").format(
				document.name, _(document.status, context=record.reference_doctype)
			)
			yield Finding(REVIEW_CONDITION, record.name, wrong, remedy)


def no_stage_was_passed_with_an_open_condition() -> Iterator[Finding]:
	"""No contract became effective and nothing was released past a condition that was to be met before."""
	remedy = _("Have the condition met or waived now, and find out who took the step past it.")
	for doctype, status, stage in (
		(SALES_CONTRACT, "Effective", "Contract Effective"),
		(PRODUCTION_CONFIGURATION, "Released", "Release"),
	):
		for name, moment in _passed(doctype, status):
			for row in conditions.open_before(_relied_on(doctype, name), stage):
				if row["creation"] < moment:
					wrong = _("It is past {0}, and the condition {1} is open.").format(
						_(stage, context=REVIEW_CONDITION), row["name"]
					)
					yield Finding(doctype, name, wrong, remedy)


def _passed(doctype: str, status: str) -> list[tuple[str, Any]]:
	"""Documents in force that entered a status, and when."""
	in_force = frappe.get_all(doctype, {"docstatus": 1, "status": ["!=", "Cancelled"]}, pluck="name")
	steps = {"parenttype": doctype, "parent": ["in", in_force or [""]], "to_status": status}
	rows = frappe.get_all("Document Event", steps, ["parent", "occurred_at"], order_by="occurred_at")
	return list({row.parent: row.occurred_at for row in rows}.items())


def _relied_on(doctype: str, name: str) -> list[tuple[str, str]]:
	"""The document, and those whose conditions it relies on."""
	contract, found = name, [(doctype, name)]
	if doctype == PRODUCTION_CONFIGURATION:
		contract = frappe.db.get_value(doctype, name, "sales_contract")
		found.append((SALES_CONTRACT, contract))
	lines = {"parent": contract, "parenttype": SALES_CONTRACT, "intent_order": ["is", "set"]}
	orders = frappe.get_all("Sales Contract Line", lines, pluck="intent_order", distinct=True)
	return [*found, *((INTENT_ORDER, order) for order in orders)]


def _with_documents(doctype: str, filters: dict[str, Any], *fields: str) -> Iterator[tuple[Any, Any]]:
	"""Records about reviewed documents, each with what is looked at of its document."""
	rows = frappe.get_all(doctype, filters, ["name", "reference_doctype", "reference_name", *fields])
	for kind in reviewed.REVIEWED:
		own = [row for row in rows if row.reference_doctype == kind]
		names = {row.reference_name for row in own}
		found = frappe.get_all(kind, {"name": ["in", names or [""]]}, list(_FIELDS[kind]))
		documents = {document.name: document for document in found}
		for row in own:
			if row.reference_name in documents:
				yield row, documents[row.reference_name]
