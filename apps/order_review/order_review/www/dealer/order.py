"""One order or contract of the dealer."""

from __future__ import annotations

from typing import Any

import frappe

from order_review.services.portal import detail, pages

no_cache = 1
sitemap = 0


def get_context(context: Any) -> dict[str, Any]:
	"""The frame and the document; another's is answered like one that is not there."""
	name = str(frappe.form_dict.get("name") or "")
	frame = pages.frame(name)
	order = detail.found(name)
	return frame | {"order": order, "http_status_code": 200 if order else 404}
