"""One guard for every document with a process: what Frappe's Workflow does not enforce on the server.

Frappe checks a transition's condition, self-approval and the fields of a step in the browser or in one of its
entry points only. Here they hold for every save, whoever asks and by whatever path:

* the status changes only along a transition of the active Workflow that a role of the user may take, with its
  condition true on the stored and on the new values, and nothing else changed in the same save;
* an approval is refused to those who had a hand in what is approved;
* each step's fields are written by that step's roles only;
* what the server computes is never taken from a client;
* each change of status leaves a row: from, to, who, on whose behalf, when, why, and the hash of the content.

A transition of the system (expiry, promotion) goes through the same guard, named as such.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

import frappe
from frappe import _
from frappe.model import display_fieldtypes, table_fields
from frappe.model.document import Document
from frappe.model.workflow import get_workflow_name, is_transition_condition_satisfied
from frappe.utils import cint, cstr, flt, now_datetime

from order_review.exceptions import (
	FieldLockedError,
	ReasonMissingError,
	SelfApprovalError,
	StatusChangeError,
)
from order_review.services import delegations, foreign_rows

EVENTS = "events"
"""Table of the steps taken, in every guarded document."""

_META = frozenset(
	"name owner creation modified modified_by docstatus idx doctype parent parentfield parenttype amended_from "
	"naming_series _user_tags _comments _assign _liked_by _seen".split()
)
_NUMBERS = {"Currency": flt, "Float": flt, "Percent": flt, "Int": cint, "Check": cint, "Rating": flt}
_SYSTEM = "order_review_system_saves"
_REASON = "order_review_reason"
_INSERTS = "order_review_inserts"
_ACTING = "order_review_acting_for"
_TOKEN = object()  # no client can send it

Step = Callable[[Document], None]


@dataclass(frozen=True)
class Process:
	"""What the guard needs to know of a DocType.

	Attributes:
		first: status of a new document.
		writable: status → role → fields that role writes in it; other fields are locked.
		computed: fields the server sets; what a client says of them is ignored.
		openings: status → check whether the step into it is there to be taken at all, by this user, as the document stands
			before the step; where it raises, the step is neither offered nor taken.
		requirements: status → check that must pass on entering it; it raises when something is missing.
		entering: status → sets what follows from entering it.
		reasoned: statuses that are entered with a reason only.
		backwards: moves (from, to) that are returns, which need a reason as well.
		restarts: moves (from, to) after which the document begins anew; earlier steps make nobody partial any more.
		unsealed: fields that change without anybody deciding anything (clocks, counters); no part of the content hash.
		system_moves: moves (from, to) the system takes without a user's role.
		asking: actions a button of the form takes, since they ask for more; the menu of steps does not list them.
		docstatus: status → docstatus, where it is not 0.
		status_field: field that holds the status.
	"""

	first: str
	writable: Mapping[str, Mapping[str, frozenset[str]]]
	computed: frozenset[str]
	openings: Mapping[str, Step] = field(default_factory=dict)
	requirements: Mapping[str, Step] = field(default_factory=dict)
	entering: Mapping[str, Step] = field(default_factory=dict)
	reasoned: frozenset[str] = frozenset()
	backwards: frozenset[tuple[str, str]] = frozenset()
	restarts: frozenset[tuple[str, str]] = frozenset()
	unsealed: frozenset[str] = frozenset()
	system_moves: frozenset[tuple[str, str]] = frozenset()
	asking: frozenset[str] = frozenset()
	docstatus: Mapping[str, int] = field(default_factory=dict)
	status_field: str = "status"

	def writable_by(self, status: str, roles: frozenset[str]) -> frozenset[str]:
		"""Fields somebody with these roles writes in a status."""
		allowed: frozenset[str] = frozenset()
		for role, fields in self.writable.get(status, {}).items():
			if role in roles:
				allowed |= fields
		return allowed

	def needs_reason(self, before: str, after: str) -> bool:
		"""Whether a move is taken with a reason only."""
		return after in self.reasoned or (before, after) in self.backwards


class GuardedDocument(Document):
	"""A document whose status and fields are guarded as ``process`` says."""

	process: ClassVar[Process]
	offers: ClassVar[Mapping[str, Step]] = {}
	"""Buttons of the form beside the steps of the workflow → the check its call begins with; it raises where it refuses."""

	def onload(self) -> None:
		"""Tell the form which fields and buttons are open to the user and which actions need a reason."""
		status = self.get(self.process.status_field)
		roles = frozenset(frappe.get_roles())
		self.set_onload("writable", sorted(self.process.writable_by(status, roles)))
		self.set_onload("reasoned_actions", sorted(reasoned_actions(self)))
		self.set_onload("delegated_actions", delegated_actions(self))
		self.set_onload("offers", offered(self))

	def before_validate(self) -> None:
		"""Judge the save before anything else looks at the document."""
		check(self)

	def before_save(self) -> None:
		"""Seal the step that was taken with the content as it is saved."""
		seal(self)

	def before_submit(self) -> None:
		"""Seal the step that submits the document."""
		seal(self)

	def before_update_after_submit(self) -> None:
		"""Judge and seal a save of a submitted document; Frappe asks nothing else of it."""
		check(self)
		seal(self)

	def before_cancel(self) -> None:
		"""Judge a cancelling: no step leads there."""
		check(self)

	def before_discard(self) -> None:
		"""Refuse Frappe's discarding of a draft: it skips every step; a document ends by its own process."""
		frappe.throw(
			_("{0} is not discarded. Take the step that ends it, or delete it where that is allowed.").format(
				_(self.doctype)
			),
			title=_("Step Not Taken"),
			exc=StatusChangeError,
		)

	def check_permission(self, permtype: str = "read", permlevel: int | None = None) -> None:
		"""Submitting is a step like others: who may write asks, the guard decides.

		No role has a right to submit, so that no path of Frappe's submits without a transition.
		"""
		if permtype == "submit" and self.process.docstatus:
			permtype = "write"
		super().check_permission(permtype, permlevel)

	def validate_workflow(self) -> None:
		"""Leave transitions to the guard; Frappe's own check knows neither a system nor delegates."""
		if not is_system_save(self) and not self.flags.get(_ACTING):
			super().validate_workflow()


