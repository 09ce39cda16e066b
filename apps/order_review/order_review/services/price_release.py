"""How price books and business policies come into force: draft → approval requested → released, by two people.

What is released never changes; a correction is a new version that takes its place from a day on. The status of a
book or policy is catalogue data, so the step to approval has a field of its own beside it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, cstr, flt, getdate, now_datetime, today

from order_review.adapters.catalogue_documents import LINES
from order_review.constants import role_names
from order_review.exceptions import (
	PriceBookError,
	ReasonMissingError,
	ReleasedError,
	SelfApprovalError,
	StatusChangeError,
)
from order_review.services import catalogue_store

BOOK = "Price Book"
POLICY = "Business Policy"
DRAFT = "draft"
REQUESTED, APPROVED, REJECTED = "Requested", "Approved", "Rejected"
UNDER_WAY = ("Submitted", "Finance Checked")
"""Statuses of an adjustment request in which its drafts stand still."""

EDITORS = {BOOK: role_names("MP"), POLICY: role_names("MP SM")}
APPROVERS = {BOOK: role_names("SM VP PC"), POLICY: role_names("SM FR VP PC")}

STEP_FIELDS = (
	"status",
	"approval_status",
	"requested_by",
	"requested_on",
	"approved_by",
	"approved_on",
	"content_hash",
	"version_no",
	"supersedes",
	"superseded_by",
	"copied_from",
	"adjustment_request",
	"events",
)
"""Fields that only the steps here write."""
_NOT_CONTENT = frozenset((*STEP_FIELDS, "title", "position", "extra"))

Check = Callable[[Document], None]


# --- what a save may do ------------------------------------------------------------------------------------


def guard(document: Document) -> None:
	"""Refuse a save that takes a step by hand or changes what is no draft.

	Raises:
		StatusChangeError: a field of a step was to change.
		ReleasedError: the content of something released, or waiting for approval, was to change.
	"""
	if _by_service(document) or _by_import(document):
		return
	stored = document.get_doc_before_save()
	if stored is None:
		for name in STEP_FIELDS:
			if document.meta.has_field(name):
				document.set(name, [] if name == "events" else None)
		document.status, document.version_no = DRAFT, 1
		return
	_bring_back_events(document, stored)
	changed = _changed(document, stored)
	if changed & set(STEP_FIELDS):
		_refuse_step(document)
	if changed and not is_open(stored):
		refuse_change(stored)


def is_open(document: Any) -> bool:
	"""Whether the content may be edited: a draft nobody has been asked to approve, alone or in an adjustment request."""
	return (
		document.status == DRAFT and document.approval_status != REQUESTED and not _request_of(document.name)
	)


def _request_of(policy: str | None) -> str | None:
	"""The adjustment request under way that asks for a policy."""
	row, request = frappe.qb.DocType("Policy Adjustment Row"), frappe.qb.DocType("Policy Adjustment Request")
	found = (
		frappe.qb.from_(row)
		.join(request)
		.on(row.parent == request.name)
		.where((row.policy == (policy or "")) & request.status.isin(UNDER_WAY))
		.select(request.name)
		.limit(1)
		.run()
	)
	return str(found[0][0]) if found else None


def guard_removal(document: Document) -> None:
	"""Only drafts go, and with them their lines, floors and costs."""
	if _by_import(document) or frappe.flags.in_uninstall:
		return
	if not is_open(document):
		refuse_change(document)
	of_draft = {"reference_doctype": document.doctype, "reference_name": document.name}
	for rehearsal in frappe.get_all("Price Rehearsal", filters=of_draft, pluck="name"):
		frappe.delete_doc("Price Rehearsal", rehearsal, ignore_permissions=True, force=True)


def _by_service(document: Document) -> bool:
	return bool(document.flags.by_price_release)


def _by_import(document: Document) -> bool:
	return bool(document.flags.in_catalogue_transfer)


def _bring_back_events(document: Document, stored: Document) -> None:
	"""Nobody writes history."""
	if document.meta.has_field("events"):
		document.set("events", [row.as_dict() for row in stored.get("events")])


def _changed(document: Document, stored: Document) -> set[str]:
	before, after = _content(stored), _content(document)
	return {
		name
		for name in after
		if before.get(name) != after[name] and name not in ("title", "position", "extra", "events")
	}


def _content(document: Document) -> dict[str, Any]:
	content: dict[str, Any] = {}
	for field in document.meta.fields:
		value = document.get(field.fieldname)
		if field.fieldtype == "Table":
			content[field.fieldname] = [_content(row) for row in value or ()]
		elif field.fieldtype in ("Currency", "Float", "Percent", "Int", "Check"):
			content[field.fieldname] = flt(value)
		elif field.fieldtype not in ("Section Break", "Column Break", "Tab Break", "HTML", "Button"):
			content[field.fieldname] = cstr(value)
	return content


def _refuse_step(document: Document) -> None:
	frappe.throw(
		_("{0} {1} is released by request and approval, never by changing a field.").format(
			_(document.doctype), document.name or ""
		),
		title=_("Step Not Taken"),
		exc=StatusChangeError,
	)


def refuse_change(document: Any) -> None:
	"""Raise ReleasedError: the content of the document stands still."""
	if document.status == DRAFT:
		text = _("{0} waits for approval. Withdraw the request before you change it.")
	else:
		text = _(
			"{0} is released and never changes. Make a new version, which takes its place from a day on."
		)
	frappe.throw(text.format(document.name), title=_("Not Changed"), exc=ReleasedError)


# --- lines -------------------------------------------------------------------------------------------------


def check_line(line: Document, amount_field: str) -> None:
	"""Refuse a line of a book that is no draft, of an option its model does not offer, or without a number.

	Raises:
		ReleasedError, PriceBookError.
	"""
	_check_book_open(line.price_book)
	catalogue = catalogue_store.current()
	model = catalogue.models.get(line.vehicle_model)
	option = catalogue.options.get(line.vehicle_option)
	if model is None or option is None or model.alias not in option.avail:
		frappe.throw(
			_("{0} is not offered on {1}; a price book has no line for it.").format(
				line.vehicle_option, line.vehicle_model
			),
			title=_("Not Saved", context="Order Review"),
			exc=PriceBookError,
		)
	line.set(amount_field, flt(line.get(amount_field), 2))
	if not line.position:
		line.position = (
			frappe.db.get_value(line.doctype, {"price_book": line.price_book}, "max(position)") or 0
		) + 1


def line_changed(line: Document) -> None:
	"""Let every worker read the catalogue anew."""
	catalogue_store.touch()


def check_line_goes(line: Document) -> None:
	"""Lines go with drafts only."""
	_check_book_open(line.price_book)
	catalogue_store.touch()


def check_amounts(document: Document) -> None:
	"""The floor or cost part of a book changes with the book's drafts only."""
	if not _by_import(document):
		_check_book_open(document.price_book)


