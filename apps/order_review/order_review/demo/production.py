"""A production configuration that waits for its audit, drawn for a blind re-check."""

from __future__ import annotations

import frappe
from frappe.model.workflow import apply_workflow
from frappe.utils import flt, today

from order_review.constants import (
	BLIND_TRANSLATION,
	LIVERY_DESIGN,
	PRODUCTION_CONFIGURATION,
	PRODUCTION_MILESTONE,
	SALES_CONTRACT,
)
from order_review.engine import production_entry as entry
from order_review.services.contracts import deposits
from order_review.services.production import configuration

from . import contracts, ledger

_VEHICLES = 10
_SEATS_AS_DRAWN = "座椅总成不变,按附图布置"


def create_configuration() -> None:
	"""Make it where it is not there."""
	if ledger.has(PRODUCTION_CONFIGURATION):
		return
	contract = contracts.signed("DEMO-C3", _VEHICLES)
	if contract is None:
		return
	_take_effect(contract)
	name = configuration.live(contract, 1)
	if name:
		ledger.note(PRODUCTION_CONFIGURATION, name)
		_translate(name)


def _take_effect(name: str) -> None:
	"""The deposit is paid and confirmed, and what begins with the contract is written down."""
	pay_deposit(name)
	with contracts.acting("FR"):
		deposits.confirm_deposit(name)
	for doctype in (PRODUCTION_MILESTONE, LIVERY_DESIGN):
		for begun in frappe.get_all(doctype, {"sales_contract": name}, pluck="name"):
			ledger.note_once(doctype, begun)


def pay_deposit(name: str) -> None:
	"""Book the deposit of a sample contract as a payment of its customer."""
	contract = frappe.get_doc(SALES_CONTRACT, name)
	payment = deposits.payment_of(contract, flt(contract.deposit_amount))
	payment.update({"reference_no": f"DEMO-{name}", "reference_date": today()})
	payment.flags.ignore_permissions = True
	payment.insert()
	payment.submit()
	ledger.note("Payment Entry", payment.name)


def _translate(name: str) -> None:
	with contracts.acting("OA"):
		apply_workflow(frappe.get_doc(PRODUCTION_CONFIGURATION, name), "Begin Translation")
		version = frappe.get_doc(PRODUCTION_CONFIGURATION, name)
		version.update({"livery_status": "Library Pattern", "livery_pattern": "P-118"})
		for note in version.specials:
			note.update({"handling": entry.NO_EFFECT, "reason": _SEATS_AS_DRAWN})
		version.save()
		apply_workflow(frappe.get_doc(PRODUCTION_CONFIGURATION, name), "Submit for Audit")
	for sheet in frappe.get_all(BLIND_TRANSLATION, {"production_configuration": name}, pluck="name"):
		ledger.note(BLIND_TRANSLATION, sheet)