def check(document: GuardedDocument) -> None:
	"""Raise when the save breaks a rule; bring back what a client may not touch.

	Raises:
		StatusChangeError, SelfApprovalError, ReasonMissingError, FieldLockedError, ForeignRowError.
	"""
	process, stored = document.process, document.get_doc_before_save()
	document.flags[_ACTING] = None
	foreign_rows.refuse(document, stored)
	document.set(EVENTS, [row.as_dict() for row in stored.get(EVENTS)] if stored else [])
	if not is_system_save(document):
		bring_back(document, stored, process.computed)
	if stored is None:
		_check_new(document, process)
	else:
		_check_change(document, stored, process)
	_check_docstatus(document, process)


def _check_new(document: GuardedDocument, process: Process) -> None:
	status_field = process.status_field
	if (document.get(status_field) or process.first) != process.first:
		_refuse_status(document, "", document.get(status_field))
	document.set(status_field, process.first)
	if not is_system_save(document):
		fields = frozenset(changes(document, None))
		bring_back(document, None, fields - process.writable_by(process.first, _roles()) - {status_field})
	_enter(document, "", process.first, process)


def _check_change(document: GuardedDocument, stored: GuardedDocument, process: Process) -> None:
	before, after = stored.get(process.status_field), document.get(process.status_field)
	changed = [name for name in changes(document, stored) if name != process.status_field]
	if is_system_save(document):
		if before != after and (before, after) not in process.system_moves:
			_refuse_status(document, before, after)
	elif before != after:
		document.flags[_ACTING] = _check_transition(document, stored, changed)
		with acting(document.flags[_ACTING] or acting_now()):
			_check_opening(stored, after)
	else:
		_check_fields(document, before, changed)
		if changed:
			_note_editor(document)
	if before != after:
		with acting(document.flags[_ACTING] or acting_now()):
			_enter(document, before, after, process)


def _check_transition(document: GuardedDocument, stored: GuardedDocument, changed: list[str]) -> str | None:
	"""The user may take a transition from the stored to the new status, here and now; tells for which absent user."""
	process = document.process
	before, after = stored.get(process.status_field), document.get(process.status_field)
	leading = [
		row
		for row in _transitions(document.doctype, before)
		if row.next_state == after
		and is_transition_condition_satisfied(row, stored)
		and is_transition_condition_satisfied(row, document)
	]
	possible, absent = _open_to_user(leading)
	if not possible:
		_refuse_status(document, before, after)
	if changed:
		frappe.throw(
			_("A step is taken with nothing else changed. Save {0} first, then take the step.").format(
				_labels(document, changed)
			),
			title=_("Step Not Taken"),
			exc=StatusChangeError,
		)
	if _is_self_approval(stored, possible, absent):
		frappe.throw(
			_("Who had a hand in {0} does not approve it. Somebody else takes this step.").format(
				document.name
			),
			title=_("Step Not Taken"),
			exc=SelfApprovalError,
		)
	if process.needs_reason(before, after) and not reason():
		frappe.throw(
			_("{0} → {1} needs a reason.").format(
				_(before, context=document.doctype), _(after, context=document.doctype)
			),
			title=_("Reason Missing"),
			exc=ReasonMissingError,
		)
	return absent