def _check_book_open(name: str) -> None:
	book = frappe.db.get_value(BOOK, name, ["name", "status", "approval_status"], as_dict=True)
	if book and not is_open(book):
		refuse_change(book)


# --- steps -------------------------------------------------------------------------------------------------


def request_approval(document: Document, check: Check) -> None:
	"""Ask for approval of a draft; from here on its content stands still.

	Args:
		document: the draft.
		check: raises when it may not be released.
	"""
	_require(document, EDITORS, "write")
	if not is_open(document):
		_refuse_state(document)
	check(document)
	values = {
		"approval_status": REQUESTED,
		"requested_by": frappe.session.user,
		"requested_on": now_datetime(),
	}
	_take(document, {**values, "content_hash": content_hash(document)})


def withdraw(document: Document, reason: str) -> None:
	"""Take the request back, so that the draft can be edited."""
	_require(document, EDITORS, "write")
	if document.approval_status != REQUESTED:
		_refuse_state(document)
	_take(document, {"approval_status": None, "requested_by": None, "requested_on": None}, _given(reason))


def reject(document: Document, reason: str) -> None:
	"""Refuse a draft with a reason; it can be edited and asked for again."""
	_require(document, APPROVERS)
	if document.approval_status != REQUESTED:
		_refuse_state(document)
	_take(document, {"approval_status": REJECTED}, _given(reason))


def approve(document: Document, check: Check) -> None:
	"""Release what was asked for; who had a hand in it does not.

	Raises:
		SelfApprovalError: the user made, edited or asked for it.
		StatusChangeError: the content is no longer what approval was asked for.
	"""
	_require(document, APPROVERS)
	if document.status != DRAFT or document.approval_status != REQUESTED:
		_refuse_state(document)
	if frappe.session.user in hands(document):
		frappe.throw(
			_("Who had a hand in {0} does not approve it. Somebody else takes this step.").format(
				document.name
			),
			title=_("Step Not Taken"),
			exc=SelfApprovalError,
		)
	if content_hash(document) != document.content_hash:
		frappe.throw(
			_("{0} is no longer what approval was asked for. Ask again.").format(document.name),
			title=_("Step Not Taken"),
			exc=StatusChangeError,
		)
	check(document)
	_retire_predecessor(document)
	values = {"approval_status": APPROVED, "approved_by": frappe.session.user, "approved_on": now_datetime()}
	_take(document, {**values, "status": "released"})
	catalogue_store.touch()


