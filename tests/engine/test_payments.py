"""Payment schedules: exact amounts, whole shares, and what contradicts payment mode, deposit and policies."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_review.engine import payments
from order_review.engine.payments import Share


def shares(*rows: tuple[str, str] | tuple[str, str, int]) -> list[Share]:
	return [Share(row[0], Decimal(row[1]), *row[2:]) for row in rows]


USUAL = shares(("Signing", "10"), ("Before Delivery", "45"), ("After Delivery", "45"))


def found(mode: str, rows: list[Share], deposit: str = "10", policies: tuple[str, ...] = ()) -> list[str]:
	return [one.ref for one in payments.contradictions(mode, Decimal(deposit), rows, policies)]


def test_the_last_share_takes_what_rounding_leaves() -> None:
	total = Decimal("889033.33") * 3
	assert payments.amounts(total, [Decimal(10), Decimal(45), Decimal(45)]) == (
		Decimal("266710.00"),
		Decimal("1200195.00"),
		Decimal("1200194.99"),
	)


def test_a_schedule_that_is_not_whole_has_each_share_for_itself() -> None:
	assert payments.amounts(Decimal(1000), [Decimal(10), Decimal(20)]) == (Decimal(100), Decimal(200))


def test_a_currency_without_cents_is_paid_in_whole_coins() -> None:
	thirds = [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]
	assert payments.amounts(Decimal(1_000_001), thirds, places=0) == (333_300, 333_300, 333_401)


@given(
	st.integers(1, 10**11),
	st.lists(st.integers(1, 10_000), min_size=1, max_size=6),
)
def test_the_amounts_of_a_whole_schedule_are_the_total(cents: int, weights: list[int]) -> None:
	total = Decimal(cents) / 100
	parts = [(Decimal(weight) * 100 / sum(weights)).quantize(Decimal("0.0001")) for weight in weights]
	parts[-1] = 100 - sum(parts[:-1], Decimal(0))
	assert sum(payments.amounts(total, parts)) == total


@pytest.mark.parametrize(
	("given_shares", "bad"),
	[(("10", "45", "45"), ()), (("110", "-10"), (0, 1)), (("0", "100"), (0,)), (("90.004", "10"), ())],
)
def test_a_share_is_above_nothing_and_at_most_everything(
	given_shares: tuple[str, ...], bad: tuple[int, ...]
) -> None:
	assert payments.bad_shares(map(Decimal, given_shares)) == bad


def test_a_usual_schedule_fits_payment_in_parts() -> None:
	assert found("instalment", USUAL) == []
	assert found("full_before_delivery", shares(("Signing", "10"), ("Before Delivery", "90"))) == []
	assert found("net_30", shares(("Signing", "10"), ("After Delivery", "90", 30))) == []
	assert found("lc_sight", USUAL) == []
	assert found("net_30", []) == []


@pytest.mark.parametrize(
	("mode", "rows", "why"),
	[
		("full_before_delivery", USUAL, "PAYMENT_LATE"),
		("full_before_delivery", shares(("Signing", "10"), ("Before Delivery", "90", 5)), "PAYMENT_LATE"),
		("full_before_delivery", shares(("Signing", "50"), ("Acceptance", "50")), "PAYMENT_LATE"),
		("net_30", shares(("Signing", "10"), ("Before Delivery", "90")), "PAYMENT_EARLY"),
		("instalment", shares(("Signing", "100")), "PAYMENT_EARLY"),
		("net_30", shares(("Signing", "10"), ("After Delivery", "90", 60)), "PAYMENT_TERM"),
		("instalment", shares(("Signing", "5"), ("After Delivery", "95")), "PAYMENT_DEPOSIT"),
	],
)
def test_a_schedule_that_says_something_else_is_found(mode: str, rows: list[Share], why: str) -> None:
	assert found(mode, rows) == [why]


def test_a_discount_for_full_payment_is_named_where_the_schedule_pays_late() -> None:
	conflicts = payments.contradictions("full_before_delivery", Decimal(10), USUAL, ["POL-26-CASH"])
	assert [one.code for one in conflicts] == ["PAYMENT_CONFLICT", "PAYMENT_CONFLICT"]
	assert "45 %" in conflicts[0].message_en
	assert "POL-26-CASH" in conflicts[1].message_zh
	assert not conflicts[0].blocks_opinions, "Finance decides"
