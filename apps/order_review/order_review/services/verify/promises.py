"""What was agreed stands: prices that are approved, copies that are sealed, delegations of people who are there."""

from __future__ import annotations

from collections.abc import Iterator

import frappe
from frappe import _
from frappe.utils import cint, today

from order_review.constants import DELEGATION, INTENT_ORDER, SALES_CONTRACT
from order_review.services import delivery_commitment, price_approval
from order_review.services.verify.finding import Finding

_SIGNED = ("Signed", "Effective", "In Fulfilment", "Completed")


def valid_orders_have_price_and_date() -> Iterator[Finding]:
	"""A valid order has a price that is approved, and Planning's date."""
	for name in frappe.get_all(INTENT_ORDER, {"status": "Valid"}, pluck="name"):
		order = frappe.get_doc(INTENT_ORDER, name)
		if not price_approval.is_covered(order):
			yield Finding(
				INTENT_ORDER,
				name,
				_("It is valid, and its price is not approved."),
				_("Have the price approved before a contract is made of it."),
			)
		if not delivery_commitment.live(INTENT_ORDER, name):
			yield Finding(
				INTENT_ORDER,
				name,
				_("It is valid, and no delivery date is promised for it."),
				_("Request the delivery date from Planning."),
			)


def signed_contracts_are_sealed() -> Iterator[Finding]:
	"""A signed contract has the copy that was signed, and a row of the seal log for its version."""
	remedy = _("The auditor looks for the signed copy; a contract without it is not delivered.")
	signed = frappe.get_all(SALES_CONTRACT, {"status": ["in", _SIGNED]}, ["name", "version", "signed_file"])
	rows = frappe.get_all(
		"Sales Contract Seal",
		{"parenttype": SALES_CONTRACT, "parent": ["in", [row.name for row in signed] or [""]]},
		["parent", "version"],
	)
	sealed = {(row.parent, cint(row.version)) for row in rows}
	for row in signed:
		if not row.signed_file or (row.name, cint(row.version)) not in sealed:
			wrong = _("It is signed without a copy or a seal of version {0}.").format(row.version)
			yield Finding(SALES_CONTRACT, row.name, wrong, remedy)


def nobody_acts_for_a_disabled_user() -> Iterator[Finding]:
	"""A delegation that runs is one of an enabled user to an enabled user."""
	remedy = _("End the delegation; the Order Supervisor assigns the open tasks anew.")
	running = {"is_active": 1, "to_date": [">=", today()]}
	for row in frappe.get_all(DELEGATION, running, ["name", "user", "delegate"]):
		for user in (row.user, row.delegate):
			if not frappe.db.get_value("User", user, "enabled"):
				yield Finding(DELEGATION, row.name, _("{0} is disabled.").format(user), remedy)