def suspend(document: Document, reason: str) -> None:
	"""Let a released policy count for no order until it is resumed."""
	_move_policy(document, "released", "suspended", reason)


def resume(document: Document, reason: str) -> None:
	"""Let a suspended policy count again."""
	_move_policy(document, "suspended", "released", reason)


def _move_policy(document: Document, before: str, after: str, reason: str) -> None:
	_require(document, APPROVERS)
	if document.doctype != POLICY or document.status != before:
		_refuse_state(document)
	_take(document, {"status": after}, _given(reason))


def release_by_request(document: Document, request: str, check: Check) -> None:
	"""Release a draft as part of an approved adjustment request, which has been judged by several people.

	Raises:
		StatusChangeError: it is no draft any more.
	"""
	if document.status != DRAFT:
		_refuse_state(document)
	check(document)
	_retire_predecessor(document)
	values = {"approval_status": APPROVED, "approved_by": frappe.session.user, "approved_on": now_datetime()}
	values |= {"adjustment_request": request, "content_hash": content_hash(document)}
	_take(document, {**values, "status": "released"}, request)
	catalogue_store.touch()


def hands(document: Document) -> set[str]:
	"""Users who made, edited or asked for a draft."""
	found = {document.owner, document.requested_by}
	for doctype, filters in _parts(document):
		for column in ("owner", "modified_by"):
			found.update(frappe.get_all(doctype, filters=filters, pluck=column, distinct=True))
	found.update(row.actor for row in document.events if row.to_status == REQUESTED)
	versions = {"ref_doctype": document.doctype, "docname": document.name}
	found.update(frappe.get_all("Version", filters=versions, pluck="owner", distinct=True))
	rejecting = {row.actor for row in document.events if row.to_status == REJECTED}
	return {user for user in found if user} - (rejecting - {document.owner, document.requested_by})


def _parts(document: Document) -> list[tuple[str, dict[str, str]]]:
	if document.doctype != BOOK:
		return []
	heads = [(doctype, {"price_book": document.name}) for doctype in LINES if doctype != BOOK]
	return [*heads, *((doctype, {"price_book": document.name}) for doctype in LINES.values())]


def content_hash(document: Document) -> str:
	"""SHA-256 of what is approved: the document's own fields, and of a book all its list, floor and cost lines."""
	content: list[Any] = [
		{name: value for name, value in _content(document).items() if name not in _NOT_CONTENT}
	]
	for doctype, filters in _parts(document):
		if doctype in LINES:
			content += [
				_content(frappe.get_doc(doctype, name))
				for name in frappe.get_all(doctype, filters=filters, pluck="name")
			]
		else:
			amount = next(f.fieldname for f in frappe.get_meta(doctype).fields if f.fieldtype == "Currency")
			columns = ["vehicle_option", "vehicle_model", amount]
			content.append(
				frappe.get_all(
					doctype,
					filters=filters,
					fields=columns,
					order_by="vehicle_option, vehicle_model",
					as_list=True,
				)
			)
	return hashlib.sha256(
		json.dumps(content, sort_keys=True, ensure_ascii=False, default=str).encode()
	).hexdigest()


def _retire_predecessor(document: Document) -> None:
	"""The version before ends the day before this one begins."""
	if not document.supersedes:
		return
	older = frappe.get_doc(document.doctype, document.supersedes)
	if not document.valid_from or getdate(document.valid_from) <= getdate(older.valid_from):
		frappe.throw(
			_("{0} takes the place of {1} and must begin after it does, {2}.").format(
				document.name, older.name, older.valid_from
			),
			title=_("Not Released"),
			exc=StatusChangeError,
		)
	last = min(getdate(older.valid_to or document.valid_from), getdate(add_days(document.valid_from, -1)))
	_take(
		older,
		{"valid_to": last, "superseded_by": document.name},
		_("Superseded by {0}").format(document.name),
	)


