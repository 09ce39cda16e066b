"""What the form of an intent order offers beside the steps of its workflow, each with the check its call begins with."""

from __future__ import annotations

import frappe
from frappe.model.document import Document

from order_review.constants import SALES_CONTRACT
from order_review.services import (
	conditions,
	delivery_commitment,
	intent_steps,
	order_types,
	price_approval,
	technical_issues,
)


def check_contract(order: Document) -> None:
	"""The user may make a contract of the order."""
	frappe.has_permission(SALES_CONTRACT, "create", throw=True)
	order.check_permission("read")
	intent_steps.check_contractable(order)


OFFERS = {
	"request_price_approval": price_approval.check_request,
	"decide_price": price_approval.check_decide,
	"copy_for_review": intent_steps.check_copy,
	"request_delivery": delivery_commitment.check_request,
	"verify_customer": order_types.check_verify,
	"make_contract": check_contract,
	"ask_question": technical_issues.check_ask,
	"take_over": technical_issues.check_take_over,
	"add_condition": conditions.check_add,
}
