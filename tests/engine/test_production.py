"""Configuration translation: gaps, doubles and causes."""

from __future__ import annotations

import copy
from typing import Any

from order_review.engine import Catalogue


def changed(data: dict[str, Any], code: str, **changes: Any) -> Catalogue:
	data = copy.deepcopy(data)
	rule = next(rule for rule in data["translations"]["rules"] if rule["code"] == code)
	rule.update(changes)
	return Catalogue.from_data(data)


def test_a_line_names_its_rule_and_the_options_that_caused_it(reviewed: Any) -> None:
	lines = {line.slot: line for line in reviewed("IO-01").production.lines}
	assert lines["PWM"].assembly.assembly == "1001900-C12-D247M"
	assert set(lines["PWM"].options) == {"ENG-D247", "TRN-MT6H"}
	assert lines["ENG"].options == ("ENG-D247",)


def test_a_slot_without_a_rule_is_a_gap(catalogue_data: dict[str, Any], reviewed: Any) -> None:
	engine = reviewed("IO-01").production.lines[0]
	production = reviewed("IO-01", on=changed(catalogue_data, engine.rule, when="ENG-D265")).production
	assert production.gaps == ("ENG",)
	assert "ENG" not in [line.slot for line in production.lines]


def test_a_slot_with_two_rules_is_a_double_and_stays_empty(
	catalogue_data: dict[str, Any], reviewed: Any
) -> None:
	other = next(r for r in catalogue_data["translations"]["rules"] if r["when"] == "ENG-D265")
	production = reviewed(
		"IO-01", on=changed(catalogue_data, other["code"], when="ENG-D265 | ENG-D247")
	).production
	assert [slot for slot, _ in production.doubles] == ["ENG"]
	assert len(production.doubles[0][1]) == 2
	assert "ENG" not in [line.slot for line in production.lines]


def test_an_optional_slot_may_stay_empty(reviewed: Any) -> None:
	production = reviewed("IO-12", grade="G1", drops=["AVS-D1"]).production
	assert "AVS-D1" not in [line.slot for line in production.lines]
	assert production.gaps == ()
