"""Livery Design (图案设计): drawn by livery support, confirmed by the customer before paint, frozen by the paint shop."""

from __future__ import annotations

from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, formatdate, getdate, today

from order_review.constants import LIVERY_DESIGN, PRODUCTION_MILESTONE, SALES_CONTRACT
from order_review.exceptions import FulfilmentError
from order_review.services import guard, notices
from order_review.services.fulfilment.source import contract_values

PAINT = "F4"
"""Freeze point before which the customer has confirmed."""

SETTLED = ("Confirmed", "Frozen")

WISH = frozenset("sales_contract contract_line livery_type pattern_no surface wishes".split())
DESIGN = frozenset("livery_type pattern_no surface colours views design_note".split())
CONFIRMATION = frozenset("confirmation_file confirmed_on confirmed_by".split())
COMPUTED = frozenset("title version model qty needed_by customer company market_department".split())

_SALES, _SUPPORT = "Salesperson", "Livery Support"


# --- what each step requires and brings ---------------------------------------------------------------------


def check_design(design: Document) -> None:
	"""The customer can see what they are asked to confirm."""
	missing = [name for name in ("livery_type", "surface") if not design.get(name)]
	if design.livery_type == "library" and not design.pattern_no:
		missing.append("pattern_no")
	if design.livery_type in ("custom", "film") and not design.views:
		missing.append("views")
	if not design.colours:
		missing.append("colours")
	if missing:
		_refuse(
			_("The design is not complete. Fill in: {0}.").format(
				", ".join(_(design.meta.get_label(name), context=design.doctype) for name in missing)
			)
		)


def check_confirmation(design: Document) -> None:
	"""The customer's signed confirmation is here, with its day and who signed."""
	missing = [name for name in sorted(CONFIRMATION) if not design.get(name)]
	if missing:
		_refuse(
			_("The customer's confirmation is not complete. Fill in: {0}.").format(
				", ".join(_(design.meta.get_label(name), context=design.doctype) for name in missing)
			)
		)
	if getdate(design.confirmed_on) > getdate(today()):
		_refuse(
			_("The customer confirmed on {0}? That day is to come.").format(formatdate(design.confirmed_on))
		)


def to_confirm(design: Document) -> None:
	"""What was confirmed before counts no more; a confirmed design that comes back is a new version."""
	stored = design.get_doc_before_save()
	design.update(dict.fromkeys(CONFIRMATION))
	if stored and stored.status in SETTLED:
		design.version = cint(stored.version) + 1


def changed(design: Document) -> None:
	"""A confirmed design that is drawn anew is a new version."""
	to_confirm(design)


PROCESS = guard.Process(
	first="To Design",
	writable={
		"To Design": {_SALES: WISH, _SUPPORT: WISH | DESIGN},
		"Draft": {_SUPPORT: DESIGN},
		"To Confirm": {_SALES: CONFIRMATION, _SUPPORT: CONFIRMATION},
	},
	computed=COMPUTED,
	requirements={"To Confirm": check_design, "Confirmed": check_confirmation},
	entering={"To Confirm": to_confirm, "Draft": changed},
	backwards=frozenset(
		{
			("To Confirm", "Draft"),
			("Confirmed", "Draft"),
			("Confirmed", "To Confirm"),
			("Frozen", "To Confirm"),
		}
	),
	unsealed=frozenset({"needed_by"}),
	system_moves=frozenset({("Confirmed", "To Confirm"), ("Frozen", "To Confirm"), ("Confirmed", "Frozen")}),
)


# --- the document -------------------------------------------------------------------------------------------


