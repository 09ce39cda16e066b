"""The solver on the sample catalogue: its stories, and the traps a configurator falls into."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from order_review.adapters import catalogue_folder
from order_review.engine import BadInput, Catalogue, Order, Review, review
from order_review.engine.configuration import chosen_options
from order_review.engine.lint import contexts_of, with_rule
from order_review.engine.solver import (
	CompiledModel,
	Conflict,
	Context,
	Reason,
	availability,
	compile_model,
	complete,
	configuration_conflict,
	conflict_sentence,
	explain,
	explain_order,
	is_valid,
	reason_sentence,
	repairs,
	states,
)
from order_review.engine.solver.checker import Checker, applied
from order_review.engine.solver.encode import encode
from order_review.engine.solver.truth import MOST_COMBINATIONS
from tests.engine.samples import DATA, merged
from tests.engine.small_catalogues import catalogue_data, option, rule, small

ON = date(2026, 11, 23)
G1_TOURISM = Context(ON, "G1", "tourism")


def checker_of(compiled: CompiledModel) -> Checker:
	return Checker(compiled.catalogue, compiled.model, compiled.fields, compiled.context.on)


def reviewed_order(catalogue: Catalogue, order: dict[str, Any], **changes: Any) -> tuple[Order, Review]:
	read = Order.from_data(merged(order, changes), catalogue)
	return read, review(catalogue, read)


# the stories of the sample orders


def test_io07_names_the_retarder_and_the_gearbox_as_the_smallest_conflict(
	catalogue: Catalogue, orders: dict[str, dict[str, Any]]
) -> None:
	order, result = reviewed_order(catalogue, orders["IO-07"])
	assert list(result.conflict) == [{"rule": "R-P02"}, {"option": "TRN-AT6"}, {"option": "RET-H"}]
	compiled = compile_model(catalogue, order.model, Context.of_order(order))
	conflict = configuration_conflict(compiled, chosen_options(catalogue, order), order.picks)
	assert conflict is not None
	assert checker_of(compiled).confirms_conflict(conflict)
	sentence = conflict_sentence(catalogue, conflict)
	assert sentence["en"] == (
		"Choosing 6-speed automatic with integral retarder (TRN-AT6), Hydrodynamic retarder (RET-H) breaks: "
		"Automatic transmission comes only with its integral retarder (R-P02)"
	)
	assert "液力自动变速器必须选内置缓速器(R-P02)" in sentence["zh"]


def test_io07_is_repaired_by_two_changes_in_the_order_of_price_difference(
	catalogue: Catalogue, orders: dict[str, dict[str, Any]]
) -> None:
	_, result = reviewed_order(catalogue, orders["IO-07"])
	found = [(changes_of(r), r["price_delta"], r["lead_delta"]) for r in result.repairs]
	assert found == [
		([("RET-H", "RET-AT"), ("TOI-R", "TOI-N")], -64500, 0),
		([("TOI-R", "TOI-N"), ("TRN-AT6", "TRN-AMT12")], -84500, -30),
		([("TOI-R", "TOI-N"), ("TRN-AT6", "TRN-MT6H")], -117500, -30),
	]


@pytest.mark.parametrize("sample", ["IO-07", "IO-11", "IO-12"])
@pytest.mark.parametrize("by", ["changes", "price", "lead"])
def test_each_repair_listed_clears_the_configuration_and_no_part_of_it_does(
	catalogue: Catalogue, orders: dict[str, dict[str, Any]], sample: str, by: str
) -> None:
	order, _ = reviewed_order(catalogue, orders[sample])
	compiled = compile_model(catalogue, order.model, Context.of_order(order))
	chosen = chosen_options(catalogue, order)
	best = repairs(compiled, chosen, by=by, count=5)
	assert best.proven
	assert best.best
	for repair in best.best:
		assert checker_of(compiled).confirms_repair(chosen, repair)
		assert configuration_conflict(compiled, applied(chosen, repair.changes)) is None


@pytest.mark.parametrize("sample", ["IO-07", "IO-11", "IO-12"])
def test_applying_the_first_repair_to_the_order_clears_its_findings(
	catalogue: Catalogue, orders: dict[str, dict[str, Any]], sample: str
) -> None:
	order, result = reviewed_order(catalogue, orders[sample])
	changes = result.repairs[0]["changes"]
	gone = {change["from"] for change in changes}
	picks = [*(pick for pick in order.picks if pick not in gone), *(change["to"] for change in changes)]
	_, repaired = reviewed_order(catalogue, orders[sample], picks=picks)
	codes = {"CFG_RULE", "GRADE_NOT_MET", "CCC_MISSING", "CFG_MISSING", "CFG_DOUBLE", "CFG_NOT_OFFERED"}
	assert not codes & {found.code for found in repaired.findings}


def test_io12_says_what_reaches_the_grade(catalogue: Catalogue, orders: dict[str, dict[str, Any]]) -> None:
	_, result = reviewed_order(catalogue, orders["IO-12"])
	assert list(result.conflict) == [{"rule": "R-G02"}, {"option": "ENG-D220"}]
	first = result.repairs[0]
	assert {change["to"] for change in first["changes"]} == {
		"ENG-D247",
		"LUB-C",
		"PUR-I",
		"STY-RL",
		"TRN-MT6H",
	}
	assert first["price_delta"] == 43600


def test_price_differences_follow_the_book_the_order_is_priced_by(
	catalogue_data: dict[str, Any], orders: dict[str, dict[str, Any]]
) -> None:
	data = merged(catalogue_data, {})
	older = next(book for book in data["prices"]["price_books"] if book["code"] == "PB-2026H1")
	line = next(each for each in older["options"] if (each["option"], each["model"]) == ("TOI-R", "XQK6128H"))
	line["list"] += 700
	catalogue = Catalogue.from_data(data)
	dates = {"order_date": date(2026, 7, 10), "quotation_date": date(2026, 6, 25)}
	protected = {"price_book": "PB-2026H1", **dates}
	_, result = reviewed_order(catalogue, orders["IO-07"], **protected)
	assert result.price is not None
	assert result.price.book == "PB-2026H1"
	assert result.repairs[0]["price_delta"] == -65200


def test_a_valid_order_has_neither_conflict_nor_repairs(
	catalogue: Catalogue, orders: dict[str, dict[str, Any]]
) -> None:
	order, result = reviewed_order(catalogue, orders["IO-01"])
	assert result.conflict == ()
	assert explain_order(catalogue, order, chosen_options(catalogue, order)) == ([], [])


def changes_of(repair: dict[str, Any]) -> list[tuple[str, str]]:
	return [(change["from"], change["to"]) for change in repair["changes"]]


# availability on the sample catalogue


def test_only_picks_are_assumed_and_each_state_has_its_reason(catalogue: Catalogue) -> None:
	compiled = compile_model(catalogue, "XQK6128H", G1_TOURISM)
	answer = availability(compiled, ["TRN-AT6"])
	plain = answer.as_dict()
	assert plain["valid"] is True
	found = {each["option"]: each for family in plain["families"] for each in family["options"]}
	assert found["TRN-AT6"]["state"] == "chosen"
	assert found["RET-AT"]["state"] == "forced"
	assert found["RET-AT"]["reason"] == {"rules": ["R-P02"], "options": ["TRN-AT6"]}
	assert found["RET-H"]["state"] == "excluded"
	assert found["ENG-D294"]["reason"] == {"rules": ["R-K03"], "options": []}
	assert found["ENG-D265"]["state"] == "free"
	assert plain["completion"]["list_price"] > 0
	assert {"TRN-AT6", "RET-AT"} <= set(plain["completion"]["configuration"])


def test_picks_that_conflict_leave_nothing_and_name_the_smallest_conflict(catalogue: Catalogue) -> None:
	compiled = compile_model(catalogue, "XQK6128H", G1_TOURISM)
	plain = availability(compiled, ["ENG-D265", "TRN-AT6", "RET-H"]).as_dict()
	assert plain["valid"] is False
	assert plain["conflict"] == [{"rule": "R-P02"}, {"option": "TRN-AT6"}, {"option": "RET-H"}]
	assert plain["completion"] is None
	assert {e["state"] for f in plain["families"] for e in f["options"]} == {"chosen", "excluded"}


def test_two_options_of_a_single_family_conflict_without_any_rule(catalogue: Catalogue) -> None:
	compiled = compile_model(catalogue, "XQK6128H", G1_TOURISM)
	conflict = explain(compiled, ["ENG-D220", "WHL-A", "ENG-D247"])
	assert conflict == Conflict(options=("ENG-D220", "ENG-D247"))
	assert "Only one option" in conflict_sentence(catalogue, conflict)["en"]


def test_a_pick_the_model_does_not_offer_is_the_conflict(catalogue: Catalogue) -> None:
	compiled = compile_model(catalogue, "XQK6128H", G1_TOURISM)
	for pick in ("BAT-L190", "ZZZ-1"):
		answer = availability(compiled, ["WHL-A", pick])
		assert not answer.valid
		assert answer.conflict == Conflict(options=(pick,))
	with pytest.raises(BadInput, match="not offered"):
		explain(compiled, [], "BAT-L190")


def test_why_not_is_a_sentence_in_both_languages(catalogue: Catalogue) -> None:
	compiled = compile_model(catalogue, "XQK6128H", G1_TOURISM)
	reason = explain(compiled, ["TRN-AT6"], "RET-H")
	assert isinstance(reason, Reason)
	sentence = reason_sentence(catalogue, "RET-H", "excluded", reason)
	assert sentence["en"].startswith(
		"Hydrodynamic retarder (RET-H) cannot be chosen because 6-speed automatic"
	)
	assert sentence["zh"].startswith("液力缓速器(RET-H)不可选择,因为已选")
	assert explain(compiled, [], "WHL-A") is None


@pytest.mark.parametrize(
	"model", ["XQK6808H", "XQK6108H", "XQK6128H", "XQK6129GBEV", "XQK6756X", "XQK6128EX"]
)
def test_the_completion_satisfies_every_rule_and_costs_no_more_than_the_standard(
	catalogue: Catalogue, model: str
) -> None:
	found = catalogue.models[model]
	for context in contexts_of(found, ON):
		compiled = compile_model(catalogue, model, context)
		completion = complete(compiled, [])
		assert checker_of(compiled).is_valid(completion.configuration)
		book = catalogue.book_in_force(ON)
		assert book is not None
		if checker_of(compiled).is_valid(found.standard):
			assert completion.list_price <= book.base[model].list


def test_without_a_price_book_there_is_a_completion_without_a_price(catalogue: Catalogue) -> None:
	compiled = compile_model(catalogue, "XQK6128H", Context(date(2029, 1, 1), "G1", "tourism"))
	answer = complete(compiled, [])
	assert answer.list_price is None
	assert checker_of(compiled).is_valid(answer.configuration)


# traps


def test_a_context_value_that_is_not_given_keeps_its_rules_silent(catalogue: Catalogue) -> None:
	unknown = compile_model(catalogue, "XQK6128H", Context(ON))
	assert is_valid(unknown, ["PNT-P", "ENG-D294"])
	few = compile_model(catalogue, "XQK6128H", Context(ON, qty=4))
	many = compile_model(catalogue, "XQK6128H", Context(ON, qty=5))
	assert not is_valid(few, ["PNT-P"])
	assert is_valid(many, ["PNT-P"])


def test_certification_depends_on_the_date_and_belongs_to_the_context(catalogue: Catalogue) -> None:
	later = merged_coverage(catalogue, "XQK6128H")
	before = compile_model(later, "XQK6128H", Context(date(2026, 11, 30), "G1", "tourism"))
	after = compile_model(later, "XQK6128H", Context(date(2026, 12, 1), "G1", "tourism"))
	assert not is_valid(before, ["ENG-D294"])
	assert is_valid(after, ["ENG-D294"])


def merged_coverage(catalogue: Catalogue, model: str) -> Catalogue:
	"""The sample catalogue with ENG-D294 covered from December on."""
	data = catalogue_folder.read(DATA)[0]
	record = next(each for each in data["models"]["models"] if each["code"] == model)
	for kind in ("ccc_covered", "announcement_covered"):
		record["certification"][kind]["ENG"]["ENG-D294"] = date(2026, 12, 1)
	return Catalogue.from_data(data)


def test_a_comparison_on_a_family_the_model_does_not_have_is_silent() -> None:
	options = [option("AAA", 1), option("AAA", 2), option("BBB", 1, attrs={"x": 1})]
	model = {"families": ["AAA"], "standard": ["AAA-1"]}
	silent = rule("R-1", "attr(BBB.x) > 5", **{"if": "AAA-1"})
	made = small(catalogue_data(options, [silent], model=model), Context(ON))
	assert states(made.compiled, []) == {"AAA-1": "free", "AAA-2": "free"}
	assert made.checker.is_valid({"AAA-1"})


def test_an_option_without_the_attribute_leaves_the_rule_silent() -> None:
	options = [option("AAA", 1, attrs={"x": 1}), option("AAA", 2), option("AAA", 3, attrs={"x": 9})]
	made = small(catalogue_data(options, [rule("R-1", "attr(AAA.x) >= 5")]), Context(ON))
	assert states(made.compiled, []) == {"AAA-1": "excluded", "AAA-2": "free", "AAA-3": "free"}


def test_dividing_by_nothing_is_unknown_and_not_an_error() -> None:
	options = [option("AAA", 1, attrs={"x": 0}), option("AAA", 2, attrs={"x": 2})]
	made = small(catalogue_data(options, [rule("R-1", "4 / attr(AAA.x) > 5")]), Context(ON))
	assert states(made.compiled, []) == {"AAA-1": "forced", "AAA-2": "excluded"}


def test_a_sum_over_many_options_is_exact_for_complete_configurations() -> None:
	masses = {"AAA": (10, 20), "BBB": (5, 30), "CCC": (1, 2)}
	options = [option(f, n, attrs={"m": m}) for f, ms in masses.items() for n, m in enumerate(ms)]
	prices = {"AAA-0": 50, "BBB-0": 50, "CCC-0": 50}
	heavy = rule("R-1", "sum(m) <= 45", engine="evaluate")
	made = small(catalogue_data(options, [heavy], prices), Context(ON))
	assert is_valid(made.compiled, ["AAA-1", "BBB-1"])
	answer = complete(made.compiled, [])
	assert (answer.configuration, answer.list_price) == (("AAA-0", "BBB-1", "CCC-1"), Decimal(1050))
	assert made.checker.is_valid(answer.configuration)
	conflict = configuration_conflict(made.compiled, frozenset({"AAA-1", "BBB-1", "CCC-0"}))
	assert conflict == Conflict(rules=("R-1",), options=("AAA-1", "BBB-1"))


def test_a_comparison_of_too_many_combinations_is_refused_with_its_rule(
	monkeypatch: pytest.MonkeyPatch,
) -> None:
	options = [
		option(f, n, attrs={"m": 7**n + 11**place})
		for place, f in enumerate(("AAA", "BBB", "CCC"))
		for n in range(9)
	]
	data = catalogue_data(options, [rule("R-1", "sum(m) <= 40")])
	monkeypatch.setattr("order_review.engine.solver.truth.MOST_COMBINATIONS", 100)
	catalogue = Catalogue.from_data(data)
	with pytest.raises(BadInput, match="rule R-1") as caught:
		encode(catalogue, catalogue.models["M1"], {}, ON)
	assert "engine: evaluate" in str(caught.value.expected)
	assert MOST_COMBINATIONS > 100


def test_a_judged_rule_too_large_for_the_solver_still_binds_repairs_and_completions(
	monkeypatch: pytest.MonkeyPatch,
) -> None:
	monkeypatch.setattr("order_review.engine.solver.truth.MOST_COMBINATIONS", 3)
	options = [option(f, n, attrs={"m": 3 * n}) for f in ("AAA", "BBB") for n in range(3)]
	prices = {f"{f}-{n}": -10 * n for f in ("AAA", "BBB") for n in range(3)}
	data = catalogue_data(options, [rule("R-1", "sum(m) <= 7", engine="evaluate")], prices)
	made = small(data, Context(ON))
	assert made.compiled.unwritten == ("R-1",)
	answer = complete(made.compiled, [])
	assert answer.list_price == min(price_of(made, each) for each in made.all_valid())
	assert made.checker.is_valid(answer.configuration)
	chosen = frozenset({"AAA-2", "BBB-2"})
	conflict = configuration_conflict(made.compiled, chosen)
	assert conflict is not None
	assert conflict.rules == ("R-1",)
	best = repairs(made.compiled, chosen, count=9)
	assert best.best
	assert all(made.checker.confirms_repair(chosen, repair) for repair in best.best)


def price_of(made: Any, chosen: frozenset[str]) -> Decimal:
	book = made.catalogue.price_books["PB"]
	return Decimal(1000) + sum((book.options[code, "M1"].list for code in chosen), Decimal(0))


def test_a_warning_constrains_nothing() -> None:
	options = [option("AAA", 1), option("AAA", 2)]
	made = small(catalogue_data(options, [rule("R-1", "AAA-2", severity="warning")]), Context(ON))
	assert states(made.compiled, []) == {"AAA-1": "free", "AAA-2": "free"}


def test_a_rule_that_nothing_satisfies_leaves_no_configuration_and_is_named() -> None:
	options = [option("AAA", 1), option("AAA", 2)]
	made = small(
		catalogue_data(options, [rule("R-1", "order.use == export", scope="order.use == city")]),
		Context(ON, use="city"),
	)
	answer = availability(made.compiled, [])
	assert not answer.valid
	assert answer.conflict == Conflict(rules=("R-1",))
	assert answer.as_dict()["conflict"] == [{"rule": "R-1"}]
	assert repairs(made.compiled, {"AAA-1"}).best == ()
	assert complete(made.compiled, []) is None


def test_missing_double_and_unoffered_options_are_repaired() -> None:
	options = [option(f, n) for f in ("AAA", "BBB") for n in (1, 2)] + [option("BBB", 3, status="phased_out")]
	made = small(catalogue_data(options, [rule("R-1", "BBB-2", **{"if": "AAA-1"})]), Context(ON))
	missing = repairs(made.compiled, {"AAA-1"})
	assert missing.best[0].as_dict()["changes"] == [{"family": "BBB", "from": None, "to": "BBB-2"}]
	assert configuration_conflict(made.compiled, frozenset({"AAA-2"})) == Conflict(families=("BBB",))
	unoffered = repairs(made.compiled, {"AAA-1", "BBB-3"}).best[0].as_dict()
	assert unoffered["changes"] == [{"family": "BBB", "from": "BBB-3", "to": "BBB-2"}]
	unknown = repairs(made.compiled, {"AAA-1", "BBB-2", "XXX-1"}).best[0].as_dict()
	assert unknown["changes"] == [{"family": None, "from": "XXX-1", "to": None}]
	double = repairs(made.compiled, {"AAA-1", "BBB-1", "BBB-2"}).best[0].as_dict()
	assert double["changes"] == [{"family": "BBB", "from": "BBB-1", "to": None}]


def test_a_compiled_model_is_kept_by_catalogue_model_and_context(
	catalogue: Catalogue, catalogue_data: dict[str, Any]
) -> None:
	one = compile_model(catalogue, "XQK6128H", G1_TOURISM)
	assert compile_model(catalogue, "XQK6128H", Context(ON, "G1", "tourism")) is one
	assert compile_model(catalogue, "XQK6128H", Context(ON, "G2", "tourism")) is not one
	changed = Catalogue.from_data(with_rule(catalogue_data, rule("R-NEW", "!WHL-AF")))
	assert compile_model(changed, "XQK6128H", G1_TOURISM) is not one
	assert is_valid(one, ["WHL-AF"])
	assert not is_valid(compile_model(changed, "XQK6128H", G1_TOURISM), ["WHL-AF"])


def test_contexts_that_mean_the_same_to_the_rules_share_their_problem(catalogue: Catalogue) -> None:
	def compiled(day: date = ON, **more: Any) -> CompiledModel:
		return compile_model(catalogue, "XQK6128H", Context(day, "G1", "tourism", **more))

	few, fewer, many = compiled(qty=3), compiled(qty=2), compiled(qty=30)
	assert few.core is fewer.core
	assert few is not fewer
	assert few.core is not many.core
	assert is_valid(many, ["PNT-P"])
	assert not is_valid(few, ["PNT-P"])
	later = compiled(date(2026, 11, 24), qty=3)
	assert later.core is few.core
	assert later.context.on == date(2026, 11, 24)
	assert compile_model(catalogue, "XQK6128H", Context(ON, "G2", "tourism", qty=3)).core is not few.core


def test_prices_follow_the_date_of_each_context_though_the_problem_is_shared(
	catalogue_data: dict[str, Any],
) -> None:
	data = merged(catalogue_data, {})
	older, newer = (
		next(b for b in data["prices"]["price_books"] if b["code"] == code)
		for code in ("PB-2026H1", "PB-2026H2")
	)
	base = next(line for line in older["base"] if line["model"] == "XQK6128H")
	base["list"] += 5_000
	catalogue = Catalogue.from_data(data)
	first, second = (
		compile_model(catalogue, "XQK6128H", Context(each["valid_from"], "G1", "tourism"))
		for each in (older, newer)
	)
	prices = [complete(each, []).list_price for each in (first, second, first)]
	assert prices[0] == prices[2]
	assert prices[0] != prices[1]


def test_an_unknown_or_inactive_model_is_bad_input(
	catalogue: Catalogue, catalogue_data: dict[str, Any]
) -> None:
	with pytest.raises(BadInput, match="not in the catalogue"):
		compile_model(catalogue, "XQK9", G1_TOURISM)
	data = merged(catalogue_data, {})
	next(m for m in data["models"]["models"] if m["code"] == "XQK6756X")["status"] = "phased_out"
	with pytest.raises(BadInput, match="not active"):
		compile_model(Catalogue.from_data(data), "XQK6756X", Context(ON))


def test_answers_do_not_depend_on_what_was_asked_before(catalogue: Catalogue) -> None:
	compiled = CompiledModel(catalogue, catalogue.models["XQK6128H"], G1_TOURISM)
	first = availability(compiled, ["TRN-AT6", "LUG-10"]).as_dict()
	for pick in compiled.words.codes:
		availability(compiled, [pick], completion=False)
	assert availability(compiled, ["TRN-AT6", "LUG-10"]).as_dict() == first
