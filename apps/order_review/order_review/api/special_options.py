"""Special options for the Desk."""

from __future__ import annotations

from typing import Any

import frappe

from order_review.constants import SPECIAL_DEVELOPMENT, SPECIAL_REQUEST
from order_review.services import (
	costing_view,
	price_notice,
	print_files,
	similar_requests,
	special_option_reuse,
	special_options,
)


@frappe.whitelist()
def similar(
	option_name: str, description: str = "", model: str = "", family: str = "", without: str = ""
) -> list[dict[str, Any]]:
	"""Earlier requests like this one that the user may read; without costs."""
	frappe.has_permission(SPECIAL_REQUEST, "read", throw=True)
	return similar_requests.similar(option_name[:200], description[:2000], model, family, without=without)


@frappe.whitelist()
def costing(request: str) -> dict[str, Any]:
	"""Quotations, development cost, price sheet and floor of a request, as far as the user may see them."""
	frappe.get_doc(SPECIAL_REQUEST, request).check_permission("read")
	return costing_view.costing(request)


@frappe.whitelist(methods=["POST"])
def state_development_cost(request: str, dev_cost: float, note: str = "") -> None:
	"""State, or state anew, what developing the special option costs."""
	special_options.check_development(frappe.get_doc(SPECIAL_REQUEST, request))
	if frappe.db.exists(SPECIAL_DEVELOPMENT, request):
		document = frappe.get_doc(SPECIAL_DEVELOPMENT, request)
	else:
		document = frappe.new_doc(SPECIAL_DEVELOPMENT, request_no=request)
	document.update({"dev_cost": dev_cost, "note": note})
	document.save()


@frappe.whitelist(methods=["POST"])
def catalogue(request: str, vehicle_option: str) -> None:
	"""Mark a request as having become an option of the catalogue; for those who keep the catalogue."""
	document = frappe.get_doc(SPECIAL_REQUEST, request)
	special_option_reuse.catalogue(document, vehicle_option)


@frappe.whitelist()
def price_notice_pdf(request: str, lang: str = "zh") -> None:
	"""The price notice as a PDF download, in zh or en."""
	document = frappe.get_doc(SPECIAL_REQUEST, request)
	special_options.check_notice(document)
	lang = "en" if lang == "en" else "zh"
	content = price_notice.pdf(document, lang)
	print_files.send(SPECIAL_REQUEST, request, "Special Option Price Notice", content, lang)
