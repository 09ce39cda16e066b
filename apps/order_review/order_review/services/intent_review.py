"""How departments' opinions are collected on intent orders."""

from __future__ import annotations

from frappe import _
from frappe.model.document import Document

from order_review.constants import INTENT_ORDER
from order_review.services import guard, review_tasks
from order_review.services.review_facts import routing_facts, scope_facts
from order_review.services.reviewed import Reviewed

AFTER_THE_JOIN = ("Consolidating", "Price Approval")
"""Statuses in which a special option may still get its price, and who judged the price judges it once more."""


def joined(order: Document, result: str) -> None:
	"""Move the order on; whether objections stand is read when it arrives."""
	guard.write(order, {"status": "Consolidating"}, reason=_("The required opinions are all given."))


def overruled(order: Document) -> None:
	"""Say whether objections are left."""
	if order.status in AFTER_THE_JOIN:
		guard.write(order, {"has_objections": int(bool(review_tasks.standing_objections(order)))})


REVIEWED = Reviewed(
	doctype=INTENT_ORDER,
	process="intent",
	collecting="Under Opinions",
	facts=routing_facts,
	scope=scope_facts,
	joined=joined,
	owner_field="owner_oa",
	lingering=("Consolidating",),
	asked_again=AFTER_THE_JOIN,
	overruled=overruled,
)
