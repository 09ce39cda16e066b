"""Lots, weeks and capacity of delivery dates."""

from __future__ import annotations

from datetime import date

import pytest

from order_review.engine.delivery import (
	CapacityRow,
	Lot,
	Week,
	by_week,
	capacity_row,
	fault,
	told,
	week_label,
	weeks,
	without,
)

WEDNESDAY = date(2027, 3, 10)
MONDAY = date(2027, 3, 8)
ROWS = [CapacityRow("", "", 60), CapacityRow("", "large", 40), CapacityRow("XQK6128H", "", 12)]


@pytest.mark.parametrize(
	("model", "size", "per_week"),
	[("XQK6128H", "large", 12), ("XQK6129GBEV", "large", 40), ("XQK6756X", "medium", 60)],
)
def test_a_model_draws_on_its_own_row_then_on_its_size_class_then_on_the_general_one(
	model: str, size: str, per_week: int
) -> None:
	row = capacity_row(ROWS, model, size)
	assert row is not None
	assert row.per_week == per_week


def test_without_a_row_no_capacity_is_known() -> None:
	assert capacity_row(ROWS[1:2], "XQK6756X", "medium") is None


def test_lots_of_a_week_add_up() -> None:
	lots = [Lot(6, WEDNESDAY), Lot(3, date(2027, 3, 12)), Lot(1, date(2027, 3, 15))]
	assert by_week(lots) == {MONDAY: 9, date(2027, 3, 15): 1}


@pytest.mark.parametrize(
	("quantities", "said"),
	[([6, 4], ""), ([6, 3], "sum"), ([6, 5], "sum"), ([10, 0], "qty"), ([11, -1], "qty"), ([], "")],
)
def test_lots_add_up_to_the_quantity(quantities: list[int], said: str) -> None:
	assert fault([Lot(qty, WEDNESDAY) for qty in quantities], 10) == said


def test_vehicles_taken_out_of_lots_leave_the_later_ones() -> None:
	lots = [Lot(4, date(2027, 3, 24)), Lot(6, WEDNESDAY)]
	assert without(lots, 0) == [Lot(6, WEDNESDAY), Lot(4, date(2027, 3, 24))]
	assert without(lots, 7) == [Lot(3, date(2027, 3, 24))]
	assert without(lots, 12) == []


def test_a_week_is_over_only_when_this_promise_takes_what_is_not_there() -> None:
	assert Week(MONDAY, 12, 8, 5).is_over
	assert not Week(MONDAY, 12, 7, 5).is_over
	assert not Week(MONDAY, 12, 14, 0).is_over


def test_weeks_run_from_the_first_day_asked_to_the_week_after_the_last_lot() -> None:
	found = weeks([Lot(10, WEDNESDAY)], {MONDAY: 5}, 12, date(2027, 3, 1))
	assert [week.label for week in found] == ["2027-W09", "2027-W10", "2027-W11", "2027-W12", "2027-W13"]
	assert [(week.taken, week.own, week.free) for week in found[:2]] == [(0, 0, 12), (5, 10, -3)]


def test_a_lot_far_away_is_shown_without_all_the_weeks_between() -> None:
	found = weeks([Lot(10, date(2028, 6, 1))], {}, 12, MONDAY, most=4)
	assert len(found) == 5
	assert found[-1].own == 10


def test_the_last_week_of_a_year_carries_the_iso_year() -> None:
	assert week_label(date(2027, 1, 1)) == "2026-W53"
	assert told([Lot(6, WEDNESDAY), Lot(4, date(2027, 3, 24))]) == "6 × 2027-03-10, 4 × 2027-03-24"
