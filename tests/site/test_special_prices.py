"""A special option priced anew keeps its earlier prices for the orders dated inside them."""

from __future__ import annotations

import json
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, getdate, today

from order_review.constants import PRICE_REVIEW, SPECIAL_COST, SPECIAL_PRICE, SPECIAL_RELEASED_COST
from order_review.patches.v15_0 import prices_of_specials
from order_review.services import special_options
from tests.site import contracting
from tests.site.reviewing import all_agree, to_opinions
from tests.site.test_special_options import (
	REQUEST,
	SHEET,
	SOLAR,
	change,
	order,
	quote,
	step,
	to_priced,
)

pytestmark = pytest.mark.usefixtures("demo_site")

FIRST, SECOND = 15_300, 14_800
"""Prices of the solar roof, and what its second price costs less."""


def ended(name: str = SOLAR) -> Any:
	"""The released price was over yesterday; gives that day."""
	day = add_days(getdate(today()), -1)
	for doctype in (REQUEST, SHEET):
		frappe.db.set_value(doctype, name, "valid_to", day)
	for doctype in (SPECIAL_PRICE, SPECIAL_RELEASED_COST):
		frappe.db.set_value(doctype, {"parent": name}, "valid_to", day)
	frappe.db.set_value("Intent Order Special", {"request_no": name}, "valid_to", day)
	special_options.expire_requests()
	return day


def expired() -> Any:
	"""The price of the solar roof, released and over since yesterday; IO-10 is dated inside it."""
	to_priced()
	return ended()


def renewed() -> None:
	"""Priced anew, cheaper."""
	expired()
	step(SOLAR, "Renew", "OA")
	quote(SOLAR, 9000, valid_to="2027-06-30")
	step(SOLAR, "Finish Costing", "SU")
	change(SHEET, SOLAR, "MP", valid_to="2027-05-31", floor_price=13_000)
	step(SOLAR, "Send to Finance", "MP")
	step(SOLAR, "Release Price", "FR")


def price(name: str = "IO-10") -> tuple[int, float]:
	row = next(row for row in order(name).specials if row.request_no == SOLAR)
	return row.is_priced, row.unit_price


def costs() -> dict[str, float]:
	"""What the kept review of IO-10 takes as floor of its specials and of the whole."""
	kept = json.loads(frappe.db.get_value(PRICE_REVIEW, order("IO-10").name, "review"))
	return {name: kept["price"][name] for name in ("specials_list", "floor_price")}


def test_an_order_keeps_the_price_that_covers_its_date_while_it_is_priced_anew() -> None:
	assert order("IO-10").order_date <= expired()
	before = costs()
	step(SOLAR, "Renew", "OA")
	for again in range(2):
		order("IO-10").save()
		assert price() == (1, FIRST), again
	assert [row.code for row in order("IO-10").findings] == []
	quote(SOLAR, 9000, valid_to="2027-06-30")
	step(SOLAR, "Finish Costing", "SU")
	order("IO-10").save()
	assert costs() == before, "neither costs nor floor of a price that is only being made"


def test_after_the_renewal_each_order_has_the_price_of_its_own_day() -> None:
	to_priced()
	before = costs()
	frappe.db.rollback()
	renewed()
	assert [row.list_price for row in frappe.get_doc(REQUEST, SOLAR).prices] == [FIRST, SECOND]
	assert price() == (1, FIRST)
	order("IO-10").save()
	assert price() == (1, FIRST)
	assert costs() == before
	later = order("IO-10")
	later.order_date = today()
	later.save()
	assert price() == (1, SECOND)


def test_an_order_dated_after_the_end_waits_for_the_new_price() -> None:
	expired()
	later = order("IO-10")
	later.order_date = today()
	later.save()
	assert [row.code for row in order("IO-10").findings] == ["SPECIAL_PRICE_EXPIRED"]
	step(SOLAR, "Renew", "OA")
	order("IO-10").save()
	assert price() == (0, 0)
	assert [row.code for row in order("IO-10").findings] == ["SPECIAL_NO_PRICE"]


def test_a_contract_takes_the_price_of_its_own_day() -> None:
	renewed()
	source = contracting.valid("IO-10")
	name = contracting.made(source)
	held = {row.request_no: row.unit_price for row in contracting.contract(name).specials}
	assert held[SOLAR] == FIRST, "dated inside the first price"
	contracting.change(name, contract_date=today())
	held = {row.request_no: row.unit_price for row in contracting.contract(name).specials}
	assert held[SOLAR] == SECOND


def test_an_order_under_opinions_is_not_asked_again_for_a_price_that_is_not_its_own() -> None:
	to_priced()
	name = to_opinions("IO-10")
	all_agree(name)
	before = frappe.db.get_value("Intent Order", name, "status")
	ended()
	step(SOLAR, "Renew", "OA")
	assert frappe.db.get_value("Intent Order", name, "status") == before
	assert price() == (1, FIRST)


def test_who_may_not_see_costs_reads_no_released_costs() -> None:
	to_priced()
	assert frappe.db.get_value(SPECIAL_RELEASED_COST, {"parent": SOLAR}, "floor_price")
	for code in ("SP", "OA", "SU"):
		with contracting.acting(code), pytest.raises(frappe.PermissionError):
			frappe.get_list(SPECIAL_RELEASED_COST, parent_doctype=SPECIAL_COST, fields=["cost"])


def test_prices_released_before_they_were_dated_are_dated_once() -> None:
	to_priced()
	for doctype in (SPECIAL_PRICE, SPECIAL_RELEASED_COST):
		frappe.db.delete(doctype, {"parent": SOLAR})
	for _again in range(2):
		prices_of_specials.execute()
	(row,) = frappe.get_doc(REQUEST, SOLAR).prices
	assert (row.list_price, str(row.valid_to)) == (FIRST, "2027-01-31")
	(kept,) = frappe.get_doc(SHEET, SOLAR).releases
	assert kept.floor_price == frappe.db.get_value(SHEET, SOLAR, "floor_price")
