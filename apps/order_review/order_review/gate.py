"""Deny by default: what a dealer's users may call or open at all.

Role permissions do not keep website users from Frappe's and ERPNext's own functions, many of which check nothing.
So every request of a user who is named in a dealer organisation is refused unless it is named here or by the hooks
`order_review_portal_methods` and `order_review_portal_pages`. A page that ends in `/<name>` stands for one more part
of the address, whatever it is.

Other users of the host keep what Frappe and ERPNext give them. Where the whole system is ours the setting *Close the
Website* binds everybody who is no System User in the same way.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint

from order_review.constants import REVIEW_SETTINGS
from order_review.services.portal import organisations

METHODS = frozenset(
	{
		"login",
		"logout",
		"web_logout",
		"frappe.auth.get_logged_user",
		"frappe.core.doctype.user.user.reset_password",
		"frappe.core.doctype.user.user.test_password_strength",
		"frappe.core.doctype.user.user.update_password",
	}
)
"""Functions any website user may call."""

PAGES = frozenset({"/", "/login", "/me", "/update-password"})
"""Pages any website user may open."""

HOME = "dealer"
"""Where a dealer's users come out."""

_METHOD_PREFIXES = ("/api/method/", "/api/v1/method/", "/api/v2/method/")


def guard_request() -> None:
	"""Refuse the request of a dealer's user unless it is allowed by name.

	It runs after every way of signing in (session, API key, bearer token).

	Raises:
		frappe.PermissionError: the request is not for dealers' users.
	"""
	user = frappe.session.user
	if not _is_website_user(user):
		return
	is_member = organisations.is_member(user)
	if is_member:
		frappe.local.flags.home_page = HOME
	if is_member or _is_closed():
		_refuse_unnamed()


def lead_home(login_manager: Any) -> None:
	"""After signing in a dealer's user comes out at the portal, whatever home page the website has for others."""
	user = login_manager.user
	if _is_website_user(user) and organisations.is_member(user):
		frappe.local.flags.home_page = HOME


def _refuse_unnamed() -> None:
	frappe.local.flags.disable_traceback = True
	request = frappe.request
	if request.method == "OPTIONS" or _is_allowed(request.path, frappe.form_dict.get("cmd")):
		return
	frappe.throw(_("This address is not for your account."), frappe.PermissionError)


def _is_allowed(path: str, command: str | None) -> bool:
	if command:
		return command in _methods()
	for prefix in _METHOD_PREFIXES:
		if path.startswith(prefix):
			return path.removeprefix(prefix) in _methods()
	return _is_page(path.rstrip("/") or "/")


def _is_page(path: str) -> bool:
	pages = PAGES.union(frappe.get_hooks("order_review_portal_pages"))
	return path in pages or f"{path.rpartition('/')[0]}/<name>" in pages


def _methods() -> frozenset[str]:
	return METHODS.union(frappe.get_hooks("order_review_portal_methods"))


def _is_website_user(user: str) -> bool:
	"""Somebody signed in who is no System User."""
	if user in ("Guest", "Administrator", ""):
		return False
	return frappe.get_cached_value("User", user, "user_type") != "System User"


def _is_closed() -> bool:
	return bool(cint(frappe.db.get_single_value(REVIEW_SETTINGS, "close_website")))
