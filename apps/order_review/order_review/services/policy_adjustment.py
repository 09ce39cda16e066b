"""Policy Adjustment Request: drafts of policies, their effect on open orders, finance's opinion, and the release."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cstr, now_datetime

from order_review.constants import FLOOR_READERS, role_names
from order_review.exceptions import (
	PolicyError,
	ReasonMissingError,
	ReleasedError,
	SelfApprovalError,
	StatusChangeError,
)
from order_review.services import policy_release, price_release

REQUEST = "Policy Adjustment Request"
FIRST = "Draft"
OPINIONS = ("Agree", "Agree with condition", "Object")
_STEPS = {
	"submit": (("Draft",), "Submitted", role_names("MP SM OS")),
	"withdraw": (price_release.UNDER_WAY, "Withdrawn", role_names("MP SM OS")),
	"give_opinion": (("Submitted",), "Finance Checked", role_names("FR")),
	"approve": (("Finance Checked",), "Approved", role_names("VP PC")),
	"reject": (("Finance Checked",), "Rejected", role_names("VP PC")),
}
"""Step → statuses before, status after, roles."""
_STEP_FIELDS = (
	"status",
	"rehearsal",
	"content_hash",
	"finance_opinion",
	"finance_note",
	"finance_user",
	"approver",
	"approved_on",
)


def guard(document: Document) -> None:
	"""Refuse a save that takes a step by hand or changes a request under way.

	Raises:
		StatusChangeError, ReleasedError, PolicyError
	"""
	if document.flags.by_policy_adjustment:
		return
	stored = document.get_doc_before_save()
	document.set("events", [row.as_dict() for row in stored.events] if stored else [])
	if stored is None:
		for name in _STEP_FIELDS:
			document.set(name, None)
		document.status = FIRST
	elif any(cstr(stored.get(name)) != cstr(document.get(name)) for name in _STEP_FIELDS):
		frappe.throw(
			_("{0} moves by its steps, never by changing a field.").format(document.name),
			exc=StatusChangeError,
		)
	elif stored.status != FIRST:
		frappe.throw(
			_("{0} is {1} and stands still.").format(document.name, _(stored.status, context=stored.doctype)),
			exc=ReleasedError,
		)
	_check_rows(document)


def guard_removal(document: Document) -> None:
	"""Only drafts go."""
	if document.status != FIRST and not frappe.flags.in_uninstall:
		frappe.throw(
			_("{0} is {1} and stands still.").format(
				document.name, _(document.status, context=document.doctype)
			),
			exc=ReleasedError,
		)


def _check_rows(document: Document) -> None:
	seen: set[str] = set()
	for row in document.rows:
		status = frappe.db.get_value(price_release.POLICY, row.policy, "status")
		if status != price_release.DRAFT:
			frappe.throw(
				_("Row {0}: {1} is {2}, not a draft. Make a new version of it and name that.").format(
					row.idx, row.policy, _(status or "")
				),
				title=_("Not Saved", context="Order Review"),
				exc=PolicyError,
			)
		if row.policy in seen:
			frappe.throw(
				_("Row {0}: {1} stands twice.").format(row.idx, row.policy),
				title=_("Not Saved", context="Order Review"),
				exc=PolicyError,
			)
		seen.add(row.policy)


def steps_of(document: Document) -> list[str]:
	"""Steps the user may take now, and ``rehearse`` where the effect on orders may be asked for."""
	roles = frozenset(frappe.get_roles())
	administrator = frappe.session.user == "Administrator"
	steps = [
		step
		for step, (before, _after, allowed) in _STEPS.items()
		if document.status in before and (administrator or not allowed.isdisjoint(roles))
	]
	if administrator or not FLOOR_READERS.isdisjoint(roles):
		steps.append("rehearse")
	return steps


def submit(document: Document) -> None:
	"""Put the request forward; every draft in it must be fit for release, and its effect known."""
	if not document.rows:
		frappe.throw(
			_("Name the draft policies that are asked for."), title=_("Step Not Taken"), exc=PolicyError
		)
	for row in document.rows:
		policy_release.check_release(frappe.get_doc(price_release.POLICY, row.policy))
	asked = content_hash(document)
	found = frappe.db.get_value("Price Rehearsal", document.rehearsal, ["status", "content_hash"])
	if not document.rehearsal or not found or found[0] != "Done":
		frappe.throw(_("Compute the effect on orders first."), title=_("Step Not Taken"), exc=PolicyError)
	if found[1] != asked:
		frappe.throw(
			_("{0} was changed since its effect on orders was computed. Compute it again.").format(
				document.name
			),
			title=_("Step Not Taken"),
			exc=PolicyError,
		)
	_take(document, "submit", {"content_hash": asked})


def content_hash(document: Document) -> str:
	"""SHA-256 of the policies a request asks for, as they stand now."""
	policies = [frappe.get_doc(price_release.POLICY, row.policy) for row in document.rows]
	asked = [[policy.name, price_release.content_hash(policy)] for policy in policies]
	return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def _refuse_changed(document: Document) -> None:
	"""Raise StatusChangeError unless the policies are what the effect was computed of and the opinion was asked about."""
	if content_hash(document) == document.content_hash:
		return
	frappe.throw(
		_("A policy of {0} is no longer what was asked for. Withdraw {0} and ask again.").format(
			document.name
		),
		title=_("Step Not Taken"),
		exc=StatusChangeError,
	)


def withdraw(document: Document, reason: str) -> None:
	"""Take the request back."""
	_take(document, "withdraw", {}, _given(reason))


def give_opinion(document: Document, opinion: str, note: str = "") -> None:
	"""Finance's opinion; anything but plain agreement needs a note."""
	if opinion not in OPINIONS:
		frappe.throw(
			_("The opinion is one of {0}.").format(", ".join(_(one) for one in OPINIONS)), exc=PolicyError
		)
	note = cstr(note).strip()
	if opinion != OPINIONS[0]:
		note = _given(note)
	_check(document, "give_opinion")
	_refuse_changed(document)
	values = {"finance_opinion": opinion, "finance_note": note, "finance_user": frappe.session.user}
	_take(document, "give_opinion", values, note)


