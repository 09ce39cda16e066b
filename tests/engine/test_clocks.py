"""Each working hour of a document is one side's: ours, the dealer's or a supplier's."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_review.engine.clocks import DEALER, OURS, SUPPLIER, Span, hours_used, split, waiting_spans
from order_review.engine.reminders import Rung, due_rungs, used_pct
from order_review.engine.working_time import WorkingTime

TIME = WorkingTime(((time(8, 30), time(17, 30)),))
SIDES = {"Submitted": OURS, "Received": OURS, "Under Opinions": OURS, "Returned": DEALER}


def at(text: str) -> datetime:
	return datetime.fromisoformat(f"2026-11-{text}")


STATES = [
	(at("23 08:30"), "Draft"),
	(at("23 09:30"), "Submitted"),
	(at("23 10:30"), "Received"),
	(at("23 12:30"), "Returned"),
	(at("24 12:30"), "Submitted"),
	(at("24 13:30"), "Valid"),
]


def test_states_say_whose_time_it_is_and_a_draft_is_nobodys() -> None:
	hours = split(STATES, SIDES, [], at("30 17:30"), TIME)
	assert hours == {OURS: 4, DEALER: 9, SUPPLIER: 0}


def test_what_we_waited_for_is_not_ours() -> None:
	waits = [Span(at("23 09:30"), at("23 10:00"), SUPPLIER), Span(at("23 11:30"), at("24 13:00"), DEALER)]
	hours = split(STATES, SIDES, waits, at("30 17:30"), TIME)
	assert hours == {OURS: 2, DEALER: 10.5, SUPPLIER: 0.5}


def test_when_we_wait_for_both_it_is_the_dealers_time() -> None:
	waits = [Span(at("23 09:30"), None, SUPPLIER), Span(at("23 10:30"), at("23 11:30"), DEALER)]
	hours = split(STATES, SIDES, waits, at("23 12:30"), TIME)
	assert hours == {OURS: 0, DEALER: 1, SUPPLIER: 2}


def test_waiting_begins_and_ends_with_the_states_it_lasts_in() -> None:
	steps = [(at("23 09:00"), "Open"), (at("23 10:00"), "Answered"), (at("23 11:00"), "Reopened")]
	spans = waiting_spans(steps, frozenset({"Open", "Reopened"}), DEALER)
	assert spans == [Span(at("23 09:00"), at("23 10:00"), DEALER), Span(at("23 11:00"), None, DEALER)]


@pytest.mark.parametrize(
	("paused_hours", "paused_since", "used"), [(0, None, 9), (2, None, 7), (0, "23 12:30", 4), (20, None, 0)]
)
def test_pauses_are_left_out_of_the_hours_used(
	paused_hours: float, paused_since: str | None, used: float
) -> None:
	since = at(paused_since) if paused_since else None
	assert hours_used(at("23 08:30"), at("23 17:30"), paused_hours, since, TIME) == used


moments = st.integers(0, 14 * 24 * 4).map(lambda quarters: at("16 00:00") + timedelta(minutes=15 * quarters))


@given(
	st.lists(st.tuples(moments, st.sampled_from([*SIDES, "Valid"])), max_size=6),
	st.lists(st.tuples(moments, moments, st.sampled_from([DEALER, SUPPLIER])), max_size=4),
	moments,
)
def test_the_sides_add_up_to_the_hours_on_the_way(
	states: list[tuple[datetime, str]], waits: list[tuple[datetime, datetime, str]], until: datetime
) -> None:
	states = sorted(states)
	spans = [Span(min(one, other), max(one, other), side) for one, other, side in waits]
	hours = split(states, SIDES, spans, until, TIME)
	ends = [moment for moment, _state in states[1:]] + [until]
	on_the_way = sum(
		TIME.hours_between(begin, min(end, until))
		for (begin, state), end in zip(states, ends, strict=False)
		if state in SIDES
	)
	assert sum(hours.values()) == pytest.approx(on_the_way)
	assert all(value >= 0 for value in hours.values())


LADDER = [Rung(200, "c"), Rung(80, "a"), Rung(100, "b")]


@pytest.mark.parametrize(
	("used", "told", "rungs"),
	[(79.9, 0, ""), (80, 0, "a"), (100, 80, "b"), (250, 0, "abc"), (250, 100, "c"), (250, 200, "")],
)
def test_rungs_that_are_reached_and_not_told_of(used: float, told: float, rungs: str) -> None:
	assert "".join(rung.recipient for rung in due_rungs(LADDER, used, told)) == rungs


def test_without_time_allowed_everything_is_late() -> None:
	assert used_pct(0, 0) > 100
	assert used_pct(4, 8) == 50
