"""Prices where the sample policies alone cannot tell: policies of one group, several surcharges, missing costs."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from order_review.engine import Catalogue, Order
from order_review.engine.configuration import chosen_options
from order_review.engine.pricing import policy_outlook
from tests.engine.samples import codes, merged


def with_policy(data: dict[str, Any], like: str, **changes: Any) -> Catalogue:
	"""The sample catalogue with one more policy, made after an existing one."""
	data = copy.deepcopy(data)
	policies = data["policies"]["policies"]
	policies.append({**next(policy for policy in policies if policy["code"] == like), **changes})
	return Catalogue.from_data(data)


@pytest.mark.parametrize(("amount", "discounts"), [(11_000, 17_860), (13_000, 18_860)])
def test_of_a_group_only_the_largest_counts(
	amount: int, discounts: int, catalogue_data: dict[str, Any], reviewed: Any
) -> None:
	effect = {"kind": "amount", "amount": amount}
	on = with_policy(catalogue_data, "POL-26-Q4C10", code="POL-26-OTHER", effect=effect)
	result = reviewed("IO-08", on=on, claimed=None, policies=["POL-26-VOLC", "POL-26-Q4C10", "POL-26-OTHER"])
	assert (codes(result), result.price.discounts) == ([], discounts)


def test_percent_surcharges_are_taken_before_surcharges(
	catalogue_data: dict[str, Any], reviewed: Any
) -> None:
	effect = {"kind": "percent", "of": "configured", "pct": 1.0}
	on = with_policy(catalogue_data, "POL-26-BATSUR", code="POL-26-MORE", effect=effect)
	result = reviewed("IO-10", on=on, specials=[])
	assert result.price.surcharges == 6000 + 11914  # 1 % of A+B+C = 1 191 400, not of the surcharged price


def test_a_percent_gift_of_fractions_is_rounded_once_at_the_end(
	catalogue_data: dict[str, Any], reviewed: Any
) -> None:
	effect = {"kind": "percent", "of": "configured", "pct": 0.333}
	on = with_policy(catalogue_data, "POL-26-CASH", code="POL-26-ODD", group="ODD", effect=effect)
	result = reviewed("IO-01", on=on, policies=["POL-26-CASH", "POL-26-ODD"])
	assert result.price.discounts == 11813  # 8862 + 2951.046
	assert result.price.review_price == 878187  # 886200 - 11813.046 + 3800 = 878186.954


def test_readers_without_floor_and_cost_get_neither(catalogue_data: dict[str, Any], reviewed: Any) -> None:
	data = copy.deepcopy(catalogue_data)
	for book in data["prices"]["price_books"]:
		for line in [*book["base"], *book["options"]]:
			del line["floor"], line["cost"]
	on = Catalogue.from_data(data)
	price = reviewed("IO-01", on=on).price
	assert (price.floor_price, price.review_price, price.approval_level) == (None, 855_978, "L1")
	assert reviewed("IO-05", on=on).price is None


def test_a_model_without_a_base_price_has_no_price(catalogue_data: dict[str, Any], reviewed: Any) -> None:
	data = copy.deepcopy(catalogue_data)
	data["prices"]["price_books"][1]["base"] = data["prices"]["price_books"][1]["base"][:2]
	result = reviewed("IO-01", on=Catalogue.from_data(data))
	assert (result.price, codes(result)) == (None, [("PRICE_LINE_MISSING", "XQK6128H")])


def test_of_overlapping_books_the_one_that_began_last_is_in_force(
	catalogue_data: dict[str, Any], reviewed: Any
) -> None:
	data = copy.deepcopy(catalogue_data)
	data["prices"]["price_books"][0]["valid_to"] = "2026-12-31"
	result = reviewed("IO-01", on=Catalogue.from_data(data), price_book=None)
	assert result.price.book == "PB-2026H2"


def test_a_draft_book_never_counts(catalogue_data: dict[str, Any], reviewed: Any) -> None:
	data = copy.deepcopy(catalogue_data)
	data["prices"]["price_books"][1]["status"] = "draft"
	result = reviewed("IO-01", on=Catalogue.from_data(data))
	assert (result.price, codes(result)) == (None, [("PRICE_BOOK_MISSING", "")])


def outlook_of(catalogue: Catalogue, data: dict[str, Any]) -> dict[str, dict[str, Any]]:
	order = Order.from_data(data, catalogue)
	return {
		one.policy: one.as_dict()
		for one in policy_outlook(catalogue, order, chosen_options(catalogue, order))
	}


def test_why_not_that_discount(catalogue: Catalogue, orders: dict[str, Any]) -> None:
	seen = outlook_of(catalogue, merged(orders["IO-01"], {"policies": ["POL-26-VOLC"]}))
	assert seen["POL-26-VOLC"]["state"] == "counts"
	assert seen["POL-26-VOLC"]["amount"] == 15_960
	assert (seen["POL-26-CASH"]["state"], seen["POL-26-CASH"]["amount"]) == ("not_claimed", 8_862)
	assert seen["POL-26-OLD4NEW"]["why"]["en"] == "needs evidence = scrap_certificate"
	assert seen["POL-26-VOLE"]["why"]["zh"] == "不含车型XQK6128H"
	assert seen["POL-26-SCHOOL"]["state"] == "expired"
	assert seen["POL-26-DLRREB"]["why"]["en"] == "does not enter the review price"
	assert len(seen) == len(catalogue.policies)


def test_a_smaller_discount_of_the_group_says_what_beats_it(
	catalogue_data: dict[str, Any], orders: dict[str, Any]
) -> None:
	effect = {"kind": "amount", "amount": 11_000}
	on = with_policy(catalogue_data, "POL-26-Q4C10", code="POL-26-OTHER", effect=effect)
	seen = outlook_of(on, merged(orders["IO-08"], {"policies": ["POL-26-Q4C10", "POL-26-OTHER"]}))
	assert seen["POL-26-OTHER"]["state"] == "shadowed"
	assert seen["POL-26-OTHER"]["why"]["en"] == "POL-26-Q4C10 of the same group is better"
