"""What the journey still walks around: by the server, as the user would do it, until it can be done by clicking."""

from __future__ import annotations

import frappe

from order_review.constants import INTENT_ORDER, SPECIAL_REQUEST
from tests.browser.journeys.story import WISH, Story
from tests.site import contracting
from tests.site.reviewing import acting


def special_asked_for(story: Story) -> None:
	"""The salesperson's request, and its row in the order."""
	frappe.db.rollback()
	order = frappe.get_doc(INTENT_ORDER, story.order)
	about = {field: order.get(field) for field in ("company", "model", "qty", "market_department")}
	with acting("SP"):
		wish = frappe.get_doc(
			{"doctype": SPECIAL_REQUEST, "intent_order": order.name, **WISH, **about}
		).insert()
		order.reload()
		if not order.specials:
			order.append("specials", {"request_no": wish.name, "name_zh": wish.option_name})
			order.save()
	frappe.db.commit()
	story.special = str(wish.name)


def deposit_paid(story: Story) -> None:
	"""The Payment Entry of the deposit."""
	frappe.db.rollback()
	contracting.pay_deposit(story.contract)
	frappe.db.commit()
