"""Dated substitution (代理): who acts for whom, with which role, on which day; never in a chain.

A delegate does not get the absent user's role. Opinions and steps ask here, and write down for whom they were taken.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import DateTimeLikeObject, getdate, today

from order_review.constants import DELEGATION, ROLES
from order_review.exceptions import DelegationError
from order_review.services import notices

REGISTRARS = frozenset({"Order Supervisor", "Sales Operations Manager", "System Manager"})
"""Roles that register the absence of others."""

_OURS = frozenset(name for name, _zh in ROLES.values()) - {"Dealer"}
"""Roles that are handed over."""


# --- acting -------------------------------------------------------------------------------------------------


def acting_for(user: str, role: str, on: DateTimeLikeObject | None = None) -> str | None:
	"""The absent user for whom a user acts with a role; None when for nobody.

	Nobody acts who is absent as well, and nobody hands on what was handed to them.

	Args:
		on: the day; today when not given.
	"""
	day = getdate(on or today())
	if not user or _absences(user, day, role=None):
		return None
	for row in _duties(user, day):
		if role in handed_roles(row):
			return str(row.user)
	return None


def taken_role(role: str, refusal: str | None = None) -> str | None:
	"""The absent user for whom the session's user takes a role; None when the role is the user's own.

	Args:
		refusal: what is said to somebody with whom the role has nothing to do.

	Raises:
		frappe.PermissionError: the user neither has the role nor acts for somebody who has it.
	"""
	user = frappe.session.user
	if role in frappe.get_roles(user):
		return None
	absent = acting_for(user, role)
	if absent is None:
		frappe.throw(
			_why_not(user, role) or refusal or _("Only {0} does this.").format(_(role)),
			frappe.PermissionError,
			title=_("Not Permitted", context="Order Review"),
		)
	return absent


def stands_in(user: str, absent: str, roles: Collection[str]) -> bool:
	"""Whether a user acts today for this very user, with one of the roles."""
	day = getdate(today())
	if _absences(user, day, role=None):
		return False
	return any(row.user == absent and not handed_roles(row).isdisjoint(roles) for row in _duties(user, day))


def absent_of(user: str, role: str) -> list[str]:
	"""The absent users for whom a user acts today with a role."""
	day = getdate(today())
	if _absences(user, day, role=None):
		return []
	return [row.user for row in _duties(user, day) if role in handed_roles(row)]


def is_away(user: str) -> bool:
	"""Whether nobody can count on a user today: disabled, or registered as absent."""
	return not is_enabled(user) or bool(_absences(user, getdate(today()), role=None))


def is_enabled(user: str) -> bool:
	"""Whether a user can log in."""
	return bool(frappe.db.get_value("User", user, "enabled"))


def reached(user: str, doctype: str, name: str) -> list[str]:
	"""Who is told of a document in a user's place.

	The user; with an absent one the delegate as well. Where neither is there, who has the same roles and reads the
	document; where there is nobody either, the Order Supervisor.
	"""
	if not is_away(user):
		return [user]
	found = [user] if is_enabled(user) else []
	delegates = [row.delegate for row in _absences(user, getdate(today()), role=None)] if found else []
	there = [one for one in delegates if not is_away(one)] or _colleagues(user, doctype, name)
	return list(dict.fromkeys([*found, *there]))


def _colleagues(user: str, doctype: str, name: str) -> list[str]:
	roles = sorted(set(frappe.get_roles(user)) & _OURS)
	if not roles:
		return []
	users = dict.fromkeys(one for role in roles for one in users_with(role) if one != user)
	there = [
		one
		for one in users
		if not is_away(one) and frappe.has_permission(doctype, "read", doc=name, user=one)
	]
	return there or notices.users_with("Order Supervisor")


def has_role(role: str) -> bool:
	"""Whether the session's user has a role or acts for somebody who has it."""
	user = frappe.session.user
	return role in frappe.get_roles(user) or acting_for(user, role) is not None


def roles_taken(user: str) -> dict[str, str]:
	"""Role → absent user, for the roles a user acts with today and does not have."""
	day = getdate(today())
	duties = _duties(user, day)
	if not duties or _absences(user, day, role=None):
		return {}
	own = set(frappe.get_roles(user))
	taken: dict[str, str] = {}
	for row in duties:
		for role in handed_roles(row) - own:
			taken.setdefault(role, str(row.user))
	return taken


def users_with(role: str) -> list[str]:
	"""Enabled users with a role, and today's delegates of those who are absent."""
	users = notices.users_with(role)
	absences = _current({"user": ["in", users]}, getdate(today())) if users else []
	delegates = [row.delegate for row in absences if role in handed_roles(row)]
	return list(dict.fromkeys([*users, *(user for user in delegates if acting_for(user, role))]))


