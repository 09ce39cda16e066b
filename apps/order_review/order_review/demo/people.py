"""Users, customers, dealers and salespersons of the demo."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import frappe
from frappe.utils.nestedset import get_root_of
from frappe.utils.password import update_password

from order_review.constants import DEALER_ORGANISATION, MODULES, OUTBOX_MESSAGE, PORTAL_ROLES, ROLES

from . import ledger
from .orders import sample_orders
from .places import company, department

DOMAIN = "review.localhost"
PASSWORD = "Review-2026"  # of sample users on a local site; ORDER_REVIEW_DEMO_PASSWORD replaces it
COMPANIONS = {
	"SP": ("Sales User",),
	"IC": ("Sales User",),
	"MG": ("Sales User",),
	"SU": ("Purchase User",),
	"FR": ("Accounts User",),
}
"""ERPNext roles a user needs beside ours: to look up customers, dealers, currencies and suppliers, and to book deposits."""

DESKS = {
	"Order Review - Sales": ("Selling",),
	"Order Review - Finance": ("Selling", "Accounts"),
	"Order Review - Plant": ("Selling", "Manufacturing", "Stock", "Buying"),
}
"""Module Profiles: the modules of the host in a user's sidebar, beside ours."""

DESK_OF = {"FR": "Order Review - Finance", **dict.fromkeys(("PL", "PM", "SU"), "Order Review - Plant")}
"""Module Profile of a role's user; *Order Review - Sales* for all others."""

DEALER = "华东星桥汽车销售服务有限公司(示例)"
"""The dealer the sample dealer's user works for, and sees the orders of."""

EMPLOYEES = ("SP", "IC", "MM")
"""Those who enter orders are employees, which lets them look up departments."""

MARKETS = {"SP": "MARKET-S", "MM": "MARKET-S"}
"""Market department of those who see their own orders only."""


def password() -> str:
	"""The password of all demo users."""
	return os.environ.get("ORDER_REVIEW_DEMO_PASSWORD") or PASSWORD


def address(code: str) -> str:
	"""Login of the user with a role."""
	return f"{code.lower()}@{DOMAIN}"


@contextmanager
def acting(code: str) -> Iterator[None]:
	"""Act as the sample user with a role."""
	before = frappe.session.user
	frappe.set_user(address(code))
	try:
		yield
	finally:
		frappe.set_user(before)


def logins() -> list[dict[str, Any]]:
	"""Role, user and password of every demo user that is there."""
	return [
		{"role": name, "role_zh": chinese, "user": address(code), "password": password()}
		for code, (name, chinese) in ROLES.items()
		if frappe.db.exists("User", address(code))
	]


def forget_messages() -> None:
	"""Take away what was written to demo users and did not go out."""
	frappe.db.delete(OUTBOX_MESSAGE, {"recipient": ["like", f"%@{DOMAIN}"]})


def create_users() -> None:
	"""One user for each role, with what it needs of ERPNext."""
	before, frappe.flags.in_install = frappe.flags.in_install, True  # contacts at once, not by a job after us
	try:
		create_desks()
		_create_users()
		give_companions()
		give_desks()
	finally:
		frappe.flags.in_install = before


def _create_users() -> None:
	for code, (name, chinese) in ROLES.items():
		user = address(code)
		if not frappe.db.exists("User", user):
			_create_user(code, name, chinese)
		if code in EMPLOYEES:
			_create_employee(user, chinese)
		if code in MARKETS:
			ledger.make(
				"User Permission",
				{"user": user, "allow": "Department", "for_value": department(MARKETS[code])},
			)


def create_desks() -> None:
	"""Module Profiles that leave in the sidebar what a user works with."""
	every = frappe.get_all("Module Def", pluck="name", order_by="name")
	for name, kept in DESKS.items():
		hidden = [module for module in every if module not in (*MODULES, *kept)]
		ledger.make(
			"Module Profile",
			{"module_profile_name": name},
			block_modules=[{"module": module} for module in hidden],
		)


def give_desks() -> None:
	"""Sample users who have no Module Profile get the one of their role."""
	for code in ROLES:
		user = address(code)
		if code in PORTAL_ROLES or frappe.db.get_value("User", user, ["name", "module_profile"]) != (
			user,
			None,
		):
			continue
		document = frappe.get_doc("User", user)
		document.module_profile = DESK_OF.get(code, "Order Review - Sales")
		document.save(ignore_permissions=True)


def _create_user(code: str, name: str, chinese: str) -> None:
	user = ledger.make(
		"User",
		{"email": address(code)},
		first_name=chinese,
		last_name=name,
		send_welcome_email=0,
		user_type="Website User" if code in PORTAL_ROLES else "System User",
		roles=[{"role": role} for role in (name, *COMPANIONS.get(code, ()))],
	)
	update_password(user, password())


def give_companions() -> None:
	"""Sample users made earlier get the ERPNext roles their work has come to need."""
	for code, roles in COMPANIONS.items():
		user = address(code)
		missing = set(roles) - set(frappe.get_roles(user))
		if missing and frappe.db.exists("User", user):
			frappe.get_doc("User", user).add_roles(*sorted(missing))


def _create_employee(user: str, name: str) -> None:
	ledger.make(
		"Employee",
		{"user_id": user},
		first_name=name,
		gender="Female",
		company=company(),
		date_of_birth="1990-01-01",
		date_of_joining="2020-01-01",
		status="Active",
		create_user_permission=0,
	)


def create_customers() -> None:
	"""Customers, dealers and salespersons of the sample orders."""
	for order in sample_orders():
		customer = order["customer"]
		ledger.make(
			"Customer",
			{"customer_name": customer["name"]},
			customer_type="Company",
			customer_group=_leaf("Customer Group"),
			territory=_leaf("Territory"),
			customer_class=customer["class"],
			customer_info_verified=int(not customer["new"]),
		)
		ledger.make(
			"Sales Person",
			{"sales_person_name": order["salesperson"]},
			parent_sales_person=get_root_of("Sales Person"),
			is_group=0,
			enabled=1,
			market_department=department(order["market_department"]),
		)
		if order.get("dealer"):
			ledger.make(
				"Sales Partner",
				{"partner_name": order["dealer"]},
				territory=_leaf("Territory"),
				commission_rate=0,
			)


def create_organisation() -> None:
	"""The dealer's user stands for a dealer of the sample orders, as market management granted."""
	with acting("MG"):
		ledger.make(
			DEALER_ORGANISATION,
			{"organisation_name": DEALER},
			sales_partner=DEALER,
			members=[{"user": address("DL"), "position": "Sales"}],
		)


def _leaf(doctype: str) -> str:
	"""A group customers may belong to: the first that is no branch."""
	return frappe.db.get_value(doctype, {"is_group": 0}, "name", order_by="lft") or get_root_of(doctype)
