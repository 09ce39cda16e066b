"""Whose orders a portal user sees: those of the dealers and customers he stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Coalesce
from pypika import Criterion

from order_review.constants import PORTAL_ROLES, ROLES

_ROLES = frozenset(ROLES[code][0] for code in PORTAL_ROLES)


@dataclass(frozen=True)
class Partners:
	"""Sales Partners (dealers) and Customers a user stands for."""

	dealers: tuple[str, ...] = ()
	customers: tuple[str, ...] = ()

	def __bool__(self) -> bool:
		return bool(self.dealers or self.customers)


def mine() -> Partners:
	"""Partners of the user: those his Contact names, and the Customers that list him as a portal user.

	Nobody's without the dealer's role.
	"""
	user = frappe.session.user
	if _ROLES.isdisjoint(frappe.get_roles(user)):
		return Partners()
	contact, link = DocType("Contact"), DocType("Dynamic Link")
	linked = (
		frappe.qb.from_(link)
		.join(contact)
		.on(contact.name == link.parent)
		.select(link.link_doctype, link.link_name)
		.where((link.parenttype == "Contact") & (contact.user == user))
		.run()
	)
	listed = frappe.get_all("Portal User", {"user": user, "parenttype": "Customer"}, pluck="parent")
	return Partners(
		tuple(sorted({name for kind, name in linked if kind == "Sales Partner"})),
		tuple(sorted({*listed, *(name for kind, name in linked if kind == "Customer")})),
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