def signature(user: str | None, absent: str | None, lang: str | None = None) -> str:
	"""A user's full name for forms and prints, with the absent user they acted for (代)."""
	if not user:
		return ""
	if not absent:
		return _full_name(user)
	return _("{0} acting for {1}", lang).format(_full_name(user), _full_name(absent))


def handed_roles(delegation: Any) -> set[str]:
	"""Roles a delegation hands over: those that are named, or all, as far as the absent user has them now."""
	own = set(frappe.get_roles(delegation.user)) & _OURS
	return own if delegation.all_roles else own & set(_named_roles(delegation.name))


def _why_not(user: str, role: str) -> str | None:
	"""In words, why somebody who would act cannot; None when nothing was handed to them at all."""
	day = getdate(today())
	duties = [row for row in _duties(user, day) if role in handed_roles(row)]
	if duties and _absences(user, day, role=None):
		return _(
			"You act for {0}, but you are registered as absent yourself. The Order Supervisor assigns this anew."
		).format(_full_name(duties[0].user))
	for row in _duties(user, day):
		for first in _duties(row.user, day):
			if role in handed_roles(first):
				return _(
					"{0} acts for {1} and cannot hand that on to you. The Order Supervisor assigns this anew."
				).format(_full_name(row.user), _full_name(first.user))
	return None


def _duties(user: str, day: Any) -> list[Any]:
	"""Delegations under which a user is to act on a day; the earliest first. One of a disabled user has ended."""
	return [row for row in _current({"delegate": user}, day) if is_enabled(row.user)]


def _absences(user: str, day: Any, role: str | None) -> list[Any]:
	"""Delegations of a user who is absent on a day; of one role, where it is given."""
	return [row for row in _current({"user": user}, day) if role is None or role in handed_roles(row)]


def _current(filters: dict[str, Any], day: Any) -> list[Any]:
	if not frappe.db.table_exists(DELEGATION):
		return []  # an update of the site that has not come to it yet takes steps all the same
	found: list[Any] = frappe.get_all(
		DELEGATION,
		filters={**filters, "is_active": 1, "from_date": ["<=", day], "to_date": [">=", day]},
		fields=["name", "user", "delegate", "from_date", "to_date", "all_roles"],
		order_by="from_date asc, creation asc",
	)
	return found


def _named_roles(name: str) -> list[str]:
	found: list[str] = frappe.get_all(
		"Delegation Role", filters={"parent": name, "parenttype": DELEGATION}, pluck="role"
	)
	return found


# --- what a delegation must be ------------------------------------------------------------------------------


def check(delegation: Document) -> None:
	"""Raise DelegationError when a delegation is not in order."""
	_check_registrar(delegation)
	if not delegation.is_active:
		return
	_check_people(delegation)
	_check_days(delegation)
	_check_roles(delegation)
	_check_overlap(delegation)
	_check_chain(delegation)


def _check_registrar(delegation: Document) -> None:
	"""The absent user, or somebody who may register others; never the delegate for their own gain."""
	user = frappe.session.user
	stored = delegation.get_doc_before_save()
	absent = {delegation.user, stored.user if stored else delegation.user}
	if user == "Administrator" or absent == {user}:
		return
	if REGISTRARS.isdisjoint(frappe.get_roles(user)):
		_refuse(
			_("Only {0}, the Order Supervisor or the Sales Operations Manager register this absence."), absent
		)
	if user in (delegation.delegate, stored and stored.delegate):
		_refuse(_("You cannot make yourself the delegate of {0}; somebody else registers that."), absent)


def _check_people(delegation: Document) -> None:
	if delegation.user == delegation.delegate:
		_throw(_("Nobody is their own delegate."))
	for user in (delegation.user, delegation.delegate):
		enabled, kind = frappe.db.get_value("User", user, ["enabled", "user_type"]) or (0, "")
		if not enabled or kind != "System User":
			_throw(_("{0} is not an enabled user of the Desk.").format(_full_name(user)))
	if _OURS.isdisjoint(frappe.get_roles(delegation.delegate)):
		_throw(
			_("{0} has no role of the order review and could not read the documents.").format(
				_full_name(delegation.delegate)
			)
		)


def _check_days(delegation: Document) -> None:
	if getdate(delegation.to_date) < getdate(delegation.from_date):
		_throw(_("The absence ends before it begins."))
	if delegation.is_new() and getdate(delegation.to_date) < getdate(today()):
		_throw(_("The absence is over already; nothing is handed over afterwards."))


