"""Whose orders a portal user sees: those of the dealers and customers his dealer organisations stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Coalesce
from pypika import Criterion

from order_review.constants import DEALER_ORGANISATION
from order_review.services.portal.organisations import MEMBER


@dataclass(frozen=True)
class Partners:
	"""Sales Partners (dealers) and Customers a user stands for."""

	dealers: tuple[str, ...] = ()
	customers: tuple[str, ...] = ()

	def __bool__(self) -> bool:
		return bool(self.dealers or self.customers)


def mine() -> Partners:
	"""Partners of the user: those of the dealer organisations he is an active member of.

	Contacts and lists of portal users grant nothing: whoever may write a customer may write those.
	"""
	organisation, member = DocType(DEALER_ORGANISATION), DocType(MEMBER)
	customer = DocType("Dealer Organisation Customer")
	rows = (
		frappe.qb.from_(organisation)
		.join(member)
		.on((member.parent == organisation.name) & (member.parenttype == DEALER_ORGANISATION))
		.left_join(customer)
		.on((customer.parent == organisation.name) & (customer.parenttype == DEALER_ORGANISATION))
		.select(organisation.sales_partner, customer.customer)
		.where((member.user == frappe.session.user) & (member.is_active == 1) & (organisation.is_active == 1))
		.run()
	)
	return Partners(
		tuple(sorted({dealer for dealer, _customer in rows if dealer})),
		tuple(sorted({name for _dealer, name in rows if name})),
	)


def belonging(table: Any, partners: Partners) -> Criterion:
	"""Condition on Intent Order or Sales Contract: handed in, no internal order, and the partners' own.

	An order that names a dealer is the dealer's alone: its price is between him and us, not for the customer behind him.
	"""
	owned: list[Criterion] = [table.name.isnull()]  # nobody's: true of no row
	if partners.dealers:
		owned.append(table.dealer.isin(partners.dealers))
	if partners.customers:
		owned.append(table.customer.isin(partners.customers) & (Coalesce(table.dealer, "") == ""))
	return Criterion.any(owned) & (table.status != "Draft") & (table.order_type != "Internal")
