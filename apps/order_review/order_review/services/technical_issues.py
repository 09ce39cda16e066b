"""Technical issues and questions (技术问题): asked about a document under review, answered by the salesperson.

A question hangs on a family of options, on a field, or on the whole document. While a blocking one waits for its
answer, the clocks of the opinions stand still; until it is closed, the opinions are not joined. A value that an answer
proposes changes nothing of the round: it is taken over when the document is the salesperson's again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _
from frappe.model import display_fieldtypes, table_fields
from frappe.model.document import Document
from frappe.model.workflow import apply_workflow
from frappe.utils import cint, cstr, flt, getdate, now_datetime

from order_review.constants import TECHNICAL_ISSUE
from order_review.exceptions import FieldLockedError, TechnicalIssueError
from order_review.services import clocks, deadlines, delegations, guard, notices, order_rounds, reviewed

STAGE = "Technical Issue Open"
"""Name of its deadline in Order Review Settings, in the process of intent orders."""

ASKERS = ("Order Administrator", "Technical Reviewer", "Quality Reviewer", "Production Management Reviewer")

QUESTION = frozenset(
	"kind reference_doctype reference_name blocking family field_name question proposal evidence".split()
)
ANSWER = frozenset("answer answer_option answer_value answer_evidence".split())
COMPUTED = frozenset(
	"title review_round market_department raised_by raised_at step_since due_at is_overdue reminded_pct answered_by "
	"answered_at taken_over_by taken_over_at".split()
)

ENDED = frozenset(
	"Draft|Valid|Converted|Vetoed|Expired|Withdrawn|Effective|In Fulfilment|Completed|Closed|Released|Superseded|"
	"Cancelled".split("|")
)
"""States in which a document is not under review, so nothing is asked about it."""

_NOT_ASKED = frozenset(
	{*display_fieldtypes, *table_fields, "Attach", "Attach Image", "Dynamic Link", "Password"}
)


# --- what each step requires and brings ---------------------------------------------------------------------


def check_question(issue: Document) -> None:
	"""The question is asked by its raiser about something that is there, of a document that is under review."""
	if issue.get_doc_before_save() is None:
		_check_reference(issue)
	elif issue.raised_by != frappe.session.user and not guard.is_system_save(issue):
		changed = QUESTION.intersection(guard.changes(issue, issue.get_doc_before_save()))
		if changed:
			_refuse(
				_("Only {0}, who asked, changes the question.").format(
					frappe.utils.get_fullname(issue.raised_by)
				)
			)
	if issue.family and issue.field_name:
		_refuse(_("A question hangs on a family or on a field, not on both."))
	if issue.field_name and not _field(issue):
		_refuse(
			_("{0} has no field {1} a question could hang on.").format(
				_(issue.reference_doctype), issue.field_name
			)
		)
	if not (issue.question or "").strip():
		_refuse(_("Write the question."))
	for field in ("evidence", "answer_evidence"):
		_check_file(issue, field)


def _check_reference(issue: Document) -> None:
	if issue.reference_doctype not in reviewed.REVIEWED:
		_refuse(_("Nothing is asked about a {0}.").format(_(issue.reference_doctype)))
	document = frappe.get_doc(issue.reference_doctype, issue.reference_name)
	document.check_permission("read")
	status = frappe.db.get_value(document.doctype, document.name, "status", for_update=True)
	_check_under_review(document, status)


def check_ask(document: Document) -> None:
	"""The user may ask something about a document, and it is under review."""
	frappe.has_permission(TECHNICAL_ISSUE, "create", throw=True)
	document.check_permission("read")
	_check_under_review(document, document.status)


def check_take_over(document: Document) -> None:
	"""There are accepted values to take over, and the document is the user's to write."""
	document.check_permission("write")
	table = "configuration" if document.meta.has_field("configuration") else "options"
	if table not in document.process.writable_by(document.status, frozenset(frappe.get_roles())):
		frappe.throw(
			_("{0} is {1}; nothing is taken over into it now.").format(
				document.name, _(document.status, context=document.doctype)
			),
			title=_(TECHNICAL_ISSUE),
			exc=FieldLockedError,
		)
	_proposed(document)


def _check_under_review(document: Document, status: str) -> None:
	if status in ENDED:
		_refuse(
			_("{0} is not under review ({1}); nothing can be asked about it.").format(
				document.name, _(status, context=document.doctype)
			)
		)


