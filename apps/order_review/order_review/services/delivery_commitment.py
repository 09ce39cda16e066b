"""Delivery Date Commitment (交货期确认): asked of Planning, proposed, accepted by the salesperson, confirmed or broken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, cstr, formatdate, getdate, now_datetime

from order_review.constants import DELIVERY_COMMITMENT, PRODUCTION_CONFIGURATION, SALES_CONTRACT
from order_review.engine import delivery
from order_review.engine.delivery import Lot
from order_review.exceptions import DeliveryCommitmentError
from order_review.services import delivery_capacity, delivery_sources, guard, notices

CONFIRMED = "Confirmed"
STANDING = ("Proposed", "Accepted", CONFIRMED)
"""States in which a date is promised, and takes capacity."""

AGREED = ("Accepted", "Confirmed")
"""States in which the date is committed; before, it is only proposed."""

LIVE = (*STANDING, "Requested", "Broken")
"""States of a commitment somebody still waits for."""

ASK = frozenset({"reference_doctype", "reference_name", "reference_line"})
PROMISE = frozenset({"committed_date", "lots", "reason"})
COMPUTED = frozenset(
	"title company market_department sales_person customer dealer model qty wish earliest is_over_capacity weeks "
	"proposals".split()
)

_PLANNER, _PRODUCTION = "Planning Reviewer", "Production Management Reviewer"
_ASKERS = ("Order Administrator", "Order Supervisor")


# --- what each step requires and brings ---------------------------------------------------------------------


def check_proposal(commitment: Document) -> None:
	"""There is a date, the lots add up, and what is out of the ordinary has a reason.

	Raises:
		DeliveryCommitmentError.
	"""
	if not commitment.committed_date:
		_refuse(_("State the date, or lots with their dates, before you propose."))
	check_lots(commitment)
	if guard.is_system_save(commitment) or cstr(commitment.reason).strip():
		return
	if commitment.earliest and getdate(commitment.committed_date) < getdate(commitment.earliest):
		_refuse(
			_("{0} is before the earliest date {1}. State the reason why it can be kept.").format(
				formatdate(commitment.committed_date), formatdate(commitment.earliest)
			)
		)
	over = [week.label for week in delivery_capacity.weeks(commitment) if week.is_over]
	if over:
		_refuse(_("Above the weekly capacity in {0}. State the reason.").format(", ".join(over)))


def check_lots(commitment: Document) -> None:
	"""Raise DeliveryCommitmentError unless the lots add up to the quantity."""
	rows = [Lot(cint(row.qty), getdate(row.delivery_date)) for row in commitment.lots]
	fault = delivery.fault(rows, cint(commitment.qty))
	if fault == "qty":
		_refuse(_("Each lot has at least 1 vehicle."))
	if fault == "sum":
		_refuse(
			_("The lots have {0} vehicles, {1} are ordered.").format(
				sum(row.qty for row in rows), commitment.qty
			)
		)


def proposed(commitment: Document) -> None:
	"""Keep the proposal in the history, with the capacity it was made on."""
	_answer(commitment, "Replaced")
	found = delivery_capacity.weeks(commitment)
	commitment.set("weeks", [_week_row(week) for week in found])
	commitment.is_over_capacity = int(any(week.is_over for week in found))
	commitment.append(
		"proposals",
		{
			"proposed_on": now_datetime(),
			"proposed_by": frappe.session.user,
			"committed_date": commitment.committed_date,
			"lots": delivery.told(lots(commitment)),
			"reason": commitment.reason,
			"review_task": commitment.flags.review_task,
		},
	)


def requested(commitment: Document) -> None:
	"""A proposal that was declined or taken back stays in the history as that."""
	stored = commitment.get_doc_before_save()
	if stored is None:
		return
	is_planner = not guard.is_system_save(commitment) and _PLANNER in frappe.get_roles()
	answer = "Replaced" if guard.is_system_save(commitment) else "Taken Back" if is_planner else "Declined"
	_answer(commitment, answer)


def _answered(answer: str) -> guard.Step:
	return lambda commitment: _answer(commitment, answer)


def _answer(commitment: Document, answer: str) -> None:
	"""Write the answer into the last proposal, unless it is over already."""
	if not commitment.proposals or commitment.proposals[-1].answer not in (None, "", "Accepted", "Confirmed"):
		return
	commitment.proposals[-1].update(
		{
			"answer": answer,
			"answered_by": frappe.session.user,
			"answered_on": now_datetime(),
			"answer_reason": guard.reason(),
		}
	)


def _week_row(week: delivery.Week) -> dict[str, Any]:
	return {
		"week": week.label,
		"begins_on": week.begins_on,
		"capacity": week.capacity,
		"taken": week.taken,
		"own": week.own,
		"free": week.free,
	}


_PLANNING: Mapping[str, frozenset[str]] = {_PLANNER: PROMISE}

PROCESS = guard.Process(
	first="Requested",
	writable={
		"Requested": {_PLANNER: PROMISE | ASK, **dict.fromkeys(_ASKERS, ASK)},
		"Broken": _PLANNING,
		**{status: {_PRODUCTION: frozenset({"production_note"})} for status in ("Accepted", "Confirmed")},
	},
	computed=COMPUTED,
	requirements={"Proposed": check_proposal},
	entering={
		"Requested": requested,
		"Proposed": proposed,
		"Accepted": _answered("Accepted"),
		"Confirmed": _answered("Confirmed"),
		"Broken": _answered("Broken"),
		"Withdrawn": _answered("Replaced"),
	},
	reasoned=frozenset({"Broken"}),
	backwards=frozenset({("Proposed", "Requested")}),
	unsealed=frozenset({"production_note"}),
	system_moves=frozenset(
		{(before, "Proposed") for before in ("Requested", "Accepted", "Confirmed", "Broken")}
		| {(before, "Requested") for before in (*STANDING, "Broken", "Withdrawn")}
		| {(before, "Withdrawn") for before in LIVE}
	),
)


# --- the document -------------------------------------------------------------------------------------------


def fill(commitment: Document) -> None:
	"""Take what is asked from the reference; the date of the last lot is the committed date."""
	reference = frappe.get_doc(commitment.reference_doctype, commitment.reference_name)
	commitment.update(delivery_sources.promised(reference, cint(commitment.reference_line)).values())
	if commitment.lots:
		commitment.committed_date = max(getdate(row.delivery_date) for row in commitment.lots)
	commitment.title = " ".join(
		str(part) for part in (commitment.reference_name, commitment.model, "×", commitment.qty)
	)[:140]


def check_reference(commitment: Document) -> None:
	"""Who asks may read the document, it goes on, and nothing is asked for it already.

	Raises:
		DeliveryCommitmentError, frappe.PermissionError.
	"""
	doctype, name = commitment.reference_doctype, commitment.reference_name
	if doctype not in delivery_sources.doctypes():
		_refuse(_("No delivery date is promised for a {0}.").format(_(doctype)))
	reference = frappe.get_doc(doctype, name, for_update=True)
	by_hand = not guard.is_system_save(commitment)
	if by_hand:
		reference.check_permission("read")
	_check_asked(reference)
	present = live(doctype, name, cint(commitment.reference_line), now=by_hand)
	if present:
		_refuse(_("{0} has a delivery date commitment already: {1}.").format(name, present))


def after_step(commitment: Document, before: str | None) -> None:
	"""Tell those who act next, and those who rely on the date."""
	reference = frappe.get_doc(commitment.reference_doctype, commitment.reference_name)
	sales = delivery_sources.people(reference)
	planning, office = notices.users_with(_PLANNER), [reference.get("owner_oa")]
	told: dict[str, Iterable[str | None]] = {
		"Requested": [*planning, *(office if before else ())],
		"Proposed": sales,
		"Accepted": planning,
		"Confirmed": [*sales, *office],
		"Broken": [*sales, *office, *notices.users_with("Order Supervisor")],
	}
	if commitment.status in told:
		notices.tell(commitment, told[commitment.status], _said(commitment), guard.reason())


def _said(commitment: Document) -> Callable[[], str]:
	def said() -> str:
		return _("{0}: delivery date {1} ({2})").format(
			commitment.reference_name,
			formatdate(commitment.committed_date) if commitment.committed_date else "–",
			_(commitment.status, context=DELIVERY_COMMITMENT),
		)

	return said


def after_save(commitment: Document) -> None:
	"""Everything made from a commitment has its dates."""
	from order_review.services.fulfilment import dates

	dates.follow(commitment)


# --- for others ---------------------------------------------------------------------------------------------


def live(doctype: str, name: str, line: int = 0, *, now: bool = False) -> str | None:
	"""The commitment of a document, or of a line of it, that is not withdrawn.

	Args:
		now: as it stands now, locked, and not as this transaction first saw it; the caller holds the document's row.
	"""
	found = frappe.db.get_values(
		DELIVERY_COMMITMENT,
		{
			"reference_doctype": doctype,
			"reference_name": name,
			"reference_line": line,
			"status": ["in", LIVE],
		},
		["name"],
		order_by="creation desc",
		for_update=now,
	)
	return str(found[0][0]) if found else None


def standing(doctype: str, name: str, line: int = 0) -> Document | None:
	"""The commitment with a date that stands: proposed, accepted or confirmed; None without one."""
	found = live(doctype, name, line)
	commitment = frappe.get_doc(DELIVERY_COMMITMENT, found) if found else None
	return commitment if commitment and commitment.status in STANDING else None


def confirmed_dates(names: Iterable[str]) -> dict[tuple[str, int], date | None]:
	"""(document, line) → the date that may be told outside, of many documents at once; line 0 is the whole.

	Until Planning has confirmed it a date is no promise: what is being agreed on is there, without a date.
	"""
	rows = frappe.get_all(
		DELIVERY_COMMITMENT,
		{"reference_name": ["in", sorted(set(names))], "status": ["in", LIVE]},
		["reference_name", "reference_line", "committed_date", "status"],
		order_by="creation",
	)
	return {
		(row.reference_name, cint(row.reference_line)): row.committed_date
		if row.status == CONFIRMED
		else None
		for row in rows
	}


def standing_for_line(contract: Document, line: int) -> Document | None:
	"""The commitment a contract line is delivered by: its own, else the contract's, else its intent order's."""
	own = standing(contract.doctype, contract.name, line) or standing(contract.doctype, contract.name)
	if own:
		return own
	orders = [row.get("intent_order") for row in contract.lines if cint(row.line_no) == line]
	return standing("Intent Order", orders[0]) if orders and orders[0] else None


def lots(commitment: Document) -> list[Lot]:
	"""The lots of a commitment; everything on its date where it has none; empty without a date."""
	rows = [Lot(cint(row.qty), getdate(row.delivery_date)) for row in commitment.lots]
	if rows:
		return sorted(rows, key=lambda lot: lot.day)
	day = commitment.committed_date
	return [Lot(cint(commitment.qty), getdate(day))] if day else []


def check_request(document: Document) -> None:
	"""The user may ask for a delivery date of a document, and nobody has yet.

	Raises:
		DeliveryCommitmentError, frappe.PermissionError.
	"""
	frappe.has_permission(DELIVERY_COMMITMENT, "create", throw=True)
	document.check_permission("read")
	_check_asked(document)
	present = live(document.doctype, document.name)
	if present:
		_refuse(_("{0} has a delivery date commitment already: {1}.").format(document.name, present))


def _check_asked(document: Document) -> None:
	"""Somebody waits for the document's vehicles."""
	status = document.get("status")
	if status in delivery_sources.ENDED:
		_refuse(
			_("{0} is {1}; no delivery date is asked for it.").format(
				document.name, _(status, context=document.doctype)
			)
		)


