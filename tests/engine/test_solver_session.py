"""Reduced problems give the answers of the whole problem, compared with enumeration on random small ones."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence

import pytest

from order_review.engine.solver.explain import Explainer
from order_review.engine.solver.problem import PAIRWISE_LIMIT, Problem, ProblemBuilder, at_most_one
from order_review.engine.solver.session import Session

Bits = tuple[int, ...]
SEEDS = range(250)


def random_problem(chance: random.Random) -> Problem:
	"""A tree of groups and children with some clauses across, as feature models have."""
	builder = ProblemBuilder()
	variables = [builder.option(f"o{number}") for number in range(chance.randint(3, 12))]
	parents = [variables[0]]
	if chance.random() < 0.7:
		builder.clause((variables[0],), builder.rule("root"))
	waiting = variables[1:]
	while waiting:
		parent = 0 if chance.random() < 0.1 else chance.choice(parents)
		size = chance.randint(1, min(4, len(waiting)))
		children, waiting = waiting[:size], waiting[size:]
		parents += children
		members = [child if chance.random() < 0.93 else -child for child in children]
		_hang(builder, chance, parent, members)
	for number in range(chance.choice((0, 0, 1, 2, 3, 6))):
		literals = [chance.choice(variables) * chance.choice((1, -1)) for _ in range(chance.randint(1, 3))]
		builder.clause(literals, builder.rule(f"R{number}"))
	return builder.build()


def _hang(builder: ProblemBuilder, chance: random.Random, parent: int, members: list[int]) -> None:
	kind = chance.choice(("alternative", "or", "at most one", "optional", "children", "written"))
	if kind in ("children", "written") and parent:
		rule = builder.rule(kind)
		for member in members:
			builder.clause((-member, parent), rule)
		if kind == "written":
			builder.clause((-parent, *members), rule)
			for pair in itertools.combinations(members, 2):
				builder.clause([-member for member in pair], rule)
		elif chance.random() < 0.5:
			builder.clause((-parent, members[0]), rule)
		return
	at_least, at_most = kind in ("alternative", "or"), kind in ("alternative", "at most one")
	rule = builder.rule(kind)
	builder.group(members, parent=parent, at_least_one=at_least, at_most_one=at_most, rule=rule)


def enumerated(problem: Problem, rules: set[int] | None = None) -> list[Bits]:
	"""Every solution; with `rules` only those rules hold."""
	found = []
	for bits in itertools.product((0, 1), repeat=problem.size):
		clauses = zip(problem.clauses, problem.clause_rules, strict=True)
		held = (
			any(holds(bits, lit) for lit in clause)
			for clause, rule in clauses
			if rules is None or rule in rules
		)
		if all(held) and all(
			_group_holds(bits, g) for g in problem.groups if rules is None or g.rule in rules
		):
			found.append(bits)
	return found


def _group_holds(bits: Bits, group) -> bool:  # type: ignore[no-untyped-def]
	count = sum(holds(bits, member) for member in group.members)
	if group.parent and not holds(bits, group.parent):
		return count == 0
	return not (group.at_least_one and not count) and not (group.at_most_one and count > 1)


def holds(bits: Bits, literal: int) -> bool:
	return bits[abs(literal) - 1] == (literal > 0)


def decisions_of(chance: random.Random, problem: Problem, most: int) -> list[int]:
	number = chance.randint(0, most)
	return [chance.randint(1, problem.size) * chance.choice((1, -1)) for _ in range(number)]


@pytest.mark.parametrize("seed", SEEDS)
def test_availability_and_validity_of_a_reduced_problem_are_exact(seed: int) -> None:
	chance = random.Random(seed)
	problem = random_problem(chance)
	solutions = enumerated(problem)
	session = Session(problem)
	assert session.possible is bool(solutions)
	for _ in range(8):
		decisions = decisions_of(chance, problem, 5)
		left = [bits for bits in solutions if all(holds(bits, d) for d in decisions)]
		assert session.check(decisions) is bool(left)
		status = session.availability(decisions)
		assert (status is None) is (not left)
		if status is not None:
			columns = list(zip(*left, strict=True))
			assert status.can_hold.tolist() == [any(column) for column in columns]
			assert status.can_fail.tolist() == [not all(column) for column in columns]


@pytest.mark.parametrize("seed", SEEDS)
def test_conflicts_are_conflicts_and_smallest(seed: int) -> None:
	chance = random.Random(seed)
	problem = random_problem(chance)
	decisions = decisions_of(chance, problem, 10)
	for explainer in (Session(problem).explainer, Explainer(problem)):
		conflict = explainer.conflict(decisions)
		assert (conflict is None) is stands(problem, decisions, None)
		if conflict is None:
			continue
		rules = set(conflict.rules)
		assert not stands(problem, conflict.decisions, rules)
		for decision in conflict.decisions:
			assert stands(problem, [d for d in conflict.decisions if d != decision], rules)
		for rule in rules:
			assert stands(problem, conflict.decisions, rules - {rule})


def stands(problem: Problem, decisions: Sequence[int], rules: set[int] | None) -> bool:
	return any(all(holds(bits, d) for d in decisions) for bits in enumerated(problem, rules))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_cheapest_solution_and_the_smallest_repair_are_optimal(seed: int) -> None:
	chance = random.Random(seed)
	problem = random_problem(chance)
	solutions = enumerated(problem)
	session = Session(problem)
	costs = {v * chance.choice((1, -1)): chance.randint(0, 5) for v in range(1, problem.size + 1)}
	decisions = decisions_of(chance, problem, 3)
	found = session.cheapest(costs, decisions)
	prices = [
		sum(cost for literal, cost in costs.items() if holds(bits, literal))
		for bits in solutions
		if all(holds(bits, d) for d in decisions)
	]
	assert (found is None) is (not prices)
	if found is not None:
		assert found.cost == min(prices)
		assert tuple(int(found.holds(v)) for v in range(1, problem.size + 1)) in solutions
	asked = [v * chance.choice((1, -1)) for v in range(1, problem.size + 1) if chance.random() < 0.7]
	given_up = session.repair(asked)
	assert (given_up is None) is (not solutions)
	if given_up is not None:
		assert len(given_up) == min(sum(not holds(bits, d) for d in asked) for bits in solutions)
		assert session.check([d for d in asked if d not in given_up])


def test_what_is_asked_before_does_not_change_an_answer() -> None:
	problem = random_problem(random.Random(7))
	fresh = [Session(problem).conflict([d]) for d in range(-problem.size, problem.size + 1) if d]
	used = Session(problem)
	for _ in range(3):
		assert [used.conflict([d]) for d in range(-problem.size, problem.size + 1) if d] == fresh


@pytest.mark.parametrize("size", range(1, 4 * PAIRWISE_LIMIT))
def test_at_most_one_of_many_is_exact(size: int) -> None:
	clauses: list[tuple[int, ...]] = []
	top = at_most_one(range(1, size + 1), size, clauses)
	builder = ProblemBuilder()
	for number in range(1, top + 1):
		builder.option(str(number))
	for clause in clauses:
		builder.clause(clause, builder.rule("at most one"))
	session = Session(builder.build())
	assert session.check([-v for v in range(1, size + 1)])
	for first in range(1, size + 1):
		assert session.check([first, *(-v for v in range(1, size + 1) if v != first)])
		assert not any(session.check([first, second]) for second in range(first + 1, size + 1))
