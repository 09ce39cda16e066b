"""Sites that had Order Review before it sent e-mails: digest and outbox as a new site has them."""

from __future__ import annotations

import frappe

from order_review.constants import REVIEW_SETTINGS

_FIELDS = ("digest_frequency", "outbox_tries", "outbox_minutes")


def execute() -> None:
	"""Fill in what is empty from the defaults of the DocType."""
	meta = frappe.get_meta(REVIEW_SETTINGS)
	for name in _FIELDS:
		if not frappe.db.get_single_value(REVIEW_SETTINGS, name):
			frappe.db.set_single_value(REVIEW_SETTINGS, name, meta.get_field(name).default)
