"""What dealers' users stood for by their contacts and the customers' lists becomes records of ours.

One organisation for each Sales Partner and each Customer such a user stood for, so that nobody sees more or less than
before. The links of the contacts stay as they are; they grant nothing any more.
"""

from __future__ import annotations

import frappe

from order_review.constants import DEALER_ORGANISATION, PORTAL_ROLES, ROLES
from order_review.demo import ledger

Partner = tuple[str, str]


def execute() -> None:
	"""Make the organisations, on a site that has none yet."""
	if frappe.db.count(DEALER_ORGANISATION):
		return
	for (kind, name), users in sorted(_members().items()):
		stands_for = (
			{"sales_partner": name} if kind == "Sales Partner" else {"customers": [{"customer": name}]}
		)
		made = frappe.get_doc(
			{
				"doctype": DEALER_ORGANISATION,
				"organisation_name": name,
				"members": [{"user": user, "position": "Sales"} for user in sorted(users)],
				**stands_for,
			}
		).insert(ignore_permissions=True)
		if any(("User", user) in ledger.entries() for user in users):
			ledger.note(DEALER_ORGANISATION, made.name)


def _members() -> dict[Partner, set[str]]:
	dealers = {
		user
		for role in (ROLES[code][0] for code in PORTAL_ROLES)
		for user in frappe.get_all("Has Role", {"role": role, "parenttype": "User"}, pluck="parent")
		if frappe.db.get_value("User", user, "user_type") == "Website User"
	}
	found: dict[Partner, set[str]] = {}
	for user in dealers:
		for partner in _partners(user):
			found.setdefault(partner, set()).add(user)
	return found


def _partners(user: str) -> set[Partner]:
	contacts = frappe.get_all("Contact", {"user": user}, pluck="name")
	links = frappe.get_all(
		"Dynamic Link",
		{"parenttype": "Contact", "parent": ["in", contacts or [""]]},
		["link_doctype", "link_name"],
	)
	linked = {(link.link_doctype, link.link_name) for link in links}
	listed = frappe.get_all("Portal User", {"user": user, "parenttype": "Customer"}, pluck="parent")
	return {
		(kind, name)
		for kind, name in linked | {("Customer", customer) for customer in listed}
		if kind in ("Sales Partner", "Customer") and frappe.db.exists(kind, name)
	}