def _is_self_approval(stored: GuardedDocument, possible: list[Any], absent: str | None) -> bool:
	"""Whether the transitions are approvals, and the user or the absent user had a hand in what is approved."""
	if any(cint(row.allow_self_approval) for row in possible):
		return False
	return bool({frappe.session.user, absent} & hands(stored))


def _check_opening(stored: GuardedDocument, after: str) -> None:
	if after in stored.process.openings:
		stored.process.openings[after](stored)


def passes(check: Step, document: Document) -> bool:
	"""Whether a check lets the user go on; what it says otherwise is not shown."""
	said = len(frappe.local.message_log)
	try:
		check(document)
	except (frappe.ValidationError, frappe.PermissionError):
		del frappe.local.message_log[said:]
		return False
	return True


def is_own(stored: GuardedDocument, action: str) -> bool:
	"""Whether an action of the workflow is there for the user's own roles; raises what keeps this user from it now."""
	for row in _transitions(stored.doctype, stored.get(stored.process.status_field)):
		if (
			row.action == action
			and row.allowed in _roles()
			and is_transition_condition_satisfied(row, stored)
		):
			_check_opening(stored, row.next_state)
			return True
	return False


def offered(document: GuardedDocument) -> list[str]:
	"""Buttons of the document's form that are there for the user."""
	return [name for name, check in document.offers.items() if passes(check, document)]


def open_actions(stored: GuardedDocument) -> set[str]:
	"""Actions of the workflow that are there for the user's own roles, as the document stands.

	What is still to be filled in or settled, the step itself says.
	"""
	found: dict[tuple[str, str], list[Any]] = {}
	for row in _transitions(stored.doctype, stored.get(stored.process.status_field)):
		if row.allowed in _roles() and is_transition_condition_satisfied(row, stored):
			found.setdefault((row.action, row.next_state), []).append(row)
	return {
		action
		for (action, after), rows in found.items()
		if not _is_self_approval(stored, rows, None)
		and passes(lambda one: _check_opening(one, after), stored)  # noqa: B023
	}


def _open_to_user(transitions: list[Any]) -> tuple[list[Any], str | None]:
	"""Transitions a role of the user takes; else those an absent user's role takes, and who is absent."""
	own = [row for row in transitions if row.allowed in _roles()]
	if own:
		return own, None
	for row in transitions:
		absent = delegations.acting_for(frappe.session.user, row.allowed)
		if absent:
			return [row], absent
	return [], None


def reasoned_actions(document: GuardedDocument) -> set[str]:
	"""Actions out of the document's status that are taken with a reason only."""
	status = document.get(document.process.status_field)
	return {
		row.action
		for row in _transitions(document.doctype, status)
		if document.process.needs_reason(status, row.next_state)
	}


def delegated_actions(document: GuardedDocument) -> list[dict[str, Any]]:
	"""Actions the user takes for an absent user only: action, role, for whom, and whether a reason is needed."""
	process, status = document.process, document.get(document.process.status_field)
	return [
		{
			"action": row.action,
			"role": row.allowed,
			"absent": absent,
			"absent_name": frappe.db.get_value("User", absent, "full_name"),
			"needs_reason": process.needs_reason(status, row.next_state),
		}
		for row, absent in _delegated(document)
		if _is_open_for(document, row, absent)
	]


def _delegated(document: GuardedDocument) -> list[tuple[Any, str]]:
	"""Transitions for which the user only has an absent user's role, and who is absent; open to them now or not."""
	transitions = _transitions(document.doctype, document.get(document.process.status_field))
	known = {row.action for row in transitions if row.allowed in _roles()}
	taken = delegations.roles_taken(frappe.session.user) if transitions else {}
	return [
		(row, taken[row.allowed])
		for row in transitions
		if row.allowed in taken
		and row.action not in known
		and is_transition_condition_satisfied(row, document)
	]


def _is_open_for(document: GuardedDocument, transition: Any, absent: str) -> bool:
	"""Whether a step is there for the delegate of an absent user."""
	if _is_self_approval(document, [transition], absent):
		return False
	with acting(absent):
		return passes(lambda one: _check_opening(one, transition.next_state), document)


