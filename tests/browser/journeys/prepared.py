"""What the parts of the journey begin with, prepared by the server as the sample users would have done it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

import frappe

from order_review.constants import SPECIAL_REQUEST
from tests.browser.journeys.story import WISH, Story
from tests.site import contracting
from tests.site.reviewing import acting
from tests.site.samples import copy_of

SAMPLE = "IO-01"


def _stored(make: Callable[[], Story]) -> Callable[[], Story]:
	"""Written where the web server sees it."""

	@wraps(make)
	def made() -> Story:
		frappe.db.rollback()
		frappe.set_user("Administrator")
		story = make()
		frappe.set_user("Administrator")
		frappe.db.commit()
		return story

	return made


def _order() -> str:
	"""A draft of the sample salesperson's department, like a sample order without its dealer."""
	south = frappe.db.get_value("Department", {"department_code": "MARKET-S"})
	order = copy_of(SAMPLE, market_department=south, external_id=None, sales_person=None)
	with acting("SP"):
		return str(order.insert().name)


@_stored
def special_asked_for() -> Story:
	"""A draft order with a special option that has just been asked for."""
	name = _order()
	order = frappe.get_doc("Intent Order", name)
	with acting("SP"):
		wish = frappe.get_doc(
			{
				"doctype": SPECIAL_REQUEST,
				**WISH,
				"intent_order": name,
				**{field: order.get(field) for field in ("company", "model", "qty", "market_department")},
			}
		).insert()
	return Story(order=name, special=str(wish.name))


@_stored
def order_valid() -> Story:
	"""An order that is valid."""
	return Story(order=contracting.as_valid(_order()))


@_stored
def contract_approved() -> Story:
	"""A contract that may be signed."""
	name = contracting.approved(contracting.received(contracting.made(contracting.as_valid(_order()))))
	return Story(contract=name)


@_stored
def contract_effective() -> Story:
	"""A contract in force."""
	name = contracting.approved(contracting.received(contracting.made(contracting.as_valid(_order()))))
	contracting.hand_in(name)
	contracting.sealed(name)
	contracting.pay_deposit(name)
	contracting.confirm_deposit(name)
	return Story(contract=name)
