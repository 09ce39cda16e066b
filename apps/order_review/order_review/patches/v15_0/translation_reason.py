"""Sites that had reason codes before production configurations get the one of a missed assembly."""

import frappe

from order_review.constants import REVIEW_REASON
from order_review.setup.review_reasons import REASONS

_CODE = "RT-MISS"


def execute() -> None:
	"""Make the reason where it is missing."""
	if frappe.db.exists(REVIEW_REASON, _CODE):
		return
	chinese, english = next((zh, en) for code, zh, en in REASONS["Return"] if code == _CODE)
	values = {"kind": "Return", "code": _CODE, "name_zh": chinese, "name_en": english}
	frappe.get_doc({"doctype": REVIEW_REASON, **values}).insert(ignore_permissions=True)
