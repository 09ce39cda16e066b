"""The engine's answers on random catalogues, judged by enumeration and plain evaluation."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from order_review.engine.solver import (
	Change,
	CompiledModel,
	Conflict,
	Context,
	Reason,
	availability,
	compile_model,
	complete,
	configuration_conflict,
	explain,
	is_valid,
	repairs,
	states,
)
from tests.engine.small_catalogues import Small, catalogues, contexts

picked = st.sets(st.integers(0, 30), max_size=3)


def picks_of(small: Small, numbers: Iterable[int]) -> list[str]:
	"""Options by number, so that picks can be drawn before the catalogue is known."""
	options = small.options
	return sorted({options[number % len(options)] for number in numbers}) if options else []


def known_to_solver(small: Small, picks: Iterable[str]) -> list[frozenset[str]]:
	"""Complete configurations with the picks that violate no rule but those judged on complete ones."""
	checker, wanted = small.checker, frozenset(picks)
	rules = [rule for rule in checker.rules() if rule.solver]
	return [c for c in checker.configurations() if wanted <= c and not checker._violates(c, rules)]


@given(catalogues(), picked)
def test_availability_is_what_enumeration_finds(small: Small, numbers: set[int]) -> None:
	picks = picks_of(small, numbers)
	possible = known_to_solver(small, picks)
	assert is_valid(small.compiled, picks) is bool(possible)
	found = states(small.compiled, picks)
	if not possible:
		assert found is None
		return
	for code in small.options:
		inside = [code in each for each in possible]
		expected = "forced" if all(inside) else "free" if any(inside) else "excluded"
		assert found is not None
		assert found[code] == ("chosen" if code in picks else expected), code


@given(catalogues(), picked)
def test_a_conflict_of_picks_is_one_and_nothing_in_it_can_be_left_out(
	small: Small, numbers: set[int]
) -> None:
	picks = picks_of(small, numbers)
	answer = availability(small.compiled, picks, completion=False)
	if answer.valid:
		assert answer.conflict is None
		return
	assert answer.conflict is not None
	assert set(answer.conflict.options) <= set(picks)
	assert small.checker.confirms_conflict(answer.conflict)


@given(catalogues(), picked)
def test_the_reason_of_a_forced_or_excluded_option_is_true_and_smallest(
	small: Small, numbers: set[int]
) -> None:
	picks = picks_of(small, numbers)
	answer = availability(small.compiled, picks, completion=False)
	for each in (each for options in answer.families.values() for each in options if answer.valid):
		assert (each.reason is None) is (each.state in ("free", "chosen"))
		if each.reason is None:
			continue
		chosen, without = (each.option,), ()
		if each.state == "forced":
			chosen, without = without, chosen
		conflict = Conflict(each.reason.rules, (*each.reason.options, *chosen), without)
		assert small.checker.confirms_conflict(conflict)
		asked = explain(small.compiled, picks, each.option)
		assert isinstance(asked, Reason)
		assert asked == each.reason


@given(catalogues(), st.lists(st.integers(0, 30), min_size=5, max_size=5), st.integers(0, 4))
def test_the_conflict_of_a_configuration_is_smallest(small: Small, numbers: list[int], left_out: int) -> None:
	chosen = some_configuration(small, numbers, left_out)
	conflict = configuration_conflict(small.compiled, chosen)
	assert (conflict is None) is small.checker.is_valid(chosen)
	if conflict is not None and not conflict.families:
		assert small.checker.confirms_conflict(conflict)


@given(catalogues(), st.lists(st.integers(0, 30), min_size=5, max_size=5), st.integers(0, 4))
def test_repairs_are_all_there_is_in_the_stated_order(
	small: Small, numbers: list[int], left_out: int
) -> None:
	chosen = some_configuration(small, numbers, left_out)
	expected = enumerated_repairs(small, chosen)
	answer = repairs(small.compiled, chosen, count=4)
	assert answer.proven
	assert [repair.changes for repair in answer.best] == [changes for *_, changes in sorted(expected)[:4]]
	for repair in answer.best:
		assert small.checker.confirms_repair(chosen, repair)
	by_price = repairs(small.compiled, chosen, count=4, by="price")
	in_order = sorted((price, size, codes, changes) for size, price, codes, changes in expected)
	assert [repair.changes for repair in by_price.best] == [changes for *_, changes in in_order[:4]]
	by_lead = repairs(small.compiled, chosen, count=4, by="lead")
	with_lead = sorted((lead(small, chosen, changes), *rest, changes) for *rest, changes in expected)
	assert [repair.changes for repair in by_lead.best] == [changes for *_, changes in with_lead[:4]]


@given(
	catalogues(),
	st.lists(contexts(), min_size=2, max_size=6),
	st.lists(st.integers(0, 30), min_size=5, max_size=5),
)
def test_what_contexts_share_is_the_same_for_each_of_them(
	small: Small, asked: list[Context], numbers: list[int]
) -> None:
	chosen = some_configuration(small, numbers, 9)
	model = small.compiled.model
	for context in asked:
		shared = compile_model(small.catalogue, model.code, context)
		alone = CompiledModel(small.catalogue, model, context)
		for ask in (
			lambda each: states(each, []),
			lambda each: configuration_conflict(each, chosen),
			lambda each: repairs(each, chosen, count=2),
			lambda each: complete(each, []),
		):
			assert ask(shared) == ask(alone)


@given(catalogues(), picked)
def test_the_completion_is_the_cheapest_and_the_first_by_codes(small: Small, numbers: set[int]) -> None:
	picks = frozenset(picks_of(small, numbers))
	valid = small.all_valid(picks)
	answer = complete(small.compiled, picks)
	if not valid:
		assert answer is None
		return
	price, codes = min((list_price(small, each), tuple(sorted(each))) for each in valid)
	assert answer is not None
	assert (answer.list_price, answer.configuration) == (price, codes)


def some_configuration(small: Small, numbers: list[int], left_out: int) -> frozenset[str]:
	"""One option of each family but perhaps one; of multi families any; now and then two of a single family."""
	chosen: set[str] = set()
	for place, members in enumerate(small.compiled.words.members.values()):
		codes = [small.compiled.words.codes[m - 1] for m in members]
		number = numbers[place % len(numbers)]
		if codes and place != left_out:
			chosen.add(codes[number % len(codes)])
		if codes and number % 7 == 0:
			chosen.add(codes[(number + 1) % len(codes)])
	return frozenset(chosen)


def list_price(small: Small, chosen: Iterable[str]) -> Decimal:
	"""Base and options by the price book."""
	book = small.catalogue.price_books["PB"]
	return book.base["M1"].list + sum((book.options[code, "M1"].list for code in chosen), Decimal(0))


def lead(small: Small, chosen: frozenset[str], changes: tuple[Change, ...]) -> int:
	"""Lead days the changes add."""
	options = small.catalogue.options
	after = chosen.difference(c.old for c in changes).union(c.new for c in changes if c.new)
	longest = [max((options[code].lead_days for code in codes), default=0) for codes in (after, chosen)]
	return longest[0] - longest[1]


def enumerated_repairs(
	small: Small, chosen: frozenset[str]
) -> list[tuple[int, Decimal, tuple[tuple[str, str, str], ...], tuple[Change, ...]]]:
	"""(size, absolute price difference, codes, changes) of every repair, from all valid configurations."""
	sets = [changes_to(small, chosen, valid) for valid in small.all_valid()]
	if frozenset() in sets:
		return []
	smallest = [changes for changes in sets if not any(other < changes for other in sets)]
	found = []
	for changes in smallest:
		ordered = tuple(sorted(changes, key=lambda c: (c.family or "", c.old or "", c.new or "")))
		codes = tuple((c.family or "", c.old or "", c.new or "") for c in ordered)
		after = chosen.difference(c.old for c in ordered).union(c.new for c in ordered if c.new)
		delta = list_price(small, after) - list_price(small, chosen)
		found.append((len(ordered), abs(delta), codes, ordered))
	return found


def changes_to(small: Small, chosen: frozenset[str], valid: frozenset[str]) -> frozenset[Change]:
	"""What turns one configuration into the other."""
	changes: set[Change] = set()
	for family in small.compiled.words.members:
		options = small.catalogue.options_of(family)
		old = sorted(code for code in options if code in chosen - valid)
		new = sorted(code for code in options if code in valid - chosen)
		if small.catalogue.families[family].single and new:
			changes.add(Change(family, old.pop(0) if old else None, new.pop()))
		changes.update(Change(family, code, None) for code in old)
		changes.update(Change(family, None, code) for code in new)
	return frozenset(changes)


@given(catalogues(), st.lists(st.integers(0, 30), min_size=5, max_size=5), st.integers(0, 4))
def test_repairs_that_keep_or_leave_out_an_option_are_those_of_all_that_do(
	small: Small, numbers: list[int], left_out: int
) -> None:
	chosen = some_configuration(small, numbers, left_out)
	expected = sorted(enumerated_repairs(small, chosen))
	for code in small.options:
		kept = [changes for *_, changes in expected if code in applied(chosen, changes)]
		gone = [changes for *_, changes in expected if code not in applied(chosen, changes)]
		if code in chosen:
			answer = repairs(small.compiled, chosen, count=4, keep=(code,))
			assert [repair.changes for repair in answer.best] == kept[:4]
		else:
			answer = repairs(small.compiled, chosen, count=4, without=(code,))
			assert [repair.changes for repair in answer.best] == gone[:4]


def applied(chosen: frozenset[str], changes: tuple[Change, ...]) -> frozenset[str]:
	"""The configuration after the changes."""
	return chosen.difference(c.old for c in changes).union(c.new for c in changes if c.new)
