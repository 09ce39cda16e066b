"""Fulfilment for the Desk."""

from __future__ import annotations

import frappe

from order_review.constants import LIVERY_DESIGN
from order_review.services import print_files
from order_review.services.fulfilment import livery_sheet


@frappe.whitelist()
def livery_pdf(name: str, lang: str = "zh") -> None:
	"""The livery confirmation as a PDF download, in zh or en."""
	design = frappe.get_doc(LIVERY_DESIGN, name)
	design.check_permission("print")
	lang = "en" if lang == "en" else "zh"
	print_files.send(LIVERY_DESIGN, name, "Livery Confirmation", livery_sheet.pdf(design, lang), lang)