def _check_file(issue: Document, field: str) -> None:
	"""A file somebody names is one they uploaded, or one that hangs on the issue: a name alone opens nobody's file."""
	url, before = issue.get(field), issue.get_doc_before_save()
	if not url or guard.is_system_save(issue) or (before and before.get(field) == url):
		return
	own = frappe.db.exists("File", {"file_url": url, "owner": frappe.session.user})
	attached = {"file_url": url, "attached_to_doctype": TECHNICAL_ISSUE, "attached_to_name": issue.name or ""}
	if not (own or frappe.db.exists("File", attached)):
		_refuse(_("{0}: upload the file here.").format(_(issue.meta.get_label(field), context=issue.doctype)))


def check_answer(issue: Document) -> None:
	"""There is an answer, and what it proposes fits what the question hangs on."""
	if not (issue.answer or "").strip():
		_refuse(_("Write the answer."))
	if issue.answer_option:
		family = frappe.db.get_value("Vehicle Option", issue.answer_option, "family")
		if family != issue.family:
			_refuse(_("{0} is no option of {1}.").format(issue.answer_option, issue.family or "–"))
	if issue.answer_value:
		_cast(issue)


def check_own_answer(issue: Document) -> None:
	"""A question waits for the user's answer."""
	_check_action(issue, "Answer")


def check_own_close(issue: Document) -> None:
	"""A question is the user's to close."""
	_check_ending(issue, "Close")


def check_own_reopen(issue: Document) -> None:
	"""An answered question is the user's to ask again."""
	_check_ending(issue, "Reopen")


OFFERS = {
	"answer": check_own_answer,
	"close": check_own_close,
	"reopen": check_own_reopen,
}
"""What the form offers, each with the check its call begins with."""


def _check_action(issue: Document, action: str) -> None:
	issue.check_permission("write")
	if not guard.is_own(issue, action):
		_refuse_step(issue)


def _check_ending(issue: Document, action: str) -> None:
	_check_readable(issue)
	delegated = {row["action"] for row in guard.delegated_actions(issue)}
	if action not in delegated and not guard.is_own(issue, action):
		_refuse_step(issue)


def _refuse_step(issue: Document) -> None:
	_refuse(
		_("{0} is {1}: this step is not yours now.").format(
			issue.name, _(issue.status, context=TECHNICAL_ISSUE)
		)
	)


def _check_readable(issue: Document) -> None:
	"""The user reads the question; the delegate of who asked it reads at least what it is about."""
	if _stands_in(issue):
		frappe.get_doc(issue.reference_doctype, issue.reference_name).check_permission("read")
	else:
		issue.check_permission("read")


def check_close(issue: Document) -> None:
	"""Who asked closes; while that user is away, the delegate, the department or the order supervisor does."""
	if not guard.is_system_save(issue) and not may_close(issue):
		_refuse(
			_(
				"Only {0}, who asked, closes or reopens {1}; while that user is away, the delegate, a colleague of the "
				"same role or the order supervisor."
			).format(frappe.utils.get_fullname(issue.raised_by), issue.name)
		)


def may_close(issue: Document) -> bool:
	"""Whether the user closes and reopens the question."""
	if frappe.session.user == issue.raised_by or _stands_in(issue):
		return True
	others = asking_roles(issue) | {"Order Supervisor"}
	return delegations.is_away(issue.raised_by) and not others.isdisjoint(frappe.get_roles())


def asking_roles(issue: Document) -> set[str]:
	"""Roles by which who raised the question asks; who has them is of the same department."""
	return set(ASKERS).intersection(frappe.get_roles(issue.raised_by))


def _stands_in(issue: Document) -> bool:
	return delegations.stands_in(frappe.session.user, issue.raised_by, ASKERS)


def start_clock(issue: Document) -> None:
	"""Begin the time of the state that is entered; only the answer has a deadline."""
	issue.step_since = now_datetime()
	is_asking = issue.status in clocks.ASKING
	issue.due_at = deadlines.due("intent", STAGE, issue.step_since) if is_asking else None
	issue.update({"is_overdue": 0, "reminded_pct": 0})


def raised(issue: Document) -> None:
	"""Who asked, about what round."""
	values = frappe.db.get_value(
		issue.reference_doctype, issue.reference_name, ["review_round", "market_department"], as_dict=True
	)
	issue.update({**(values or {}), "raised_by": frappe.session.user, "raised_at": now_datetime()})
	about = issue.family or issue.field_name or ""
	issue.title = " · ".join(part for part in (about, issue.question) if part)[:140]
	start_clock(issue)


def answered(issue: Document) -> None:
	"""Who answered; the raiser's turn."""
	issue.update({"answered_by": frappe.session.user, "answered_at": now_datetime()})
	start_clock(issue)


