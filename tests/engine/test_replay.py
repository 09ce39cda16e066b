"""Many configurations at once give what the plain evaluator says of each."""

from __future__ import annotations

import copy
import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_review.engine import Catalogue, rehearsal
from order_review.engine.evaluate import Facts
from order_review.engine.replay import NONE, Bank, places_of
from order_review.engine.rulebook import is_violated
from order_review.engine.solver import Context, truth
from tests.engine.small_catalogues import ON, Small, catalogues, contexts


@given(catalogues(), contexts(), st.integers(0, 2**32))
def test_every_rule_is_judged_as_the_evaluator_judges_it(small: Small, context: Context, seed: int) -> None:
	chance = random.Random(seed)
	catalogue, model = small.catalogue, small.compiled.model
	orders = list(small.checker.configurations())
	orders = chance.sample(orders, min(len(orders), 150))
	orders += [order - {chance.choice(sorted(order))} for order in orders[:20] if order]
	orders += [order | {chance.choice(small.options)} for order in orders[:20]]
	bank = Bank(catalogue, model, orders)
	fields = context.fields()

	def violates(rule: Any, order: frozenset[str]) -> bool:
		return is_violated(rule, Facts(catalogue, model, fields, ON, order))

	for rule, found in bank.violated(catalogue.rules, fields, ON):
		assert places_of(found, bank.count).tolist() == [
			place for place, order in enumerate(orders) if violates(rule, order)
		]
	first = bank.first_violated(catalogue.rules, fields, ON)
	assert first.tolist() == [
		next((n for n, rule in enumerate(catalogue.rules) if violates(rule, order)), NONE) for order in orders
	]
	book = catalogue.price_books["PB"]
	assert bank.list_prices(book) == [
		sum((book.options[code, "M1"].list for code in order), Decimal(0)) for order in orders
	]


def test_a_rule_too_large_for_a_formula_is_judged_one_by_one(
	catalogue_data: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr(truth, "MOST_COMBINATIONS", 3)
	fresh = Catalogue.from_data(catalogue_data)
	model = fresh.models["XQK6128H"]
	heavy = [rule for rule in fresh.rules if not rule.solver]
	orders = [frozenset(model.standard), frozenset(model.standard) - {model.standard[0]}]
	bank = Bank(fresh, model, orders)
	fields = Context(ON, "G1", "tourism").fields()
	for rule, found in bank.violated(heavy, fields, ON):
		expected = [
			n for n, order in enumerate(orders) if is_violated(rule, Facts(fresh, model, fields, ON, order))
		]
		assert places_of(found, 2).tolist() == expected


def test_a_rehearsal_of_rules_is_the_one_with_every_order_reviewed_twice(
	catalogue: Catalogue,
	catalogue_data: dict[str, Any],
	orders: dict[str, Any],
	monkeypatch: pytest.MonkeyPatch,
) -> None:
	data = copy.deepcopy(catalogue_data)
	stricter = next(rule for rule in data["rules"]["rules"] if rule["code"] == "R-I01")
	stricter["then"] = "attr(SLY.pitch) >= 760"
	gone = next(rule for rule in data["rules"]["rules"] if rule["code"] == "R-P02")
	gone["status"] = "phased_out"
	after = Catalogue.from_data(data)
	quick = list(rehearsal.rehearse(catalogue, after, orders.values()))
	monkeypatch.setattr(rehearsal, "_only_rules_differ", lambda *_: False)
	assert quick == list(rehearsal.rehearse(catalogue, after, orders.values()))
	assert 0 < sum(one.changes for one in quick) < len(quick)


def test_what_is_no_rule_is_reviewed_twice(catalogue: Catalogue, catalogue_data: dict[str, Any]) -> None:
	data = copy.deepcopy(catalogue_data)
	data["options"]["options"][0]["lead_days"] = 77
	assert not rehearsal._only_rules_differ(catalogue, Catalogue.from_data(data))
	assert rehearsal._only_rules_differ(catalogue, Catalogue.from_data(copy.deepcopy(catalogue_data)))
