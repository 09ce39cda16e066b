"""The score of a contract and of a month, by the examples of the specification (DOMAIN 7)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from order_review.engine import quality
from order_review.engine.quality import Assessed, Defect, Grade, Stay

WRONG_PRICE = Defect("DQ-B01", "B", Decimal(6), Decimal(18), "PRICE_MISMATCH")
RETURNED = Defect("DQ-E01", "E", Decimal(5), Decimal(15), "RETURN_COUNT")
OVERDUE = Defect("DQ-E02", "E", Decimal(4), Decimal(8), "RETURN_OVERDUE")
BY_HAND = Defect("DQ-C03", "C", Decimal(5), Decimal(5))
DEFECTS = (WRONG_PRICE, RETURNED, OVERDUE, BY_HAND)
GRADES = tuple(Grade(name, Decimal(lowest)) for name, lowest in (("A", 95), ("B", 85), ("C", 70), ("D", 0)))


def test_two_wrong_prices_and_a_second_return_make_83_and_grade_c() -> None:
	counts = quality.raised(DEFECTS, ["PRICE_MISMATCH", "PRICE_MISMATCH", "RETURN_COUNT"])
	assert counts == {"DQ-B01": 2, "DQ-E01": 1}
	points = [WRONG_PRICE.charged(2), RETURNED.charged(1)]
	assert points == [12, 5]
	assert quality.score(points) == 83
	assert quality.grade(quality.score(points), GRADES) == "C"


def test_a_month_of_three_contracts_makes_91_7_and_grade_b() -> None:
	contracts = [Assessed(Decimal(100), 10), Assessed(Decimal(83), 5, 2), Assessed(Decimal(72), 2, 1)]
	figures = quality.month(contracts)
	assert figures is not None
	assert (figures.score, figures.weight, figures.vehicles) == (Decimal("91.7"), 17, 17)
	assert quality.grade(figures.score, GRADES) == "B"
	assert figures.first_pass_rate == Decimal("33.3")
	assert (figures.returns, figures.return_rate) == (3, Decimal("100.0"))


def test_a_defect_costs_no_more_than_its_cap() -> None:
	assert [WRONG_PRICE.charged(count) for count in (0, 1, 3, 4, 99)] == [0, 6, 18, 18, 18]


def test_a_vetoed_contract_has_no_score_and_no_score_falls_below_zero() -> None:
	assert quality.score([], vetoed=True) == 0
	assert quality.score([Decimal(60), Decimal(60)]) == 0


@pytest.mark.parametrize(
	("reached", "earned"), [("100", "A"), ("95", "A"), ("94.9", "B"), ("85", "B"), ("70", "C"), ("0", "D")]
)
def test_a_grade_begins_at_its_lowest_score(reached: str, earned: str) -> None:
	assert quality.grade(Decimal(reached), reversed(GRADES)) == earned


def test_grades_with_a_gap_give_no_grade() -> None:
	assert quality.grade(Decimal(10), GRADES[:2]) == ""


def test_a_large_contract_weighs_as_ten_vehicles() -> None:
	figures = quality.month([Assessed(Decimal(100), 200), Assessed(Decimal(50), 10)])
	assert figures is not None
	assert figures.score == 75


def test_a_month_without_contracts_has_no_figures() -> None:
	assert quality.month([]) is None
	assert quality.month([Assessed(Decimal(100), 0)]) is None


def test_each_return_of_a_document_after_its_first_counts() -> None:
	def returned(*counts: int) -> int:
		return quality.events_of(counts, (), datetime(2026, 11, 20)).count("RETURN_COUNT")

	assert returned(0) == returned(1) == returned(1, 1) == 0
	assert returned(2) == returned(2, 1) == 1
	assert returned(3, 2) == 3


def test_a_return_answered_after_its_time_counts_and_one_that_still_lies_there_too() -> None:
	due, now = datetime(2026, 11, 19, 17, 30), datetime(2026, 11, 20, 9)
	since = datetime(2026, 11, 17, 9)
	stays = [
		Stay(since, due, datetime(2026, 11, 19, 17, 30)),
		Stay(since, due, datetime(2026, 11, 19, 17, 31)),
		Stay(since, due, None),
		Stay(since, None, None),
	]
	assert quality.events_of([1], stays, now).count("RETURN_OVERDUE") == 2


def test_an_unknown_finding_and_a_manual_defect_raise_nothing() -> None:
	assert quality.raised(DEFECTS, ["CFG_ADVICE", "", "DQ-C03"]) == {}


def test_defects_are_counted_by_group() -> None:
	contracts = [
		Assessed(Decimal(83), 5, 2, {"DQ-B01": 2, "DQ-E01": 1}),
		Assessed(Decimal(96), 2, 2, {"DQ-E02": 1}),
	]
	assert quality.by_group(DEFECTS, contracts) == {"B": 2, "E": 2}


def test_equal_scores_share_a_place() -> None:
	assert quality.ranks([Decimal(90), Decimal(95), Decimal(90), Decimal(70)]) == [2, 1, 2, 4]


def test_the_three_commonest_defects_in_a_stable_order() -> None:
	counts = {"DQ-D02": 2, "DQ-B01": 5, "DQ-A02": 2, "DQ-E01": 1}
	assert quality.commonest(counts) == [("DQ-B01", 5), ("DQ-A02", 2), ("DQ-D02", 2)]
	assert quality.commonest({}) == []


def test_pareto_shares_add_up() -> None:
	assert quality.shares({"a": 1, "b": 3}) == [
		("b", Decimal("75.0"), Decimal("75.0")),
		("a", Decimal("25.0"), Decimal("100.0")),
	]
	assert quality.shares({}) == []
