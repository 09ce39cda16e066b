"""Expedite Request (催货申请): a part an order waits for, asked of its supplier for a day."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt, formatdate, getdate, today

from order_review.constants import EXPEDITE_REQUEST, SALES_CONTRACT
from order_review.exceptions import FulfilmentError
from order_review.services import guard, notices
from order_review.services.fulfilment.source import contract_values, head_values

OPEN = ("Draft", "Sent", "Promised")

ASKED = frozenset("part item qty reason supplier needed_by sales_contract contract_line".split())
ANSWER = frozenset("promised_on answered_by supplier_answer".split())

_SUPPLY = "Supply Reviewer"


def check_sent(request: Document) -> None:
	"""The day it is needed is still to come."""
	if flt(request.qty) <= 0:
		_refuse(_("Quantity is {0}; state how many are needed.").format(request.qty))
	if getdate(request.needed_by) < getdate(today()):
		_refuse(_("{0} is over. State the day the part is needed by.").format(formatdate(request.needed_by)))


def check_promised(request: Document) -> None:
	"""The supplier named a day, and somebody there answers for it."""
	_need(request, "promised_on", "answered_by")


def check_refused(request: Document) -> None:
	"""What the supplier said stands here."""
	_need(request, "supplier_answer")


def check_arrived(request: Document) -> None:
	"""It came on a day that has been."""
	_need(request, "arrived_on")
	if getdate(request.arrived_on) > getdate(today()):
		_refuse(_("{0} is to come.").format(formatdate(request.arrived_on)))


def _need(request: Document, *names: str) -> None:
	missing = [name for name in names if not request.get(name)]
	if missing:
		_refuse(
			_("Fill in: {0}.").format(
				", ".join(_(request.meta.get_label(name), context=request.doctype) for name in missing)
			)
		)


PROCESS = guard.Process(
	first="Draft",
	writable={
		"Draft": dict.fromkeys(("Order Administrator", "Order Supervisor", "Planning Reviewer"), ASKED),
		"Sent": {_SUPPLY: ANSWER},
		"Promised": {_SUPPLY: ANSWER | {"arrived_on"}},
		"Refused": {_SUPPLY: frozenset({"supplier"})},
	},
	computed=frozenset({"company", "market_department"}),
	requirements={
		"Sent": check_sent,
		"Promised": check_promised,
		"Refused": check_refused,
		"Arrived": check_arrived,
	},
	reasoned=frozenset({"Withdrawn"}),
)


def fill(request: Document) -> None:
	"""Take company and market department from the contract, and check the line."""
	contract = frappe.get_doc(SALES_CONTRACT, request.sales_contract)
	if request.contract_line:
		contract_values(contract, cint(request.contract_line))
	request.update(head_values(contract))


def is_late(request: Document) -> bool:
	"""Whether the supplier's day is later than the one it is needed by."""
	return bool(request.promised_on) and getdate(request.promised_on) > getdate(request.needed_by)


def after_step(request: Document, before: str | None) -> None:
	"""Tell supply what to ask for, and those who wait what came of it."""
	asked_by = [request.owner, frappe.db.get_value(SALES_CONTRACT, request.sales_contract, "owner_oa")]
	planning = (
		notices.users_with("Planning Reviewer") if is_late(request) or request.status == "Refused" else []
	)
	told = notices.users_with(_SUPPLY) if request.status == "Draft" else [*asked_by, *planning]
	subject = _("{0}: {1} for {2} is {3}").format(
		request.name, request.part, request.sales_contract, _(request.status, context=EXPEDITE_REQUEST)
	)
	late = (
		_("Promised for {0}, needed by {1}.").format(
			formatdate(request.promised_on), formatdate(request.needed_by)
		)
		if is_late(request)
		else None
	)
	notices.tell(request, told, subject, late or request.supplier_answer)


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Expedite Request"), exc=FulfilmentError)