def take_for_absent(document: GuardedDocument, action: str, *, is_readable: bool = False) -> bool:
	"""Take an action as the delegate of an absent user; False when the user has no such action.

	The delegate needs no right to write: the guard judges the step as it would the absent user's.

	Args:
		is_readable: whether the caller has seen to it that the user may read the document.
	"""
	found = [row for row, _absent in _delegated(document) if row.action == action]
	if not found:
		return False
	if not is_readable:
		document.check_permission("read")
	status = found[0].next_state
	document.set(document.process.status_field, status)
	document.flags.ignore_permissions = True
	if document.process.docstatus.get(status, 0) == 1 and document.docstatus == 0:
		document.submit()
	else:
		document.save()
	document.add_comment("Workflow", _(status, context=document.doctype))
	return True


def _note_editor(document: GuardedDocument) -> None:
	"""Write down beside the step that led here who changed the document since."""
	if document.get(EVENTS):
		row = document.get(EVENTS)[-1]
		row.editors = "\n".join(dict.fromkeys([*editors_of(row), frappe.session.user]))


def editors_of(row: Document) -> list[str]:
	"""Users who changed the document between a step and the next one."""
	return [user for user in cstr(row.editors).split("\n") if user]


def editors(stored: Document, statuses: tuple[str, ...] | None = None) -> set[str]:
	"""Users who ever changed the document, or did so while it was in one of the statuses."""
	return {
		user
		for row in stored.get(EVENTS) or ()
		if statuses is None or row.to_status in statuses
		for user in editors_of(row)
	}


def hands(stored: GuardedDocument) -> set[str]:
	"""Users who had a hand in the stored document: author, editors, and who took a step of it other than a return."""
	return takers(stored) | {stored.modified_by}


def takers(stored: GuardedDocument) -> set[str]:
	"""Author of the stored document, who changed it, and who took a step of it other than a return, with those they acted for."""
	process = stored.process
	taken: set[str] = set()
	for row in stored.get(EVENTS):
		move = (row.from_status, row.to_status)
		if move in process.restarts:
			taken.clear()
		if not row.is_system and move not in process.backwards:
			taken |= {row.actor, row.on_behalf_of} - {None, ""}
		taken.update(editors_of(row))
	return {stored.owner, *taken}


def _check_fields(document: GuardedDocument, status: str, changed: list[str]) -> None:
	refuse_others(document, changed, document.process.writable_by(status, _roles()), status)


def refuse_others(document: Document, changed: list[str], allowed: frozenset[str], status: str) -> None:
	"""Raise FieldLockedError when a changed field is not among the allowed ones.

	Args:
		status: what the document, or the one it belongs to, is in; for the message.
	"""
	locked = [name for name in changed if name not in allowed]
	if not locked:
		return
	frappe.throw(
		_("{0}: not yours to change while the document is {1}.").format(
			_labels(document, locked), _(status, context=document.doctype)
		),
		title=_("Not Changed"),
		exc=FieldLockedError,
	)


def _enter(document: GuardedDocument, before: str, after: str, process: Process) -> None:
	"""Check what a status requires, set what follows from it and write the step down."""
	if before and after in process.requirements:
		process.requirements[after](document)
	if after in process.entering:
		process.entering[after](document)
	document.append(
		EVENTS,
		{
			"from_status": before,
			"to_status": after,
			"actor": frappe.session.user,
			"on_behalf_of": acting_now(),
			"occurred_at": now_datetime(),
			"reason": reason(),
			"is_system": int(is_system_save(document)),
		},
	)


def seal(document: GuardedDocument) -> None:
	"""Write the hash of the content into a step that has none yet."""
	for row in document.get(EVENTS):
		if not row.content_hash:
			row.content_hash = content_hash(document)


def content_hash(document: GuardedDocument) -> str:
	"""SHA-256 of what a user reads in the document: without its status and steps, and without who saved it when."""
	content = _content(document)
	for name in (document.process.status_field, *document.process.unsealed):
		content.pop(name, None)
	text = json.dumps(content, sort_keys=True, ensure_ascii=False)
	return hashlib.sha256(text.encode()).hexdigest()


def _content(document: Document) -> dict[str, Any]:
	content: dict[str, Any] = {"name": document.name}
	for name, kind in _value_fields(document):
		if kind in table_fields:
			content[name] = [_content(row) | {"name": None} for row in document.get(name)]
		else:
			content[name] = _plain(document.get(name), kind)
	return content


