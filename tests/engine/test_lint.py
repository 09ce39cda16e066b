"""Lint: the sample catalogue is clean, and each kind of fault is found and named."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from order_review.engine import Catalogue, Order
from order_review.engine.lint import Lint, LintFinding, contexts_of, lint, lint_data, rehearse, with_rule
from order_review.engine.production import translate
from order_review.engine.solver import CompiledModel, Context
from order_review.engine.solver.checker import Checker
from tests.engine.samples import merged

ON = date(2026, 11, 23)
BLOCKED_BY_CERTIFICATION = {
	("XQK6108H", "TYR-275"),
	("XQK6128H", "ENG-D294"),
	("XQK6128H", "RAX-115H"),
	("XQK6128H", "MIR-CMS"),
	("XQK6129GBEV", "BAT-L350"),
	("XQK6129GBEV", "MOT-W2"),
	("XQK6129GBEV", "RAX-EAX"),
	("XQK6756X", "SLY-S728"),
	("XQK6756X", "CRG-1"),
}


@pytest.fixture(scope="module")
def clean(catalogue: Catalogue) -> Lint:
	return lint(catalogue, ON)


@pytest.fixture
def changed(catalogue_data: dict[str, Any]) -> dict[str, Any]:
	"""A copy of the sample catalogue to spoil."""
	return copy.deepcopy(catalogue_data)


def record(data: dict[str, Any], part: str, code: str, key: str | None = None) -> dict[str, Any]:
	"""The record of a code in a part of the catalogue."""
	found = next(each for each in data[part][key or part] if each.get("code") == code)
	assert isinstance(found, dict)
	return found


def a_rule(code: str, then: str, **more: Any) -> dict[str, Any]:
	return {
		**{"code": code, "type": "requires", "then": then, "severity": "error"},
		**{"msg_zh": "新规则", "msg_en": "New rule", **more},
	}


def only(found: list[LintFinding]) -> LintFinding:
	assert len(found) == 1, found
	return found[0]


def test_the_sample_catalogue_has_no_error_and_the_known_certification_gaps(clean: Lint) -> None:
	assert clean.errors == ()
	dead = clean.of_kind("dead_option")
	assert {(each.model, each.ref) for each in dead} == BLOCKED_BY_CERTIFICATION
	assert all(each.certification_alone for each in dead)
	assert "blocked" in dead[0].message_en
	assert "认证" in dead[0].message_zh


def test_lint_says_the_same_twice(catalogue: Catalogue, clean: Lint) -> None:
	assert lint(catalogue, ON).as_dict() == clean.as_dict()


def test_every_grade_and_use_of_a_model_is_looked_at(catalogue: Catalogue) -> None:
	seen = {(c.grade, c.use) for c in contexts_of(catalogue.models["XQK6128H"], ON)}
	assert seen == {(g, u) for g in ("ZJ", "G1", "G2", "G3") for u in ("intercity", "tourism", "staff")}
	assert [c.use for c in contexts_of(catalogue.models["XQK6128EX"], ON)] == ["export"]


def test_an_unknown_option_code_is_named_with_its_place(changed: dict[str, Any]) -> None:
	record(changed, "rules", "R-P02")["then"] = "RET-XX"
	found = only([f for f in lint_data(changed, ON).of_kind("unknown_code") if f.ref == "R-P02"])
	assert found.severity == "error"
	assert "RET-XX" in found.message_en
	assert "then" in found.message_en


def test_a_rule_that_does_not_parse_is_named_with_its_column(changed: dict[str, Any]) -> None:
	record(changed, "rules", "R-P02")["then"] = "RET-AT &"
	found = only(lint_data(changed, ON).of_kind("rule_does_not_parse"))
	assert found.ref == "R-P02"
	assert "column" in found.message_en
	assert "expected" in found.message_en


def test_two_rules_that_contradict_each_other_are_named_together(changed: dict[str, Any]) -> None:
	changed = with_rule(changed, a_rule("R-X90", "TRN-AT6", **{"if": "LUB-C"}))
	changed = with_rule(changed, a_rule("R-X91", "!TRN-AT6", **{"if": "LUB-C"}))
	found = lint_data(changed, ON).of_kind("contradiction")
	assert {"R-X90", "R-X91"} == set(
		next(f for f in found if (f.model, f.ref) == ("XQK6128H", "LUB-C")).rules
	)
	assert all(each.severity == "error" for each in found)


def test_a_dead_option_is_named_with_the_rule_that_kills_it(changed: dict[str, Any]) -> None:
	changed = with_rule(changed, a_rule("R-X92", "!WHL-AF"))
	dead = [f for f in lint_data(changed, ON).of_kind("dead_option") if f.ref == "WHL-AF"]
	assert dead
	assert {each.rules for each in dead} == {("R-X92",)}
	assert not any(each.certification_alone for each in dead)
	assert {each.severity for each in dead} == {"warning"}


def test_a_model_without_any_configuration_is_named_with_the_clash(changed: dict[str, Any]) -> None:
	changed = with_rule(changed, a_rule("R-X93", "BRK-AD", scope="model.alias == C12"))
	changed = with_rule(changed, a_rule("R-X94", "!BRK-AD"))
	found = only(lint_data(changed, ON).of_kind("model_without_configuration"))
	assert (found.ref, found.severity, set(found.rules)) == ("XQK6128H", "error", {"R-X93", "R-X94"})


def test_a_grade_and_use_without_any_configuration_is_named(changed: dict[str, Any]) -> None:
	changed = with_rule(
		changed, a_rule("R-X95", "TOI-M", scope="order.grade == G2 & order.use == staff & model.alias == C12")
	)
	changed = with_rule(changed, a_rule("R-X96", "TOI-N", scope="order.grade == G2 & model.alias == C12"))
	found = only(lint_data(changed, ON).of_kind("context_without_configuration"))
	assert (found.model, found.grade, found.use) == ("XQK6128H", "G2", "staff")
	assert set(found.rules) == {"R-X95", "R-X96"}


def test_a_broken_standard_configuration_is_named(changed: dict[str, Any]) -> None:
	changed = with_rule(changed, a_rule("R-X97", "WHL-A", scope="model.alias == C08"))
	found = only(lint_data(changed, ON).of_kind("standard_invalid"))
	assert (found.ref, found.rules) == ("XQK6808H", ("R-X97",))
	assert "WHL-S" in found.options


def test_a_missing_price_is_named_with_its_book(changed: dict[str, Any]) -> None:
	book = record(changed, "prices", "PB-2026H2", "price_books")
	gone = {("TRN-AT6", "XQK6128H")}
	book["options"] = [line for line in book["options"] if (line["option"], line["model"]) not in gone]
	found = only(lint_data(changed, ON).of_kind("price_missing"))
	assert (found.ref, found.model, found.severity) == ("TRN-AT6", "XQK6128H", "error")
	assert "PB-2026H2" in found.message_en


def test_a_day_without_price_book_and_books_that_overlap_are_named(changed: dict[str, Any]) -> None:
	assert only(lint_data(changed, date(2031, 1, 1)).of_kind("price_book_missing")).severity == "error"
	record(changed, "prices", "PB-2026H2", "price_books")["valid_from"] = date(2026, 6, 1)
	overlap = only(lint_data(changed, ON).of_kind("books_overlap"))
	assert "2026-06-01" in overlap.message_en
	assert "2026-06-30" in overlap.message_en


def test_a_translation_gap_comes_with_a_valid_configuration_that_shows_it(changed: dict[str, Any]) -> None:
	rules = changed["translations"]["rules"]
	gone = next(
		r for r in rules if r["slot"] == "PNTP" and "PNT-P" in r["when"] and "XQK6128EX" in r["models"]
	)
	changed["translations"]["rules"] = [r for r in rules if r["code"] != gone["code"]]
	found = only(lint_data(changed, ON).of_kind("translation_gap"))
	assert (found.ref, found.model, found.severity) == ("PNTP", "XQK6128EX", "error")
	assert_shows(changed, found, lambda production: found.ref in production.gaps)


def test_a_translation_double_comes_with_a_valid_configuration_that_shows_it(changed: dict[str, Any]) -> None:
	twice = dict(next(r for r in changed["translations"]["rules"] if r["when"] == "ENG-D247"))
	changed["translations"]["rules"].append({**twice, "code": "TR-TWICE", "when": "ENG-D247 & TRN-MT6H"})
	found = only(lint_data(changed, ON).of_kind("translation_double"))
	assert (found.ref, found.model) == ("ENG", "XQK6128H")
	assert set(found.rules) == {twice["code"], "TR-TWICE"}
	assert_shows(changed, found, lambda production: found.ref in dict(production.doubles))


def test_a_rule_that_follows_from_another_is_redundant(changed: dict[str, Any], clean: Lint) -> None:
	changed = with_rule(changed, a_rule("R-X98", "RET-AT | RET-E", **{"if": "TRN-AT6"}))
	new = {f.ref for f in lint_data(changed, ON).of_kind("redundant_rule")}
	assert new - {f.ref for f in clean.of_kind("redundant_rule")} == {"R-X98"}


def test_an_inactive_model_is_not_looked_at(changed: dict[str, Any]) -> None:
	record(changed, "models", "XQK6756X")["status"] = "phased_out"
	assert not [f for f in lint_data(changed, ON).findings if f.model == "XQK6756X"]


def test_a_changed_rule_is_rehearsed_against_orders(
	catalogue: Catalogue, catalogue_data: dict[str, Any], orders: dict[str, dict[str, Any]], clean: Lint
) -> None:
	stricter = a_rule("R-P02", "RET-AT & BRK-AD", **{"if": "TRN-AT6 | TRN-MT6H"})
	after = Catalogue.from_data(with_rule(catalogue_data, stricter))
	given = [Order.from_data(order, catalogue) for order in orders.values()]
	result = rehearse((catalogue, clean), (after, lint(after, ON)), given)
	assert result.newly_failing == ("IO-01", "IO-04")
	assert {each.order for each in result.orders} == {"IO-01", "IO-04"}
	assert result.orders[0].new == (("CFG_RULE", "R-P02"),)
	assert ("XQK6128H", "TRN-MT6H") in result.dead()
	assert not result.may_be_released


def test_a_harmless_change_may_be_released(
	catalogue: Catalogue, catalogue_data: dict[str, Any], clean: Lint
) -> None:
	same = merged(record(catalogue_data, "rules", "R-P02"), {"msg_en": "Reworded"})
	after = Catalogue.from_data(with_rule(catalogue_data, same))
	result = rehearse((catalogue, clean), (after, lint(after, ON)))
	assert result.as_dict()["new"] == []
	assert result.may_be_released


def assert_shows(data: dict[str, Any], found: LintFinding, fault: Callable[[Any], bool]) -> None:
	"""The example of a finding is valid by plain evaluation and its translation has the fault."""
	catalogue = Catalogue.from_data(data)
	model = catalogue.models[found.model or ""]
	context = next(c for c in contexts_of(model, ON) if valid(catalogue, model.code, c, found.example))
	compiled = CompiledModel(catalogue, model, context)
	assert fault(translate(compiled.facts(found.example)))


def valid(catalogue: Catalogue, model: str, context: Context, chosen: tuple[str, ...]) -> bool:
	return Checker(catalogue, catalogue.models[model], context.fields(), context.on).is_valid(chosen)