def request(doctype: str, name: str, line: int = 0) -> str:
	"""Ask Planning for a delivery date; gives the commitment, the one there is already where there is one.

	Raises:
		DeliveryCommitmentError: no date can be asked for the document.
	"""
	frappe.get_doc(doctype, name, for_update=True)
	present = live(doctype, name, line, now=True)
	if present:
		return present
	commitment = frappe.get_doc(_new(doctype, name, line))
	commitment.insert()
	return str(commitment.name)


def propose(
	doctype: str, name: str, day: date, reason: str | None = None, task: str | None = None, line: int = 0
) -> str:
	"""Make or renew the commitment of a document with the date Planning gave in its opinion; gives its name.

	Args:
		task: the review task the date stands in.
		line: number of the contract line it is for; 0 for the whole document.
	"""
	present = live(doctype, name, line)
	if present is None:
		commitment = frappe.get_doc(_new(doctype, name, line))
		guard.insert(commitment)
	else:
		commitment = frappe.get_doc(DELIVERY_COMMITMENT, present, for_update=True)
		if _stands_as_it_is(commitment, day):
			return str(commitment.name)
	commitment.flags.review_task = task
	values: dict[str, Any] = {"committed_date": day, "reason": reason}
	if not commitment.lots or max(lot.day for lot in lots(commitment)) != getdate(day):
		values["lots"] = []
	if commitment.status == "Proposed":  # another date in the place of the one that was proposed
		guard.write(commitment, {"status": "Requested"})
	fill(commitment)
	guard.write(commitment, {**values, "status": "Proposed"}, reason=reason)
	return str(commitment.name)