def approve(document: Document) -> None:
	"""Approve the request and release its policies, all of them or none."""
	_check(document, "approve")
	policies = [frappe.get_doc(price_release.POLICY, row.policy, for_update=True) for row in document.rows]
	_refuse_own(document, policies)
	_refuse_changed(document)
	for policy in policies:
		price_release.release_by_request(policy, document.name, policy_release.check_release)
	_take(document, "approve", {"approver": frappe.session.user, "approved_on": now_datetime()})


def reject(document: Document, reason: str) -> None:
	"""Refuse the request with a reason."""
	_take(
		document, "reject", {"approver": frappe.session.user, "approved_on": now_datetime()}, _given(reason)
	)


def _refuse_own(document: Document, policies: list[Document]) -> None:
	"""Who made the request, took a step of it or wrote one of its policies does not approve it."""
	hands = {document.owner, document.finance_user, *(row.actor for row in document.events)}
	versions = {"ref_doctype": document.doctype, "docname": document.name}
	hands.update(frappe.get_all("Version", filters=versions, pluck="owner", distinct=True))
	for policy in policies:
		hands |= price_release.hands(policy)
	if frappe.session.user in hands:
		frappe.throw(
			_("Who had a hand in {0} does not approve it. Somebody else takes this step.").format(
				document.name
			),
			title=_("Step Not Taken"),
			exc=SelfApprovalError,
		)


def _check(document: Document, step: str) -> None:
	"""Refuse a step the user may not take, or not now."""
	before, _after, roles = _STEPS[step]
	document.check_permission("read")
	if frappe.session.user != "Administrator" and roles.isdisjoint(frappe.get_roles()):
		frappe.throw(
			_("This step is taken by {0}.").format(", ".join(sorted(_(role) for role in roles))),
			title=_("Step Not Taken"),
			exc=frappe.PermissionError,
		)
	if document.status not in before:
		frappe.throw(
			_("{0} is {1}; this step cannot be taken now.").format(
				document.name, _(document.status, context=document.doctype)
			),
			title=_("Step Not Taken"),
			exc=StatusChangeError,
		)


def _take(document: Document, step: str, values: dict[str, Any], reason: str | None = None) -> None:
	_check(document, step)
	before, after = document.status, _STEPS[step][1]
	document.update({**values, "status": after})
	event = {
		"from_status": before,
		"to_status": after,
		"actor": frappe.session.user,
		"occurred_at": now_datetime(),
		"content_hash": document.content_hash,
	}
	document.append("events", {**event, "reason": reason})
	save(document)


def save(document: Document) -> None:
	"""Save a step of a request."""
	document.flags.by_policy_adjustment = document.flags.ignore_permissions = True
	try:
		document.save()
	finally:
		document.flags.by_policy_adjustment = document.flags.ignore_permissions = False


def _given(reason: str | None) -> str:
	text = cstr(reason).strip()
	if not text:
		frappe.throw(_("Give a reason."), title=_("Reason Missing"), exc=ReasonMissingError)
	return text
