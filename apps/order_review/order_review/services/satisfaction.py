"""Satisfaction Ratings (满意度评价): asked of the salesperson when a review closes, one to five."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, now_datetime

from order_review.constants import INTENT_ORDER, SATISFACTION_RATING
from order_review.exceptions import SmallRecordError
from order_review.services import notices

CLOSING = ("Valid", "Vetoed")
"""Outcomes of an intent order's review that are asked about."""


def ask(order: Document) -> str | None:
	"""Ask who submitted the order how the review went; gives the rating's name, None when nobody is asked."""
	if order.status not in CLOSING or not order.rounds:
		return None
	user = order.rounds[-1].submitted_by
	if user in frappe.STANDARD_USERS or not frappe.db.get_value("User", user, "enabled"):
		return None
	about = {"reference_doctype": INTENT_ORDER, "reference_name": order.name, "asked_user": user}
	if frappe.db.exists(SATISFACTION_RATING, {**about, "round_outcome": order.status}):
		return None
	rating = frappe.get_doc(
		{
			"doctype": SATISFACTION_RATING,
			**about,
			"round_outcome": order.status,
			"market_department": order.market_department,
			"owner_oa": order.owner_oa,
			"asked_on": now_datetime(),
		}
	)
	rating.flags.is_asked = True
	rating.insert(ignore_permissions=True)
	return str(rating.name)


def rate(name: str, score: int, comment: str = "") -> None:
	"""Answer a rating, once.

	Raises:
		frappe.PermissionError: somebody else was asked.
		SmallRecordError: it is answered already, or the score is none.
	"""
	rating = frappe.get_doc(SATISFACTION_RATING, name, for_update=True)
	if rating.asked_user != frappe.session.user:
		frappe.throw(_("Somebody else was asked."), frappe.PermissionError)
	if rating.status != "Asked":
		frappe.throw(_("{0} is answered already.").format(name), exc=SmallRecordError)
	if cint(score) not in range(1, 6):
		frappe.throw(_("The score lies between 1 and 5."), exc=SmallRecordError)
	rating.flags.is_asked = True
	rating.update(
		{"score": cint(score), "comment": comment, "status": "Answered", "answered_on": now_datetime()}
	)
	rating.save(ignore_permissions=True)
	if cint(score) <= 2:
		_tell_unsatisfied(rating)


def _tell_unsatisfied(rating: Document) -> None:
	def said() -> str:
		return _("{0}: the salesperson is not satisfied with the review ({1} of 5)").format(
			rating.reference_name, rating.score
		)

	users = [rating.owner_oa, *notices.users_with("Order Supervisor")]
	notices.tell(rating, users, said, rating.comment or None)


def waiting(doctype: str, name: str) -> str | None:
	"""The rating of a document the user is asked for."""
	return frappe.db.exists(
		SATISFACTION_RATING,
		{
			"reference_doctype": doctype,
			"reference_name": name,
			"asked_user": frappe.session.user,
			"status": "Asked",
		},
	)