def _stands_as_it_is(commitment: Document, day: date) -> bool:
	reference = frappe.get_doc(commitment.reference_doctype, commitment.reference_name)
	asked = delivery_sources.promised(reference, cint(commitment.reference_line))
	return (
		commitment.status in STANDING
		and getdate(commitment.committed_date) == getdate(day)
		and (commitment.model, cint(commitment.qty)) == (asked.model, asked.qty)
	)


def after_opinion(document: Document, task: Document) -> None:
	"""A date in Planning's opinion is a proposal; in order entry, for the contract line that is entered."""
	if not task.proposed_date:
		return
	if document.doctype in delivery_sources.doctypes():
		propose(document.doctype, document.name, getdate(task.proposed_date), task.note, task.name)
	elif document.doctype == PRODUCTION_CONFIGURATION:
		_propose_for_line(document, getdate(task.proposed_date), task)


def _propose_for_line(version: Document, day: date, task: Document) -> None:
	"""Planning's date for a line, unless the line is promised for that day already."""
	contract = frappe.get_doc(SALES_CONTRACT, version.sales_contract, for_update=True)
	line = cint(version.line_no)
	standing = standing_for_line(contract, line)
	if standing and lots(standing)[-1].day == day:
		return
	is_whole = len(contract.lines) == 1 and not live(SALES_CONTRACT, contract.name, line)
	whole = is_whole and live(SALES_CONTRACT, contract.name)
	propose(SALES_CONTRACT, contract.name, day, task.note, task.name, 0 if whole else line)