PROCESS = guard.Process(
	first="Open",
	writable={
		"Open": {"Salesperson": ANSWER, **dict.fromkeys(ASKERS, QUESTION)},
		"Reopened": {"Salesperson": ANSWER},
		"Answered": dict.fromkeys((*ASKERS, "Order Supervisor"), frozenset({"is_accepted"})),
	},
	computed=COMPUTED,
	openings={"Closed": check_close, "Reopened": check_close},
	requirements={"Answered": check_answer},
	asking=frozenset({"Answer", "Close", "Reopen"}),
	entering={"Open": raised, "Answered": answered, "Reopened": start_clock, "Closed": start_clock},
	backwards=frozenset({("Answered", "Reopened"), ("Open", "Closed"), ("Reopened", "Closed")}),
	unsealed=frozenset(
		{"step_since", "due_at", "is_overdue", "reminded_pct", "taken_over_by", "taken_over_at"}
	),
	system_moves=frozenset({("Open", "Closed"), ("Answered", "Closed"), ("Reopened", "Closed")}),
)


def after_save(issue: Document) -> None:
	"""Clocks stop or run on, the opinions are joined when nothing blocks any more, the next is told."""
	settle(issue.reference_doctype, issue.reference_name)
	before = issue.get_doc_before_save()
	if before is None or before.status != issue.status:
		_tell(issue)


def settle(doctype: str, name: str) -> None:
	"""Let clocks and join follow from the issues of a document as they stand."""
	from order_review.services import review_tasks

	frappe.db.get_value(doctype, name, "name", for_update=True)
	if _count(doctype, name, tuple(clocks.ASKING)):
		clocks.pause(doctype, name)
	else:
		clocks.resume(doctype, name)
	if doctype in reviewed.REVIEWED and not blocking_open(doctype, name):
		review_tasks.join(doctype, name)


def blocking_open(doctype: str, name: str) -> int:
	"""How many blocking technical issues of a document are not closed."""
	return _count(doctype, name, ("Open", "Answered", "Reopened"))


def blocking_words(document: Document) -> list[str]:
	"""The questions that keep the opinions of a document from being joined, each with whose turn it is."""
	rows = frappe.get_all(
		TECHNICAL_ISSUE,
		{
			"reference_doctype": document.doctype,
			"reference_name": document.name,
			"blocking": 1,
			"status": ["!=", "Closed"],
		},
		["name", "status", "raised_by"],
		order_by="creation",
	)
	return [
		_("question {0} of {1} ({2})").format(
			row.name, frappe.utils.get_fullname(row.raised_by), _(row.status, context=TECHNICAL_ISSUE)
		)
		for row in rows
	]


def is_waiting(doctype: str, name: str) -> bool:
	"""Whether a blocking issue of a document waits for its answer."""
	return bool(_count(doctype, name, tuple(clocks.ASKING)))


def _count(doctype: str, name: str, states: tuple[str, ...]) -> int:
	"""As it stands now, read with a lock: an issue raised since this transaction's first read counts."""
	filters = {
		"reference_doctype": doctype,
		"reference_name": name,
		"blocking": 1,
		"status": ["in", states],
	}
	return len(frappe.db.get_values(TECHNICAL_ISSUE, filters, "name", for_update=True))


def close_all(document: Document) -> None:
	"""Close what is still asked about a document whose review has ended."""
	filters = {
		"reference_doctype": document.doctype,
		"reference_name": document.name,
		"status": ["!=", "Closed"],
	}
	# Read as they are now: one that was asked while this step waited for the document's row is closed as well.
	for (name,) in frappe.db.get_values(TECHNICAL_ISSUE, filters, "name", for_update=True):
		issue = frappe.get_doc(TECHNICAL_ISSUE, name, for_update=True)
		guard.write(issue, {"status": "Closed"}, reason=_(document.status, context=document.doctype))


def forget(document: Document) -> None:
	"""Take the issues away with their document."""
	filters = {"reference_doctype": document.doctype, "reference_name": document.name}
	before, frappe.flags.order_review_forgets = frappe.flags.order_review_forgets, document.name
	try:
		for name in frappe.get_all(TECHNICAL_ISSUE, filters=filters, pluck="name"):
			frappe.delete_doc(TECHNICAL_ISSUE, name, force=True, ignore_permissions=True)
			frappe.db.delete("Notification Log", {"document_type": TECHNICAL_ISSUE, "document_name": name})
	finally:
		frappe.flags.order_review_forgets = before


# --- asking, answering, closing -----------------------------------------------------------------------------


