"""Routing conditions, what each department judges, the join of a round, and what changed between rounds."""

from __future__ import annotations

from typing import Any

import pytest

from order_review.engine.opinions import CLEAR, OBJECTIONS, WAITING, Opinion, is_carried, join, scope_hash
from order_review.engine.rounds import differences
from order_review.engine.routing import RoutingFault, read

FACTS: dict[str, Any] = {
	"has_special": False,
	"custom_livery": True,
	"nonstandard_warranty": False,
	"qty": 30,
	"order_type": "Export",
}


@pytest.mark.parametrize(
	("condition", "expected"),
	[
		("always", True),
		("has_special", False),
		("not has_special", True),
		("has_special or custom_livery or qty >= 30", True),
		("has_special or qty > 30", False),
		("has_special or order_type == Export", True),
		("order_type != 'Export'", False),
		("has_special and custom_livery or qty == 30", True),
		("has_special and (custom_livery or qty == 30)", False),
		("not (has_special or nonstandard_warranty) and qty <= 30", True),
		("service_terms", False),
	],
)
def test_a_condition_is_judged_by_the_facts(condition: str, expected: bool) -> None:
	assert read(condition).holds(FACTS) is expected


@pytest.mark.parametrize(
	("condition", "kind", "found"),
	[
		("has_specials", "unknown", "has_specials"),
		("colour == red", "unknown", "colour"),
		("qty >= many", "not_a_number", "many"),
		("order_type > Export", "no_order", "order_type"),
		("qty >=", "end", ""),
		("", "end", ""),
		("has_special or", "end", ""),
		("(has_special", "end", ""),
		("has_special custom_livery", "expected", "custom_livery"),
		("qty 30", "expected", "30"),
		("__import__('os')", "unknown", "__import__"),
		("has_special = 1", "expected", "= 1"),
		("(" * 200 + "has_special", "expected", "("),
	],
)
def test_a_condition_that_makes_no_sense_is_named(condition: str, kind: str, found: str) -> None:
	with pytest.raises(RoutingFault) as fault:
		read(condition)
	assert (fault.value.kind, fault.value.found) == (kind, found)


SCOPE: dict[str, Any] = {
	"vehicle": ["XQK6129GBEV", "NA", "city"],
	"configuration": ["BAT-L310"],
	"prices": {"negotiated_unit": 1275000},
	"payment": ["instalment", 15],
	"delivery": "2027-03-15",
	"qty": 30,
	"lead_time": "2027-01-26",
	"warranty": ["WAR-B8X"],
	"livery": [["LIV-CUS"], ["a.pdf"]],
}


@pytest.mark.parametrize(
	("group", "value", "asked_again"),
	[
		("prices", {"negotiated_unit": 1270000}, {"FIN"}),
		("payment", ["full_before_delivery", 15], {"FIN"}),
		("delivery", "2027-02-01", {"PLAN"}),
		("configuration", ["BAT-L350"], {"TECH", "FIN"}),
		("vehicle", ["XQK6129GBEV", "NA", "staff"], {"TECH"}),
		("warranty", ["WAR-B8"], {"SERVICE"}),
		("livery", [["LIV-W"], []], {"PRODMGT"}),
		("qty", 29, {"PLAN", "FIN", "PRODMGT"}),
	],
)
def test_a_change_concerns_the_departments_that_judge_it(
	group: str, value: Any, asked_again: set[str]
) -> None:
	departments = ("TECH", "PLAN", "FIN", "SERVICE", "PRODMGT")
	changed = {**SCOPE, group: value}
	assert {d for d in departments if scope_hash(d, SCOPE) != scope_hash(d, changed)} == asked_again


def opinion(department: str, said: str = "", *, required: bool = True, overruled: bool = False) -> Opinion:
	return Opinion(department, required, "Answered" if said else "Open", said, overruled, "h")


@pytest.mark.parametrize(
	("round_", "issues", "expected"),
	[
		([], 0, CLEAR),
		([opinion("TECH"), opinion("FIN", "Agree")], 0, WAITING),
		([opinion("TECH", "Agree"), opinion("MKTMGT", required=False)], 0, CLEAR),
		([opinion("TECH", "Agree"), opinion("QA", "Object")], 0, OBJECTIONS),
		([opinion("TECH", "Agree"), opinion("QA", "Object", overruled=True)], 0, CLEAR),
		([opinion("TECH", "Object"), opinion("FIN")], 0, WAITING),
		([opinion("TECH", "Agree With Condition"), opinion("FIN", "Not Concerned")], 0, CLEAR),
		([opinion("TECH", "Agree")], 1, WAITING),
		(
			[opinion("TECH", "Agree"), Opinion("FIN", True, "Withdrawn", "Object"), opinion("FIN", "Agree")],
			0,
			CLEAR,
		),
	],
)
def test_a_round_is_joined_when_nobody_required_is_silent(
	round_: list[Opinion], issues: int, expected: str
) -> None:
	assert join(round_, issues) == expected


def test_only_technical_and_financial_objections_block() -> None:
	assert opinion("TECH", "Object").blocks
	assert opinion("FIN", "Object").blocks
	assert not opinion("QA", "Object").blocks
	assert not opinion("TECH", "Agree").blocks


def test_an_opinion_is_carried_over_what_did_not_change_unless_it_objected() -> None:
	assert is_carried(opinion("TECH", "Agree With Condition"), "h")
	assert not is_carried(opinion("TECH", "Agree"), "other")
	assert not is_carried(opinion("TECH", "Object"), "h")
	assert not is_carried(opinion("TECH"), "h")


def test_differences_name_field_row_and_both_values() -> None:
	before = {"qty": 10, "grade": "G1", "specials": {"S1": {"name": "a"}}, "evidence": {"x": {}}}
	after = {"qty": 12, "grade": "G1", "specials": {"S1": {"name": "b"}, "S2": {"name": "c"}}, "evidence": {}}
	assert differences(before, after) == [
		{"field": "qty", "row": "", "from": 10, "to": 12},
		{"field": "specials", "row": "S1", "from": {"name": "a"}, "to": {"name": "b"}},
		{"field": "specials", "row": "S2", "from": None, "to": {"name": "c"}},
		{"field": "evidence", "row": "x", "from": {}, "to": None},
	]
	assert differences(after, after) == []
