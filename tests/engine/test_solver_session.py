"""Reduced problems give the answers of the whole problem, compared with enumeration on random small ones."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_review.engine.solver.explain import Explainer
from order_review.engine.solver.problem import PAIRWISE_LIMIT, ProblemBuilder, at_most_one
from order_review.engine.solver.session import Session
from tests.engine.random_problems import decisions_of, enumerated, holds, random_problem, stands

SEEDS = range(250)


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


@given(st.integers(0, 2**48))
def test_of_equally_good_answers_the_same_is_given_whatever_was_asked_before(seed: int) -> None:
	chance = random.Random(seed)
	problem = random_problem(chance)
	asked = [decisions_of(chance, problem, 6) for _ in range(4)]
	costs = {v * chance.choice((1, -1)): chance.randint(0, 2) for v in range(1, problem.size + 1)}

	def answers(session: Session, decisions: list[int]) -> tuple[Any, ...]:
		cheapest = session.cheapest(costs, decisions[:2])
		return (
			session.repair(decisions),
			session.complete(decisions[:2]),
			cheapest and (cheapest.cost, cheapest.values),
		)

	fresh = [answers(Session(problem), decisions) for decisions in asked]
	used = Session(problem)
	for order in (asked, asked[::-1], asked):
		found = {id(decisions): answers(used, decisions) for decisions in order}
		assert [found[id(decisions)] for decisions in asked] == fresh


@given(st.integers(0, 2**48))
def test_a_repair_keeps_earlier_decisions_rather_than_later_ones(seed: int) -> None:
	chance = random.Random(seed)
	problem = random_problem(chance)
	solutions = enumerated(problem)
	decisions = list(dict.fromkeys(decisions_of(chance, problem, 8)))
	given_up = Session(problem).repair(decisions)
	if not solutions:
		assert given_up is None
		return
	best = max(
		(sum(kept), kept)
		for bits in solutions
		for kept in [[holds(bits, decision) for decision in decisions]]
	)[1]
	assert given_up == [decision for decision, kept in zip(decisions, best, strict=True) if not kept]


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
