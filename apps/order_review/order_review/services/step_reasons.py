"""Reasons of returns and vetoes: a code of the list of review reasons, then words."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from order_review.constants import REVIEW_REASON
from order_review.exceptions import ReasonMissingError
from order_review.services import guard


def reason_of(document: Document, kind: str) -> tuple[str, str]:
	"""Code and words of the reason given for the step; the system's own reasons are not looked up.

	Args:
		document: whose step it is.
		kind: Return or Veto.

	Raises:
		ReasonMissingError: it does not begin with an active code of this kind.
	"""
	code, _blank, words = (guard.reason() or "").partition(" ")
	code = code.rstrip(":")
	known = {"name": code, "kind": kind, "is_active": 1}
	if not guard.is_system_save(document) and not frappe.db.exists(REVIEW_REASON, known):
		frappe.throw(
			_(
				"The reason begins with a reason code for: {0}. Choose one from the list of review reasons."
			).format(_(kind)),
			title=_("Reason Missing"),
			exc=ReasonMissingError,
		)
	return code, words.strip()


def named(code: str, words: str) -> str:
	"""A reason as it stands on the document: code, name, words."""
	chinese = (frappe.local.lang or "").startswith("zh")
	name = frappe.db.get_value(REVIEW_REASON, code, "name_zh" if chinese else "name_en") or ""
	return f"{code} {name}" + (f": {words}" if words else "")