def _take(document: Document, values: dict[str, Any], reason: str | None = None) -> None:
	before = _state(document)
	document.update(values)
	document.append(
		"events",
		{
			"from_status": before,
			"to_status": _state(document),
			"actor": frappe.session.user,
			"occurred_at": now_datetime(),
			"reason": reason,
			"content_hash": document.content_hash,
		},
	)
	document.flags.by_price_release = True
	document.flags.ignore_permissions = True
	try:
		document.save()
	finally:
		document.flags.by_price_release = document.flags.ignore_permissions = False


def _state(document: Document) -> str:
	return document.status if document.status != DRAFT else document.approval_status or DRAFT


def _require(document: Document, roles: dict[str, frozenset[str]], right: str = "read") -> None:
	document.check_permission(right)
	if frappe.session.user != "Administrator" and roles[document.doctype].isdisjoint(frappe.get_roles()):
		frappe.throw(
			_("This step is taken by {0}.").format(
				", ".join(sorted(_(role) for role in roles[document.doctype]))
			),
			title=_("Step Not Taken"),
			exc=frappe.PermissionError,
		)


def _refuse_state(document: Document) -> None:
	frappe.throw(
		_("{0} is {1}; this step cannot be taken now.").format(
			document.name, _(_state(document), context=document.doctype)
		),
		title=_("Step Not Taken"),
		exc=StatusChangeError,
	)


def _given(reason: str | None) -> str:
	text = cstr(reason).strip()
	if not text:
		frappe.throw(_("Give a reason."), title=_("Reason Missing"), exc=ReasonMissingError)
	return text


# --- by date -----------------------------------------------------------------------------------------------


def switch_over(day: str | None = None) -> None:
	"""Mark released books as active or expired by the day. Policies keep their status: their dates alone decide."""
	on = getdate(day or today())
	for book in frappe.get_all(
		BOOK,
		filters={"status": ["in", ["released", "active"]]},
		fields=["name", "status", "valid_from", "valid_to"],
	):
		wanted = (
			"expired"
			if book.valid_to and book.valid_to < on
			else "active"
			if book.valid_from <= on
			else "released"
		)
		if wanted != book.status:
			_take(frappe.get_doc(BOOK, book.name), {"status": wanted}, _("By date"))


def check_import(
	new: dict[str, list[dict[str, Any]]], changed: dict[str, list[tuple[str, dict[str, Any]]]]
) -> None:
	"""An import by a user releases nothing and changes nothing released; only an administrator restores a catalogue.

	Args:
		new: documents that are not on the site, by DocType.
		changed: names and documents that differ from the site's, by DocType.
	"""
	if frappe.session.user == "Administrator" or "System Manager" in frappe.get_roles():
		return
	for doctype in (BOOK, POLICY):
		for document in new.get(doctype, ()):
			if document.get("status") != DRAFT:
				frappe.throw(
					_("{0} {1} is new: import it with the status draft, and have it approved here.").format(
						_(doctype), document["code"]
					),
					title=_("Catalogue Not Imported"),
					exc=ReleasedError,
				)
	for doctype in (*LINES, POLICY):
		owner = POLICY if doctype == POLICY else BOOK
		for name, wanted in changed.get(doctype, ()):
			stored = frappe.db.get_value(owner, name, ["name", "status", "approval_status"], as_dict=True)
			if stored and (not is_open(stored) or wanted.get("status", DRAFT) != DRAFT):
				refuse_change(stored)


def steps_of(document: Document) -> list[str]:
	"""Steps the user may take on the document now: request, withdraw, approve, reject, new_version."""
	roles = frozenset(frappe.get_roles())
	administrator = frappe.session.user == "Administrator"
	edits = administrator or not EDITORS[document.doctype].isdisjoint(roles)
	approves = administrator or not APPROVERS[document.doctype].isdisjoint(roles)
	if document.status != DRAFT:
		return _steps_after_release(document, edits, approves)
	if document.approval_status != REQUESTED:
		return ["request"] if edits and is_open(document) else []
	steps = ["withdraw"] if edits else []
	if approves:
		steps.append("reject")
		if frappe.session.user not in hands(document):
			steps.append("approve")
	return steps


def _steps_after_release(document: Document, edits: bool, approves: bool) -> list[str]:
	steps = ["new_version"] if edits and not document.superseded_by else []
	moves = {"released": "suspend", "suspended": "resume"}
	if document.doctype == POLICY and approves and document.status in moves:
		steps.append(moves[document.status])
	return steps
