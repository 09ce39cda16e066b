"""What every page of the portal needs: somebody who is signed in, his name, the token for what he sends."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import frappe
from frappe.sessions import get_csrf_token

from order_review.services import diffs


def frame(title: str) -> dict[str, Any]:
	"""The context of the portal's frame; a guest is sent to sign in and comes back to where he wanted to go.

	Raises:
		frappe.Redirect: nobody is signed in.
	"""
	if frappe.session.user == "Guest":
		frappe.local.flags.redirect_location = f"/login?redirect-to={quote(frappe.request.path)}"
		raise frappe.Redirect(302)
	return {
		"title": title,
		"html_lang": "zh-CN" if diffs.language() == "zh" else "en",
		"reader": frappe.utils.get_fullname(),
		"csrf_token": get_csrf_token(),
	}