def changes(document: Document, stored: Document | None) -> list[str]:
	"""Fields whose value differs from the stored one; of a new document, from an empty one."""
	stored = stored or frappe.new_doc(document.doctype)
	before, after = _content(stored), _content(document)
	return [name for name, _kind in _value_fields(document) if before[name] != after[name]]


def _value_fields(document: Document) -> list[tuple[str, str]]:
	return [
		(df.fieldname, df.fieldtype)
		for df in document.meta.fields
		if df.fieldtype not in display_fieldtypes and df.fieldname not in _META and df.fieldname != EVENTS
	]


def _plain(value: Any, kind: str) -> Any:
	return _NUMBERS[kind](value) if kind in _NUMBERS else cstr(value)


def bring_back(document: Document, stored: Document | None, fields: frozenset[str]) -> None:
	"""Set fields to what is stored, of a new document to the defaults, whatever the client sent."""
	source = stored or frappe.new_doc(document.doctype)
	for name in fields:
		value = source.get(name)
		document.set(name, [row.as_dict() for row in value] if isinstance(value, list) else value)


def _check_docstatus(document: GuardedDocument, process: Process) -> None:
	expected = process.docstatus.get(document.get(process.status_field), 0)
	if cint(document.docstatus) != expected:
		frappe.throw(
			_("{0} is not submitted or cancelled by hand.").format(_(document.doctype)),
			title=_("Step Not Taken"),
			exc=StatusChangeError,
		)


def _refuse_status(document: Document, before: str | None, after: str | None) -> None:
	frappe.throw(
		_("{0} {1}: you cannot take the step from {2} to {3} now.").format(
			_(document.doctype),
			document.name or "",
			_(before or "New", context=document.doctype),
			_(after or "New", context=document.doctype),
		),
		title=_("Step Not Taken"),
		exc=StatusChangeError,
	)


def _transitions(doctype: str, status: str | None) -> list[Any]:
	"""Transitions of the active Workflow out of a status."""
	name = get_workflow_name(doctype)
	return (
		[row for row in frappe.get_cached_doc("Workflow", name).transitions if row.state == status]
		if name
		else []
	)


def _roles() -> frozenset[str]:
	return frozenset(frappe.get_roles())


def _labels(document: Document, names: list[str]) -> str:
	return ", ".join(_(document.meta.get_label(name), context=document.doctype) for name in names)


# --- steps taken by services -------------------------------------------------------------------------------


@contextmanager
def because(reason: str | None) -> Iterator[None]:
	"""Give the reason of the step that is taken inside."""
	before = frappe.flags.get(_REASON)
	frappe.flags[_REASON] = cstr(reason).strip() or None
	try:
		yield
	finally:
		frappe.flags[_REASON] = before


def reason() -> str | None:
	"""The reason given for the step that is taken now."""
	return frappe.flags.get(_REASON)


@contextmanager
def acting(absent: str | None) -> Iterator[None]:
	"""Write the steps that are taken inside down as taken for an absent user."""
	before = frappe.flags.get(_ACTING)
	frappe.flags[_ACTING] = absent
	try:
		yield
	finally:
		frappe.flags[_ACTING] = before


def acting_now() -> str | None:
	"""The absent user for whom the present step is taken."""
	return frappe.flags.get(_ACTING)


def people() -> set[str]:
	"""Who takes the present step: the user, and the absent user for whom it is taken."""
	return {frappe.session.user, acting_now()} - {None, ""}


def write(document: Document, values: Mapping[str, Any], reason: str | None = None) -> None:
	"""Save values as the system: computed fields, and a status along one of the process's system moves."""
	document.update(values)
	key = (document.doctype, document.name)
	saves = frappe.flags.setdefault(_SYSTEM, set())
	is_first = key not in saves  # what follows from a save may write the same document again
	saves.add(key)
	try:
		with because(reason):
			document.save(ignore_permissions=True)
	finally:
		if is_first:
			saves.discard(key)


def insert(document: Document) -> None:
	"""Insert a document as the system, whatever the user may create."""
	document.flags[_INSERTS] = _TOKEN
	try:
		document.insert(ignore_permissions=True)
	finally:
		document.flags.pop(_INSERTS, None)


def is_system_save(document: Document) -> bool:
	"""Whether a service saves the document right now, by ``write``."""
	return document.flags.get(_INSERTS) is _TOKEN or (document.doctype, document.name) in (
		frappe.flags.get(_SYSTEM) or ()
	)
