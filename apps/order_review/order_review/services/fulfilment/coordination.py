"""Coordination Item (协调事项): something one person sees to by a day, so that an order goes on."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, cint, formatdate, getdate, today

from order_review.constants import COORDINATION_ITEM, ROLES, SALES_CONTRACT, role_names
from order_review.exceptions import FulfilmentError
from order_review.services import background, guard, notices
from order_review.services.fulfilment.source import head_values

OPEN = ("Open", "In Progress")

WRITERS = role_names("OA LS OS SM PL SU QA CS PM")
"""Roles that ask for something to be seen to."""

DOERS = role_names("SP MM OA CA AU LS OS SM TR FR PL SU QA CS PM VP")

_WISH = frozenset("subject kind details responsible due_date contract_line".split())
_REFERENCE = frozenset({"reference_doctype", "reference_name"})
_RESULT = frozenset({"result"})


def check_mine(item: Document) -> None:
	"""Who asked, who is responsible and the order office move an item; nobody else."""
	user = frappe.session.user
	if user in (item.owner, item.responsible) or not role_names("OA OS").isdisjoint(frappe.get_roles()):
		return
	_refuse(_("{0} is seen to by {1}.").format(item.name, frappe.utils.get_fullname(item.responsible)))


def check_done(item: Document) -> None:
	"""The result is said."""
	if not (item.result or "").strip():
		_refuse(_("State the result first."))


def _writable() -> dict[str, dict[str, frozenset[str]]]:
	first = {role: _WISH | _REFERENCE | _RESULT for role in WRITERS}
	others = dict.fromkeys(DOERS - WRITERS, _RESULT)
	later = {role: _WISH | _RESULT for role in WRITERS}
	return {"Open": {**first, **others}, "In Progress": {**later, **others}}


PROCESS = guard.Process(
	first="Open",
	writable=_writable(),
	computed=frozenset("sales_contract company market_department is_reminded".split()),
	openings=dict.fromkeys(("In Progress", "Done", "Cancelled"), check_mine),
	requirements={"Done": check_done},
	reasoned=frozenset({"Cancelled"}),
	backwards=frozenset({("Done", "In Progress")}),
	unsealed=frozenset({"is_reminded"}),
)


def fill(item: Document) -> None:
	"""Take contract and market department from the document it concerns.

	Raises:
		frappe.PermissionError: the user may not read that document.
	"""
	reference = frappe.get_doc(item.reference_doctype, item.reference_name)
	if item.is_new() and not guard.is_system_save(item):
		reference.check_permission("read")
	contract = reference.name if reference.doctype == SALES_CONTRACT else reference.get("sales_contract")
	source = frappe.get_doc(SALES_CONTRACT, contract) if contract else reference
	item.update({"sales_contract": contract, **head_values(source)})
	stored = item.get_doc_before_save()
	if stored and getdate(stored.due_date) != getdate(item.due_date):
		item.is_reminded = 0  # another day is reminded of anew
	if not item.contract_line:
		item.contract_line = cint(reference.get("contract_line") or reference.get("line_no"))


def check_result(item: Document) -> None:
	"""The result is written by those who may move the item."""
	stored = item.get_doc_before_save()
	if stored and stored.result != item.result:
		check_mine(item)


def after_save(item: Document, before: Any) -> None:
	"""Tell the responsible person what is theirs, and who asked how it ended."""
	if before is None or before.responsible != item.responsible:
		notices.tell(
			item,
			[item.responsible],
			_("{0}: {1}, due {2}").format(item.name, item.subject, formatdate(item.due_date)),
			item.details,
		)
	elif before.status != item.status:
		notices.tell(
			item,
			[item.owner, item.responsible],
			_("{0}: {1} is {2}").format(item.name, item.subject, _(item.status, context=COORDINATION_ITEM)),
			item.result,
		)


def remind() -> int:
	"""Tell once of items whose day was yesterday or before; gives their number."""
	late = frappe.get_all(
		COORDINATION_ITEM,
		{"status": ["in", OPEN], "is_reminded": 0, "due_date": ["<=", add_days(today(), -1)]},
		pluck="name",
	)
	return background.each(late, _remind, "Coordination items are reminded of")


def _remind(name: str) -> None:
	item = frappe.get_doc(COORDINATION_ITEM, name)
	subject = _("{0}: {1} is overdue since {2}.").format(item.name, item.subject, formatdate(item.due_date))
	notices.tell(item, [item.responsible, item.owner, *notices.users_with(ROLES["OS"][0])], subject)
	frappe.db.set_value(COORDINATION_ITEM, name, "is_reminded", 1, update_modified=False)


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Coordination Item"), exc=FulfilmentError)
