"""What a dealer's users stand for: granted by market management, each change written down, at an end at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.sessions import clear_sessions
from frappe.utils import cint, cstr, now_datetime

from order_review.constants import DEALER_ORGANISATION
from order_review.exceptions import DealerOrganisationError

MEMBER = "Dealer Organisation Member"
GRANTED, WITHDRAWN, CHANGED = "Granted", "Withdrawn", "Changed"

Grant = tuple[str, str]
"""Kind and name of what was granted: Organisation, Sales Partner, Customer or User."""


def is_member(user: str) -> bool:
	"""Whether a user is named in a dealer organisation, be he active in it or not."""
	return bool(frappe.db.exists(MEMBER, {"user": user, "parenttype": DEALER_ORGANISATION}))


# --- one organisation ---------------------------------------------------------------------------------------


def check(organisation: Document) -> None:
	"""It stands for somebody; its members are website users, each named once.

	Raises:
		DealerOrganisationError.
	"""
	if not organisation.sales_partner and not organisation.customers:
		_refuse(_("State the dealer, or at least one customer, the organisation stands for."))
	_refuse_twice(organisation, "customers", "customer")
	_refuse_twice(organisation, "members", "user")
	for row in organisation.members:
		if cint(row.is_active) and frappe.db.get_value("User", row.user, "user_type") != "Website User":
			_refuse(
				_(
					"Users, row {0}: {1} works at the Desk. Only website users stand for a dealer; ask an administrator for one."
				).format(row.idx, row.user)
			)


def _refuse_twice(organisation: Document, table: str, field: str) -> None:
	seen: set[str] = set()
	for row in organisation.get(table):
		if row.get(field) in seen:
			_refuse(
				_("{0}, row {1}: {2} is there already.").format(
					_(organisation.meta.get_label(table), context=DEALER_ORGANISATION),
					row.idx,
					row.get(field),
				)
			)
		seen.add(row.get(field))


def write_down(organisation: Document) -> None:
	"""A row for each thing the save grants or withdraws; what a client says of earlier rows is not taken."""
	stored = organisation.get_doc_before_save()
	organisation.set("events", [row.as_dict() for row in stored.events] if stored else [])
	for action, kind, subject, detail in _changes(stored, organisation):
		organisation.append(
			"events",
			{
				"occurred_at": now_datetime(),
				"actor": frappe.session.user,
				"action": action,
				"subject_type": kind,
				"subject": subject,
				"detail": detail,
			},
		)


def _changes(stored: Document | None, organisation: Document) -> Iterator[tuple[str, str, str, str]]:
	before, after = _grants(stored) if stored else {}, _grants(organisation)
	for (kind, subject), detail in after.items():
		if (kind, subject) not in before:
			yield GRANTED, kind, subject, detail
		elif before[kind, subject] != detail:
			yield CHANGED, kind, subject, detail
	for (kind, subject), detail in before.items():
		if (kind, subject) not in after:
			yield WITHDRAWN, kind, subject, detail


def _grants(organisation: Document) -> dict[Grant, str]:
	"""What stands → the detail of it."""
	grants: dict[Grant, str] = {}
	if cint(organisation.is_active):
		grants["Organisation", cstr(organisation.name)] = cstr(organisation.organisation_name)
	if organisation.sales_partner:
		grants["Sales Partner", organisation.sales_partner] = ""
	for row in organisation.customers:
		grants["Customer", row.customer] = ""
	for row in organisation.members:
		if cint(row.is_active):
			grants["User", row.user] = cstr(row.position)
	return grants


# --- ending -------------------------------------------------------------------------------------------------


def end_sessions(organisation: Document) -> None:
	"""Sign out the users who stand for it no longer, once the change is sure."""
	stored = organisation.get_doc_before_save()
	gone = _active(stored) - _active(organisation) if stored else set()
	if gone:
		frappe.db.after_commit.add(lambda: _sign_out(gone))


def _active(organisation: Document) -> set[str]:
	if not cint(organisation.is_active):
		return set()
	return {row.user for row in organisation.members if cint(row.is_active)}


def _sign_out(users: Iterable[str]) -> None:
	for user in sorted(users):
		clear_sessions(user=user, force=True)


def _refuse(sentence: str) -> None:
	frappe.throw(sentence, title=_("Not Saved", context="Order Review"), exc=DealerOrganisationError)