def _check_roles(delegation: Document) -> None:
	own = set(frappe.get_roles(delegation.user)) & _OURS
	if delegation.all_roles:
		delegation.set("roles", [])
		if not own:
			_throw(_("{0} has no role to hand over.").format(_full_name(delegation.user)))
		return
	if not delegation.roles:
		_throw(_("Name the roles that are handed over, or hand over all of them."))
	for row in delegation.roles:
		if row.role not in own:
			_throw(
				_("Row {0}: {1} does not have the role {2}; nobody hands over what they do not have.").format(
					row.idx, _full_name(delegation.user), _(row.role)
				)
			)


def _check_overlap(delegation: Document) -> None:
	mine = _roles_of(delegation)
	for other in _meeting(delegation, {"user": delegation.user}):
		if mine & handed_roles(other):
			_throw(
				_("{0} is handed over to {1} from {2} to {3} already ({4}).").format(
					_full_name(delegation.user),
					_full_name(other.delegate),
					frappe.format(other.from_date, "Date"),
					frappe.format(other.to_date, "Date"),
					other.name,
				)
			)


def _check_chain(delegation: Document) -> None:
	"""The delegate is there; who is a delegate and goes absent hands the duty back to the Order Supervisor."""
	for other in _meeting(delegation, {"user": delegation.delegate}):
		_throw(
			_("{0} is absent as well from {1} to {2} ({3}). Choose somebody who is there.").format(
				_full_name(delegation.delegate),
				frappe.format(other.from_date, "Date"),
				frappe.format(other.to_date, "Date"),
				other.name,
			)
		)


def user_changed(user: Document, _method: str | None = None) -> None:
	"""With a user who is disabled end the delegations of that user; whose delegate it was is assigned anew."""
	before = user.get_doc_before_save()
	if user.enabled or before is None or not before.enabled:
		return
	running = {"is_active": 1, "to_date": [">=", today()]}
	for name in frappe.get_all(DELEGATION, {**running, "user": user.name}, pluck="name"):
		frappe.db.set_value(DELEGATION, name, "is_active", 0)
		frappe.get_doc(DELEGATION, name).add_comment("Info", _("Ended: the user is disabled."))
	for name in frappe.get_all(DELEGATION, {**running, "delegate": user.name}, pluck="name"):
		left = frappe.get_doc(DELEGATION, name)
		subject = _("{0}: {1}, who acts for {2}, is disabled. Assign the open tasks anew.").format(
			name, _full_name(user.name), _full_name(left.user)
		)
		notices.tell(left, notices.users_with("Order Supervisor"), subject)


def tell(delegation: Document) -> None:
	"""Tell the delegate and the absent user; the Order Supervisor of duties that nobody is left for."""
	if not delegation.is_active:
		return
	subject = _("{0}: {1} acts for {2} from {3} to {4}").format(
		delegation.name,
		_full_name(delegation.delegate),
		_full_name(delegation.user),
		frappe.format(delegation.from_date, "Date"),
		frappe.format(delegation.to_date, "Date"),
	)
	notices.tell(delegation, [delegation.user, delegation.delegate], subject)
	for other in _meeting(delegation, {"delegate": delegation.user}):
		returned = _("{0}: {1}, who acts for {2}, is absent as well. Assign the open tasks anew.").format(
			other.name, _full_name(delegation.user), _full_name(other.user)
		)
		notices.tell(delegation, notices.users_with("Order Supervisor"), returned)


def _meeting(delegation: Document, filters: dict[str, Any]) -> list[Any]:
	"""Other active delegations that have a day in common."""
	found: list[Any] = frappe.get_all(
		DELEGATION,
		filters={
			**filters,
			"is_active": 1,
			"name": ["!=", delegation.name or ""],
			"from_date": ["<=", delegation.to_date],
			"to_date": [">=", delegation.from_date],
		},
		fields=["name", "user", "delegate", "from_date", "to_date", "all_roles"],
		order_by="from_date",
	)
	return found


def _roles_of(delegation: Document) -> set[str]:
	own = set(frappe.get_roles(delegation.user)) & _OURS
	return own if delegation.all_roles else own & {row.role for row in delegation.roles}


def _full_name(user: str) -> str:
	return str(frappe.db.get_value("User", user, "full_name", cache=True) or user)


def _refuse(message: str, absent: set[str]) -> None:
	frappe.throw(
		message.format(", ".join(map(_full_name, sorted(absent)))),
		frappe.PermissionError,
		title=_("Delegation"),
	)


def _throw(message: str) -> None:
	frappe.throw(message, title=_("Delegation"), exc=DelegationError)
