"""The rule language: what parses, what it means, and what a broken rule is told."""

from __future__ import annotations

import pytest

from order_review.engine import RuleSyntaxError
from order_review.engine.language import And, Compare, OptionRef, Or, families_in, options_in, parse


def test_and_binds_tighter_than_or() -> None:
	tree = parse("ENG-D118 | ENG-D132 & ENG-D155")
	assert tree == Or((OptionRef("ENG-D118"), And((OptionRef("ENG-D132"), OptionRef("ENG-D155")))))


def test_a_hyphen_between_blanks_subtracts_and_inside_a_code_does_not() -> None:
	assert isinstance(parse("order.qty - 1 >= 5"), Compare)
	assert options_in(parse("TRN-AT6 | !RET-H")) == ("TRN-AT6", "RET-H")


def test_families_are_named_once_in_order() -> None:
	assert families_in(parse("any(AVS) & attr(SLY.seats) > 30 & count(AVS) >= 1")) == ("AVS", "SLY")


@pytest.mark.parametrize(
	("text", "column", "expected"),
	[
		("", 1, "an option code, a number, a name or '('"),
		("ENG-D118 &", 11, "an option code"),
		("ENG-D118 ENG-D132", 10, "'&', '|' or the end of the rule"),
		("(ENG-D118", 10, "')'"),
		("attr(ENG)", 9, "'.'"),
		("attr(ENG.power_kw)", 1, "true or false"),
		("any(ENG) >= 1", 1, "a value"),
		("foo(ENG)", 1, "grade_rated"),
		("model.energy = diesel", 14, "a name, number or sign"),
		("ENG-D118 $", 10, "a name, number or sign"),
		("__import__('os').system('id')", 12, "a name, number or sign"),
		("1 < 2 < 3", 7, "'&', '|' or the end of the rule"),
		("eng-d118", 1, "true or false"),
	],
)
def test_a_broken_rule_is_told_where_and_what_was_expected(text: str, column: int, expected: str) -> None:
	with pytest.raises(RuleSyntaxError) as caught:
		parse(text)
	assert caught.value.where == f"column {column}"
	assert expected in (caught.value.expected or "")


@pytest.mark.parametrize(
	"text",
	["(" * 5_000 + "ENG-D118" + ")" * 5_000, "!" * 500 + "ENG-D118", "ENG-D118 | " * 2_000 + "ENG-D118"],
)
def test_endless_rules_are_refused(text: str) -> None:
	with pytest.raises(RuleSyntaxError):
		parse(text)
