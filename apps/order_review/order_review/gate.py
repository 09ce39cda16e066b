"""Deny by default: what a website user may call or open at all.

Role permissions do not keep website users from Frappe's and ERPNext's own functions, many of which check nothing.
So every request of a signed-in user who is no System User is refused unless it is named here or by the hooks
`order_review_portal_methods` and `order_review_portal_pages`. A page that ends in `/<name>` stands for one more part
of the address, whatever it is.
"""

from __future__ import annotations

import frappe
from frappe import _

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

_METHOD_PREFIXES = ("/api/method/", "/api/v1/method/", "/api/v2/method/")


def refuse_website_users() -> None:
	"""Refuse the request of a website user unless it is allowed by name.

	It runs after every way of signing in (session, API key, bearer token).

	Raises:
		frappe.PermissionError: the request is not for website users.
	"""
	user = frappe.session.user
	if user in ("Guest", "Administrator", "") or _is_system_user(user):
		return
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


def _is_system_user(user: str) -> bool:
	return frappe.get_cached_value("User", user, "user_type") == "System User"
