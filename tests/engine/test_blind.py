"""Which configurations are translated twice, for which slots, and how far both agree."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from order_review.engine import blind

CALM = blind.Risk(0, {"ENG-D247": 9}, 9, Decimal(1_000_000))
LIMITS = blind.Thresholds(special=True, option_uses=3, model_uses=2, value=Decimal(5_000_000))


def risk(**changes: Any) -> blind.Risk:
	return blind.Risk(**{**CALM.__dict__, **changes})


@pytest.mark.parametrize(
	("found", "reasons"),
	[
		(CALM, ()),
		(risk(specials=1), ("special",)),
		(risk(option_uses={"ENG-D247": 2}), ("new_option",)),
		(risk(option_uses={"ENG-D247": 3}), ()),
		(risk(model_uses=1), ("first_of_model",)),
		(risk(model_uses=2), ()),
		(risk(value=Decimal(5_000_000)), ("high_value",)),
		(risk(value=Decimal("4999999.99")), ()),
		(
			risk(specials=2, model_uses=0, option_uses={"A": 0}, value=Decimal(10**7)),
			("special", "new_option", "first_of_model", "high_value"),
		),
	],
)
def test_risk_is_what_the_thresholds_say(found: blind.Risk, reasons: tuple[str, ...]) -> None:
	chosen = blind.decide(found, LIMITS)
	assert chosen.reasons == reasons
	assert chosen.is_drawn == bool(reasons)


def test_a_threshold_of_nothing_switches_its_reason_off() -> None:
	off = blind.Thresholds(special=False, option_uses=0, model_uses=0, value=Decimal(0))
	found = risk(specials=3, option_uses={"A": 0}, model_uses=0, value=Decimal(10**9))
	assert not blind.decide(found, off).is_drawn


FAMILIES = {"ENG": frozenset({"ENG"}), "PWM": frozenset({"ENG", "TRN"}), "TYR": frozenset({"TYR"})}
FAMILY_OF = {"ENG-D247": "ENG", "TRN-MT6H": "TRN", "TYR-275": "TYR"}


def slots(chosen: blind.Chosen, *picked: str) -> tuple[str, ...]:
	return blind.slots_to_check(chosen, FAMILIES, FAMILY_OF, picked)


def test_of_the_first_of_a_model_every_slot_is_asked_for() -> None:
	assert slots(blind.Chosen(("first_of_model",), ()), "TYR-275") == ("ENG", "PWM", "TYR")


def test_else_those_that_look_at_what_is_new_or_picked() -> None:
	assert slots(blind.Chosen(("new_option",), ("TRN-MT6H",))) == ("PWM",)
	assert slots(blind.Chosen(("high_value",), ()), "ENG-D247", "TYR-275") == ("ENG", "PWM", "TYR")


def test_with_nothing_picked_there_is_still_something_to_check() -> None:
	assert slots(blind.Chosen(("special",), ())) == ("ENG", "PWM", "TYR")


def held(number: str, qty: int = 1) -> blind.Held:
	return (number, Decimal(qty))


def test_numbers_and_quantities_agree_slot_by_slot_in_any_order() -> None:
	first = [("ENG", held("A")), ("TYR", held("B", 6)), ("TYR", held("C"))]
	second = [("TYR", held("C")), ("ENG", held("A")), ("TYR", held("B", 4))]
	score = blind.score(("ENG", "TYR", "TOI"), first, second)
	assert (score.checked, score.equal) == (3, 2)
	assert score.hit_rate == Decimal("66.7")
	assert [row.slot for row in score.rows if not row.agrees] == ["TYR"]


def test_what_one_left_out_is_a_difference_and_other_slots_do_not_count() -> None:
	score = blind.score(("ENG",), [("ENG", held("A")), ("X", held("Z"))], [("ENG", ("", Decimal(1)))])
	assert (score.checked, score.equal, score.hit_rate) == (1, 0, Decimal("0.0"))


def test_nothing_to_compare_is_full_agreement() -> None:
	assert blind.score((), [], []).hit_rate == 100
