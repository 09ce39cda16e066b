"""A special option gets its list price from cost, development and markup."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_review.engine.errors import BadInput
from order_review.engine.special_options import full_cost, list_price

amounts = st.decimals(min_value=0, max_value=1_000_000, places=2)


@pytest.mark.parametrize(
	("unit_cost", "dev_cost", "qty", "markup", "cost", "price"),
	[
		pytest.param(
			"5600", "1800", 3, "38", "6200", "8600", id="bicycle rack, three coaches share the drawing"
		),
		pytest.param("3200", "4800", 12, "45", "3600", "5200", id="driver's cabin, twelve buses"),
		pytest.param(
			"9400", "26400", 12, "32", "11600", "15300", id="solar roof: 15 312 is nearer to 15 300"
		),
		pytest.param("1000", "0", 1, "0", "1000", "1000", id="nothing developed, nothing added"),
		pytest.param("1050", "0", 1, "0", "1050", "1100", id="half a hundred goes up"),
		pytest.param("1049.99", "0", 1, "0", "1049.99", "1000", id="a cent less goes down"),
		pytest.param("49.99", "0", 1, "0", "49.99", "0", id="a trifle is listed at nothing"),
	],
)
def test_list_price_is_cost_with_its_share_of_development_and_markup_in_hundreds(
	unit_cost: str, dev_cost: str, qty: int, markup: str, cost: str, price: str
) -> None:
	assert full_cost(Decimal(unit_cost), Decimal(dev_cost), qty) == Decimal(cost)
	assert list_price(Decimal(unit_cost), Decimal(dev_cost), qty, Decimal(markup)) == Decimal(price)


def test_a_third_of_the_development_does_not_lose_cents() -> None:
	# 100 / 3 has no end; 1.005 × (16.67 + 33.33…) = 50.25 would fall to 0 if it were cut at 49.99
	assert list_price(Decimal("16.67"), Decimal(100), 3, Decimal("0.5")) == Decimal(100)


@given(amounts, amounts, st.integers(1, 500), st.decimals(min_value=0, max_value=300, places=2))
def test_a_list_price_is_a_whole_hundred_at_most_fifty_away_from_the_sum(
	unit_cost: Decimal, dev_cost: Decimal, qty: int, markup: Decimal
) -> None:
	price = list_price(unit_cost, dev_cost, qty, markup)
	exact = (unit_cost + dev_cost / qty) * (1 + markup / 100)
	assert price % 100 == 0
	assert abs(price - exact) <= 50


@pytest.mark.parametrize(
	("unit_cost", "dev_cost", "qty", "markup", "field"),
	[
		("-1", "0", 1, "10", "unit_cost"),
		("1", "-0.01", 1, "10", "dev_cost"),
		("1", "0", 0, "10", "qty"),
		("1", "0", 1, "-5", "markup_pct"),
		("NaN", "0", 1, "10", "unit_cost"),
		("1", "Infinity", 1, "10", "dev_cost"),
	],
)
def test_an_impossible_figure_is_refused_by_its_name(
	unit_cost: str, dev_cost: str, qty: int, markup: str, field: str
) -> None:
	with pytest.raises(BadInput) as refused:
		list_price(Decimal(unit_cost), Decimal(dev_cost), qty, Decimal(markup))
	assert refused.value.path == (field,)