def ask(doctype: str, name: str, values: Mapping[str, Any]) -> str:
	"""Ask something about a document; gives the name of the issue.

	Args:
		values: fields of the question, as in QUESTION.

	Raises:
		TechnicalIssueError: the document is not under review, or the question hangs on nothing that is there.
	"""
	_lock(doctype, name)
	given = {key: values.get(key) for key in QUESTION if values.get(key) is not None}
	issue = frappe.get_doc(
		{**given, "doctype": TECHNICAL_ISSUE, "reference_doctype": doctype, "reference_name": name}
	)
	return str(issue.insert().name)


def answer(name: str, values: Mapping[str, Any]) -> None:
	"""Answer a question.

	Args:
		values: fields of the answer, as in ANSWER; an option or a value is a proposal.
	"""
	issue = _locked(name)
	issue.update({key: cstr(values.get(key)).strip() or None for key in ANSWER})
	issue.save()
	with guard.because(issue.answer):  # the steps keep every answer, the field the last one
		apply_workflow(issue, "Answer")


def close(name: str, *, accept: bool, reason: str | None = None) -> None:
	"""Close a question.

	Args:
		accept: whether the value the answer proposes is to be taken over.
		reason: why, when it was not answered.
	"""
	issue = _locked(name, "read")
	proposes = bool(issue.answer_option or issue.answer_value)
	if issue.status == "Answered" and cint(issue.is_accepted) != int(accept and proposes):
		check_close(issue)
		guard.write(issue, {"is_accepted": int(accept and proposes)})
	_end(issue, "Close", reason)


def reopen(name: str, reason: str) -> None:
	"""Ask again, because the answer does not do."""
	_end(_locked(name, "read"), "Reopen", reason)


def _end(issue: Document, action: str, reason: str | None) -> None:
	"""Close or reopen as who asked, or in that user's place."""
	absent = issue.raised_by if _stands_in(issue) else None
	with guard.because(reason), guard.acting(absent):
		if not guard.take_for_absent(issue, action, is_readable=absent is not None):
			apply_workflow(issue, action)


def _locked(name: str, right: str = "write") -> Document:
	"""The issue, its document locked before it."""
	reference = frappe.db.get_value(TECHNICAL_ISSUE, name, ["reference_doctype", "reference_name"])
	if not reference:
		raise frappe.DoesNotExistError(
			_("{0} {1} not found", context="Order Review").format(_(TECHNICAL_ISSUE), name)
		)
	_lock(*reference)
	issue = frappe.get_doc(TECHNICAL_ISSUE, name, for_update=True)
	if right == "read":
		_check_readable(issue)
	else:
		issue.check_permission(right)
	return issue


def _lock(doctype: str, name: str) -> None:
	if not frappe.db.get_value(doctype, name, "name", for_update=True):
		raise frappe.DoesNotExistError(
			_("{0} {1} not found", context="Order Review").format(_(doctype), name)
		)


# --- proposed values ----------------------------------------------------------------------------------------


def proposals(doctype: str, name: str) -> list[dict[str, Any]]:
	"""Accepted values of answers that are not in the document yet."""
	return frappe.get_all(
		TECHNICAL_ISSUE,
		filters={
			"reference_doctype": doctype,
			"reference_name": name,
			"is_accepted": 1,
			"status": ["in", ("Answered", "Closed")],
			"taken_over_at": ["is", "not set"],
		},
		fields=["name", "family", "answer_option", "field_name", "answer_value", "reference_doctype"],
		order_by="creation",
	)


def _proposed(document: Document) -> list[dict[str, Any]]:
	found = proposals(document.doctype, document.name)
	if not found:
		_refuse(_("{0} has no accepted proposal that is not in it already.").format(document.name))
	return found


def take_over(doctype: str, name: str) -> list[str]:
	"""Bring the accepted values of answers into a document that is the user's to write; gives the issues' names.

	Raises:
		TechnicalIssueError: there is none.
		FieldLockedError: the document is not open to the user.
	"""
	document = frappe.get_doc(doctype, name, for_update=True)
	check_take_over(document)
	found = _proposed(document)
	for row in found:
		_apply(document, row)
	document.save()
	stamp = {"taken_over_by": frappe.session.user, "taken_over_at": now_datetime()}
	for row in found:
		guard.write(frappe.get_doc(TECHNICAL_ISSUE, row["name"]), stamp)
	return [row["name"] for row in found]


def _apply(document: Document, row: Mapping[str, Any]) -> None:
	if row["answer_option"]:
		_choose(document, row["family"], row["answer_option"])
	elif row["answer_value"]:
		document.set(row["field_name"], _cast(frappe._dict(row)))