def follow(document: Document) -> None:
	"""Keep a document's commitments in step with it: what ended is withdrawn, what changed is asked anew."""
	names = frappe.db.get_values(
		DELIVERY_COMMITMENT,
		{"reference_doctype": document.doctype, "reference_name": document.name, "status": ["in", LIVE]},
		"name",
		for_update=True,
	)
	for (name,) in names:
		commitment = frappe.get_doc(DELIVERY_COMMITMENT, name, for_update=True)
		if delivery_sources.has_ended(document) or _is_gone(document, commitment.reference_line):
			reason = _(document.status, context=document.doctype)
			guard.write(commitment, {"status": "Withdrawn"}, reason=reason)
			continue
		asked = delivery_sources.promised(document, cint(commitment.reference_line))
		if document.status == "Expired":
			_release(commitment, asked.qty)
		elif commitment.status in STANDING and (commitment.model, cint(commitment.qty)) != (
			asked.model,
			asked.qty,
		):
			guard.write(
				commitment,
				{"status": "Requested", "lots": []},
				reason=_("Model or quantity of {0} have changed.").format(document.name),
			)


def ask_again(document: Document) -> None:
	"""Ask anew for what was withdrawn with a document that goes on after all; its capacity was free meanwhile."""
	withdrawn = frappe.db.get_values(
		DELIVERY_COMMITMENT,
		{"reference_doctype": document.doctype, "reference_name": document.name},
		["name", "status", "reference_line"],
		order_by="creation",
		as_dict=True,
		for_update=True,
	)
	said = _(document.status, context=document.doctype)
	for row in {cint(row.reference_line): row for row in withdrawn}.values():
		if row.status == "Withdrawn" and not _is_gone(document, row.reference_line):
			commitment = frappe.get_doc(DELIVERY_COMMITMENT, row.name, for_update=True)
			guard.write(commitment, {"status": "Requested", "lots": []}, reason=said)


def _release(commitment: Document, qty: int) -> None:
	"""Give back the vehicles no contract took; the last ones first, so that the dates of the others stay."""
	less = cint(commitment.qty) - qty
	if not less:
		return
	kept = delivery.without(lots(commitment), less, last_first=True) if commitment.lots else []
	guard.write(
		commitment,
		{"qty": qty, "lots": [{"qty": lot.qty, "delivery_date": lot.day} for lot in reversed(kept)]},
		reason=_("{0} vehicles were not contracted in time.").format(less),
	)


def _is_gone(document: Document, line: Any) -> bool:
	"""Whether the line a date was promised for is no longer in the document."""
	numbers = {cint(row.line_no) for row in document.get("lines") or ()}
	return bool(cint(line)) and cint(line) not in numbers


def check_promised(document: Document) -> None:
	"""Raise DeliveryCommitmentError unless a date stands for the document as it is."""
	commitment = standing(document.doctype, document.name)
	asked = delivery_sources.promised(document)
	if commitment is None:
		_refuse(
			_("{0} has no delivery date of Planning yet. Request one, or wait for the proposal.").format(
				document.name
			)
		)
	if (commitment.model, cint(commitment.qty)) != (asked.model, asked.qty):
		_refuse(
			_("The delivery date {0} was promised for {1} × {2}; Planning proposes anew.").format(
				formatdate(commitment.committed_date), commitment.qty, commitment.model
			)
		)


def _new(doctype: str, name: str, line: int) -> dict[str, Any]:
	return {
		"doctype": DELIVERY_COMMITMENT,
		"reference_doctype": doctype,
		"reference_name": name,
		"reference_line": line,
	}


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Delivery Date", context="Order Review"), exc=DeliveryCommitmentError)
