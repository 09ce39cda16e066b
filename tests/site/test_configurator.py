"""What the configurator's functions answer, and whom they answer at all."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import frappe
import pytest
from frappe.model.document import Document

from order_review.api import configurator
from order_review.engine.configuration import configuration_findings
from order_review.engine.evaluate import Facts
from order_review.engine.order import Order
from order_review.engine.solver import availability, complete, explain_order
from order_review.exceptions import IntentOrderInputError
from order_review.services import catalogue_store
from order_review.services.configure import Question
from order_review.services.review_intent_order import order_data
from tests.site.samples import as_user, codes, order_of

pytestmark = pytest.mark.usefixtures("demo_site")

QUESTIONS = ("load", "look", "why", "repairs", "switch", "complete", "compare", "earlier_orders")
FASTEST_CLICK = 0.1
"""Seconds a click may take on the server."""


def context_of(order: Document, **changes: Any) -> str:
	keys = ("model", "grade", "use", "order_type", "order_date", "quotation_date", "price_book")
	context: dict[str, Any] = {key: str(order.get(key)) for key in keys if order.get(key)}
	context["qty"] = order.qty
	if order.dest_emission_stage:
		context["dest_stage"] = order.dest_emission_stage
	return json.dumps({**context, **changes})


def chosen_of(order: Document) -> list[str]:
	return sorted(row.vehicle_option for row in order.configuration)


def ask(question: str, order: Document, chosen: list[str] | None = None, **more: Any) -> Any:
	"""One question about an order as it is stored, or with another configuration."""
	codes_ = chosen_of(order) if chosen is None else chosen
	function = getattr(configurator, question)
	return function(context_of(order), json.dumps(codes_), order=order.name, **more)


def question_of(order: Document) -> Question:
	return Question.of(catalogue_store.current(), json.loads(context_of(order)), chosen_of(order))


def engine_order(order: Document) -> Order:
	catalogue = catalogue_store.current()
	return Order.from_data(order_data(order, catalogue), catalogue)


def broken_rules(order: Document, chosen: list[str]) -> list[str]:
	"""What the plain evaluator, which knows no solver, has against a configuration."""
	of_order = engine_order(order)
	catalogue = catalogue_store.current()
	model = catalogue.models[of_order.model]
	facts = Facts(catalogue, model, of_order.context, of_order.order_date, frozenset(chosen))
	return [
		f"{found.code} {found.ref}" for found in configuration_findings(facts) if found.severity == "error"
	]


class TestAnswersAreTheEngines:
	@pytest.mark.parametrize("sample", ["IO-01", "IO-02", "IO-04", "IO-07", "IO-12"])
	def test_every_option_has_the_state_the_engine_gives_it(self, sample: str) -> None:
		order = order_of(sample)
		question = question_of(order)
		options = ask("look", order)["options"]
		assert set(options) == set(question.compiled.words.codes)
		for family in question.model.families:
			basis = question.held
			assert basis is not None
			if question.catalogue.families[family].single:
				basis = tuple(code for code in basis if question.catalogue.options[code].family != family)
			states = availability(question.compiled, basis).states()
			for code in question.catalogue.offered(family, question.model):
				expected = "chosen" if code in question.picks else states[code]
				assert options[code]["state"] == expected, code
				assert options[code]["selected"] == (code in question.chosen), code
				assert (options[code]["reason"] is not None) == (expected in ("forced", "excluded")), code

	@pytest.mark.parametrize(("sample", "valid"), [("IO-01", True), ("IO-07", False), ("IO-12", False)])
	def test_conflict_and_repairs_are_those_of_the_review(self, sample: str, valid: bool) -> None:
		order = order_of(sample)
		seen = ask("look", order)
		assert seen["valid"] is valid
		if valid:
			assert seen["conflict"] is None
			assert seen["repairs"] == []
			return
		conflict, repairs = explain_order(catalogue_store.current(), engine_order(order), chosen_of(order))
		assert seen["conflict"]["parts"] == conflict
		assert [{key: each[key] for key in repairs[0]} for each in seen["repairs"]] == repairs

	def test_the_conflict_of_io_07_is_said_in_both_languages(self) -> None:
		sentence = ask("look", order_of("IO-07"))["conflict"]["sentence"]
		assert sentence["zh"].endswith("违反规则:液力自动变速器必须选内置缓速器(R-P02)")
		assert sentence["en"].endswith(
			"breaks: Automatic transmission comes only with its integral retarder (R-P02)"
		)

	@pytest.mark.parametrize("sample", ["IO-07", "IO-12"])
	@pytest.mark.parametrize("by", ["changes", "price", "lead"])
	def test_every_repair_satisfies_the_plain_evaluator(self, sample: str, by: str) -> None:
		order = order_of(sample)
		repairs = ask("repairs", order, by=by, count=5)
		assert len(repairs) == 5
		for repair in repairs:
			assert broken_rules(order, repair["configuration"]) == []

	def test_the_order_of_repairs_is_the_one_asked_for(self) -> None:
		order = order_of("IO-07")
		by_changes = [len(each["changes"]) for each in ask("repairs", order, by="changes", count=5)]
		by_price = [abs(each["price_delta"]) for each in ask("repairs", order, by="price", count=5)]
		by_lead = [each["lead_delta"] for each in ask("repairs", order, by="lead", count=5)]
		assert by_changes == sorted(by_changes)
		assert by_price == sorted(by_price)
		assert by_lead == sorted(by_lead)

	@pytest.mark.parametrize("sample", ["IO-01", "IO-07", "IO-12"])
	def test_a_switch_has_the_option_and_is_valid_or_there_is_none(self, sample: str) -> None:
		order = order_of(sample)
		question = question_of(order)
		for code, known in ask("look", order)["options"].items():
			found = ask("switch", order, option=code)
			if found is None:
				assert known["state"] in ("excluded", "forced"), code
				continue
			assert (code in found["configuration"]) == (code in question.with_option(code)), code
			assert broken_rules(order, found["configuration"]) == [], code

	def test_what_is_free_is_had_without_giving_up_own_choices(self) -> None:
		order = order_of("IO-01")
		question = question_of(order)
		for code, known in ask("look", order)["options"].items():
			family = question.family_of(code)
			if known["state"] != "free" or known["selected"] or family is None or not family.single:
				continue
			found = ask("switch", order, option=code)
			assert found is not None, code
			others = {pick for pick in question.picks if question.family_of(pick) != family}
			assert others <= set(found["configuration"]), code

	def test_completion_is_the_engines_cheapest(self) -> None:
		order = order_of("IO-01")
		question = question_of(order)
		expected = complete(question.compiled, question.picks, book=question.book)
		found = ask("complete", order)
		assert tuple(found["configuration"]) == expected.configuration
		assert found["price"]["total"] == expected.list_price
		assert ask("complete", order_of("IO-07")) is None

	def test_the_running_price_is_that_of_the_order(self) -> None:
		order = order_of("IO-01")
		price = ask("look", order)["price"]
		assert (price["base"], price["options"]) == (order.base_list, order.options_list)
		assert price["total"] == order.base_list + order.options_list
		assert price["book"] == order.price_book

	def test_price_protection_holds_in_the_configurator_too(self) -> None:
		order = order_of("IO-01")
		later = context_of(order, order_date="2027-01-10", quotation_date="2026-12-20")
		seen = configurator.look(later, json.dumps(chosen_of(order)), order=order.name)
		assert seen["price"]["book"] == "PB-2026H2"

	def test_the_reason_names_rule_and_choice(self) -> None:
		found = ask("why", order_of("IO-12"), option="TOI-R")
		assert found["state"] == "excluded"
		assert [rule["code"] for rule in found["rules"]] == ["R-B03"]
		assert found["options"] == ["SLY-1249"]
		assert "R-B03" in found["reason"]["zh"]
		assert "R-B03" in found["reason"]["en"]

	def test_comparison_with_the_standard_adds_up_to_the_options(self) -> None:
		order = order_of("IO-01")
		found = ask("compare", order)
		assert found["price_delta"] == order.options_list == sum(row["price_delta"] for row in found["rows"])
		row = next(row for row in found["rows"] if row["family"] == "ENG")
		assert (row["from"], row["to"], row["price_delta"]) == (["ENG-D220"], ["ENG-D247"], 16000)

	def test_comparison_with_an_earlier_order(self) -> None:
		order, earlier = order_of("IO-12"), order_of("IO-01")
		found = ask("compare", order, with_order=earlier.name)
		assert found["price_delta"] == order.options_list - earlier.options_list
		assert {"ENG", "STY", "AVS"} <= {row["family"] for row in found["rows"]}
		assert ask("compare", earlier, with_order=earlier.name)["rows"] == []

	def test_a_new_order_starts_with_the_standard_configuration(self) -> None:
		as_user("sp")
		context = json.dumps(
			{"model": "XQK6128H", "order_type": "Dealer", "order_date": "2026-11-16", "qty": 5}
		)
		found = configurator.load(context)
		assert found["configuration"] == found["standard"]
		assert found["valid"] is True
		assert found["price"]["over_standard"] == 0
		assert [step["code"] for step in found["steps"]][:3] == ["powertrain", "chassis", "body"]

	def test_applying_the_first_repair_and_saving_clears_the_findings(self) -> None:
		for sample in ("IO-07", "IO-12"):
			order = order_of(sample)
			assert any(code in ("CFG_RULE", "GRADE_NOT_MET") for code, _ref in codes(order))
			order.set(
				"configuration",
				[{"vehicle_option": code} for code in ask("look", order)["repairs"][0]["configuration"]],
			)
			order.save()
			assert not [found for found in codes(order) if found[0] in ("CFG_RULE", "GRADE_NOT_MET")]


class TestWhoIsAnswered:
	def _all(self, order: Document, other: str) -> Iterator[tuple[str, Callable[[], Any]]]:
		for question in ("load", "look", "repairs", "complete", "compare"):
			yield question, lambda question=question: ask(question, order)
		for question in ("why", "switch"):
			yield question, lambda question=question: ask(question, order, option="TRN-AT6")
		yield "compare with", lambda: ask("compare", order, with_order=other)
		yield "earlier orders", lambda: configurator.earlier_orders(order.model, order=order.name)

	@pytest.mark.parametrize("user", ["dl@review.localhost", "Guest"])
	def test_dealers_and_guests_are_refused(self, user: str) -> None:
		order, other = order_of("IO-01"), order_of("IO-12").name
		frappe.set_user(user)
		for name, question in self._all(order, other):
			with pytest.raises(frappe.PermissionError):
				question()
			assert name
		with pytest.raises(frappe.PermissionError):
			configurator.load(context_of(order))

	def test_a_salesperson_is_refused_orders_of_other_departments(self) -> None:
		foreign, own = order_of("IO-07"), order_of("IO-12")
		as_user("sp")
		for _name, question in self._all(foreign, own.name):
			with pytest.raises(frappe.PermissionError):
				question()
		assert ask("look", own)["valid"] is False
		with pytest.raises(frappe.PermissionError):
			ask("compare", own, with_order=foreign.name)

	def test_earlier_orders_are_those_the_user_may_read(self) -> None:
		order = order_of("IO-12")
		everything = {row["external_id"] for row in configurator.earlier_orders("XQK6128H", order=order.name)}
		as_user("sp")
		own = {row["external_id"] for row in configurator.earlier_orders("XQK6128H", order=order.name)}
		assert {"IO-01", "IO-07", "IO-09", "IO-11"} <= everything
		assert {"IO-01", "IO-09"} <= own
		assert own.isdisjoint({"IO-07", "IO-11", "IO-12"})

	def test_who_may_not_make_orders_is_answered_about_stored_ones_only(self) -> None:
		order = order_of("IO-07")
		as_user("tr")
		assert ask("look", order)["valid"] is False
		with pytest.raises(frappe.PermissionError):
			configurator.load(context_of(order))

	@pytest.mark.parametrize("question", QUESTIONS)
	def test_questions_are_posted(self, question: str) -> None:
		function = getattr(configurator, question)
		assert frappe.allowed_http_methods_for_whitelisted_func[function] == ["POST"]
		assert function not in frappe.guest_methods

	@pytest.mark.parametrize("user", ["Administrator", "sp@review.localhost", "vp@review.localhost"])
	def test_no_answer_holds_floor_or_cost(self, user: str) -> None:
		order, other = order_of("IO-12"), order_of("IO-01").name
		catalogue = catalogue_store.current()
		base = catalogue.price_books[order.price_book].base[order.model]
		frappe.set_user(user)
		for name, question in self._all(order, other):
			answer = json.dumps(question(), default=str)
			for word in ("floor", "cost", "margin", f"{base.floor}", f"{base.cost}"):
				assert f'"{word}' not in answer, f"{name}: {word}"
				assert f" {word}," not in answer, f"{name}: {word}"


class TestWhatCannotBeUnderstood:
	@pytest.mark.parametrize(
		("context", "configuration", "said"),
		[
			("{", "[]", "Context"),
			("[]", "[]", "Context"),
			("{}", "{}", "Configuration"),
			('{"model": "XQK6128H"}', "[1]", "option codes"),
			('{"model": "NO-SUCH"}', "[]", "NO-SUCH"),
			('{"model": "XQK6128H", "order_type": "Dealer", "order_date": "tomorrow"}', "[]", "tomorrow"),
			(
				'{"model": "XQK6128H", "order_type": "Dealer", "order_date": "2026-11-16", "qty": -1}',
				"[]",
				"-1",
			),
			("[" * 5000, "[]", "Context"),
			('{"model": "' + "X" * 30_000 + '"}', "[]", "Context"),
		],
	)
	def test_a_sentence_says_what(self, context: str, configuration: str, said: str) -> None:
		with pytest.raises(IntentOrderInputError, match=said):
			configurator.look(context, configuration)

	def test_an_option_the_model_does_not_offer(self) -> None:
		order = order_of("IO-01")
		for question in ("why", "switch"):
			with pytest.raises(IntentOrderInputError, match="BAT-L350"):
				ask(question, order, option="BAT-L350")

	def test_an_unknown_order_of_repairs(self) -> None:
		with pytest.raises(IntentOrderInputError, match="beauty"):
			ask("repairs", order_of("IO-07"), by="beauty")

	def test_an_unknown_code_in_the_configuration_is_a_finding(self) -> None:
		order = order_of("IO-01")
		seen = ask("look", order, [*chosen_of(order), "XXX-1"])
		assert ("CFG_NOT_OFFERED", "XXX-1") in {(each["code"], each["ref"]) for each in seen["findings"]}
		assert seen["repairs"][0]["changes"] == [{"family": None, "from": "XXX-1", "to": None}]


def test_a_click_is_answered_within_a_tenth_of_a_second() -> None:
	order = order_of("IO-12")
	ask("look", order)
	taken = []
	for _again in range(15):
		began = time.perf_counter()
		ask("look", order)
		taken.append(time.perf_counter() - began)
	assert statistics.median(taken) < FASTEST_CLICK