def fill(design: Document) -> None:
	"""Take customer, model, quantity and market department from the contract line.

	Raises:
		FulfilmentError: the contract has no such line, or the line has a design already.
	"""
	contract = frappe.get_doc(SALES_CONTRACT, design.sales_contract, for_update=design.is_new())
	design.update(contract_values(contract, cint(design.contract_line)))
	design.title = f"{design.sales_contract} / {design.contract_line} {design.model or ''}"[:140]
	design.needed_by = paint_day(design.sales_contract, cint(design.contract_line))
	other = of_line(design.sales_contract, cint(design.contract_line))
	if design.is_new() and other:
		_refuse(
			_("Line {0} of {1} has a livery design already: {2}.").format(
				design.contract_line, contract.name, other
			)
		)


def after_step(design: Document, before: str | None) -> None:
	"""Tell those who act next."""
	support = notices.users_with(_SUPPORT)
	sales = [frappe.db.get_value(SALES_CONTRACT, design.sales_contract, "owner"), design.owner]
	told: dict[str, list[str]] = {
		"To Design": support,
		"Draft": support,
		"To Confirm": sales,
		"Confirmed": [*sales, *notices.users_with("Production Management Reviewer")],
		"Frozen": [],
	}
	subject = _("{0}: livery of {1} is {2}").format(
		design.name, design.sales_contract, _(design.status, context=LIVERY_DESIGN)
	)
	notices.tell(design, told[design.status], subject, guard.reason())


# --- for others ---------------------------------------------------------------------------------------------


def of_line(contract: str, line: int) -> str | None:
	"""The design of a contract line."""
	return frappe.db.get_value(LIVERY_DESIGN, _line(contract, line))


def is_confirmed(contract: str, line: int) -> bool:
	"""Whether the customer has confirmed the livery of a line; a line without a design is not confirmed."""
	return frappe.db.get_value(LIVERY_DESIGN, _line(contract, line), "status") in SETTLED


def is_known(contract: str, line: int) -> bool:
	"""Whether it is said at all what the line's vehicles shall look like: a design has been begun."""
	return (frappe.db.get_value(LIVERY_DESIGN, _line(contract, line), "status") or "To Design") != "To Design"


def open_for(contract: Document, line: int) -> str:
	"""The design of a line; a new one, to be drawn, where there is none."""
	found = of_line(contract.name, line)
	if found:
		return found
	row = next(row for row in contract.lines if cint(row.line_no) == line)
	design = frappe.get_doc(
		{
			"doctype": LIVERY_DESIGN,
			"sales_contract": contract.name,
			"contract_line": line,
			"wishes": row.get("livery_reference"),
		}
	)
	guard.insert(design)
	return str(design.name)


def reopen(contract: str, line: int, reason: str) -> None:
	"""Ask the customer again, because paint or livery of the line changed; what is not confirmed yet stays."""
	name = of_line(contract, line)
	design = frappe.get_doc(LIVERY_DESIGN, name, for_update=True) if name else None
	if design and design.status in SETTLED:
		guard.write(design, {"status": "To Confirm"}, reason=reason)


def paint_day(contract: str, line: int) -> date | None:
	"""The day the first lot of a line is planned for paint."""
	return frappe.db.get_value(
		PRODUCTION_MILESTONE, {**_line(contract, line), "freeze_point": PAINT}, "min(planned_on)"
	)


def follow(contract: str, line: int) -> None:
	"""Carry a new day of paint into the design of the line."""
	name = of_line(contract, line)
	if name:
		frappe.db.set_value(
			LIVERY_DESIGN, name, "needed_by", paint_day(contract, line), update_modified=False
		)


def freeze(contract: str, line: int) -> None:
	"""The paint shop works to the confirmed design from now on."""
	name = of_line(contract, line)
	design = frappe.get_doc(LIVERY_DESIGN, name, for_update=True) if name else None
	if design and design.status == "Confirmed":
		guard.write(design, {"status": "Frozen"}, reason=_("Freeze point {0} is reached.").format(PAINT))


def _line(contract: str, line: Any) -> dict[str, Any]:
	return {"sales_contract": contract, "contract_line": cint(line)}


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Livery Design"), exc=FulfilmentError)