def _choose(document: Document, family: str, option: str) -> None:
	"""Put an option into the configuration; in a family of one choice it takes the place of the other, on every line."""
	if not document.meta.has_field("configuration"):
		_choose_on_lines(document, family, option)
		return
	rows = [row for row in document.configuration if row.vehicle_option != option]
	if frappe.db.get_value("Option Family", family, "select_mode") != "multi":
		rows = [row for row in rows if row.family != family]
	document.set("configuration", rows)
	document.append("configuration", {"family": family, "vehicle_option": option})


def _choose_on_lines(document: Document, family: str, option: str) -> None:
	"""The same in a document whose options stand by line."""
	rows = [row for row in document.get("options") or () if row.family == family]
	if not rows or frappe.db.get_value("Option Family", family, "select_mode") == "multi":
		_refuse(
			_("Choose {0} on the lines it is for; the document has several places for it.").format(option)
		)
	for row in rows:
		row.update({"vehicle_option": option, "is_claimed": 0, "claimed_price": 0})


def _field(issue: Document) -> Any:
	"""The field of the document a question hangs on, when there is such a one."""
	field = frappe.get_meta(issue.reference_doctype).get_field(issue.field_name)
	if field is None or field.fieldtype in _NOT_ASKED or field.hidden:
		return None
	return field


def _cast(issue: Any) -> Any:
	"""The proposed value as the field takes it.

	Raises:
		TechnicalIssueError: it is not such a value.
	"""
	field = _field(issue)
	if field is None:
		_refuse(_("The question hangs on no field; say in words what you propose."))
	text = cstr(issue.answer_value).strip()
	wrong = _("{0}: {1} does not fit the field.").format(_(field.label), text)
	try:
		if field.fieldtype in ("Int", "Check"):
			return int(text)
		if field.fieldtype in ("Float", "Currency", "Percent"):
			float(text)
			return flt(text)
		if field.fieldtype == "Date":
			return str(getdate(text))
	except (ValueError, frappe.ValidationError):
		_refuse(wrong)
	if field.fieldtype == "Select" and text not in (field.options or "").split("\n"):
		_refuse(wrong)
	if field.fieldtype == "Link" and not frappe.db.exists(field.options, text):
		_refuse(wrong)
	return text


# --- shown --------------------------------------------------------------------------------------------------


def overview(doctype: str, name: str) -> list[dict[str, Any]]:
	"""The issues of a document for its form, those that are open first."""
	rows = frappe.get_all(
		TECHNICAL_ISSUE,
		filters={"reference_doctype": doctype, "reference_name": name},
		fields=[
			"name", "kind", "status", "blocking", "family", "field_name", "question", "proposal", "answer",
			"answer_option", "answer_value", "is_accepted", "taken_over_at", "raised_by", "raised_at", "answered_by",
			"due_at", "is_overdue",
		],
		order_by="creation",
	)  # fmt: skip
	order = {"Open": 0, "Reopened": 0, "Answered": 1, "Closed": 2}
	return sorted(rows, key=lambda row: order[row.status])


def fields_to_ask(doctype: str) -> list[dict[str, str]]:
	"""Fields of a DocType a question may hang on, with their labels."""
	return [
		{"value": df.fieldname, "label": _(df.label, context=doctype)}
		for df in frappe.get_meta(doctype).fields
		if df.label and df.fieldtype not in _NOT_ASKED and not df.hidden and not df.read_only
	]


def answerers(issue: Any) -> list[str]:
	"""Users whose answer is waited for: the salespeople among those who wrote or sent the document, else all of them."""
	document = frappe.get_doc(issue.reference_doctype, issue.reference_name)
	people = order_rounds.authors(document) if document.meta.has_field("rounds") else {document.owner}
	return sorted(user for user in people if "Salesperson" in frappe.get_roles(user)) or sorted(people)


def _tell(issue: Document) -> None:
	"""The salesperson of what is asked, who asked of the answer, both of the end."""
	name = issue.reference_name
	if issue.status in clocks.ASKING:
		notices.tell(
			issue,
			answerers(issue),
			lambda: _("{0}: a question waits for your answer ({1})").format(
				name, issue.family or issue.field_name or "–"
			),
			issue.question,
		)
	elif issue.status == "Answered":
		handler = frappe.db.get_value(
			issue.reference_doctype, name, reviewed.of(issue.reference_doctype).owner_field
		)
		notices.tell(
			issue,
			[issue.raised_by, handler],
			lambda: _("{0}: the question is answered").format(name),
			issue.answer,
		)
	elif issue.answered_by:
		notices.tell(issue, [issue.answered_by], lambda: _("{0}: the question is closed").format(name))


def _refuse(message: str) -> None:
	frappe.throw(message, title=_(TECHNICAL_ISSUE), exc=TechnicalIssueError)
