"""The dealer's list of orders and contracts."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint

from order_review.services.portal import listing, pages

no_cache = 1
sitemap = 0


def get_context(context: Any) -> dict[str, Any]:
	"""The frame and one page of the list."""
	asked = frappe.form_dict
	return pages.frame(_("My Orders")) | listing.page(str(asked.get("show") or ""), cint(asked.get("page")))
