"""Proofs name no rule that could be left out: rules of several clauses against enumeration, and proofs of many rules."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pysat.solvers import Minisat22

from order_review.engine.feature_models import read_uvl
from order_review.engine.solver.explain import MOST_RULES, Explainer
from order_review.engine.solver.problem import Problem, ProblemBuilder
from order_review.engine.solver.session import Session
from tests.engine.random_problems import decisions_of, of_many_clauses, stands

seeds = st.integers(0, 2**48)


def test_the_smallest_proof_is_the_line_that_contradicts_itself() -> None:
	lines = ["features", "\tbus", "\t\talternative", "\t\t\tdiesel", "\t\t\tgas", "\t\t\telectric"]
	lines += ["constraints", "\t!electric", "\t!gas", "\tgas <=> !gas"]
	problem = read_uvl(lines, "bus.uvl").problem
	conflict = Session(problem).conflict([])
	assert conflict is not None
	assert [problem.rules[rule] for rule in conflict.rules] == ["line 10: gas <=> !gas"]


@given(seeds)
def test_no_rule_of_several_clauses_can_be_left_out(seed: int) -> None:
	chance = random.Random(seed)
	problem = of_many_clauses(chance)
	decisions = decisions_of(chance, problem, 4)
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


@given(seeds)
def test_nothing_can_be_left_out_of_a_proof_of_many_rules(seed: int) -> None:
	"""Random clauses over few options contradict each other in many ways."""
	chance = random.Random(seed)
	builder = ProblemBuilder()
	variables = [builder.option(f"o{number}") for number in range(5)]
	for number in range(22):
		literals = [v * chance.choice((1, -1)) for v in chance.sample(variables, chance.choice((2, 3, 3, 4)))]
		builder.clause(literals, builder.rule(f"R{number}"))
	problem = builder.build()
	explainer = Explainer(problem)
	conflict = explainer.conflict([])
	if conflict is None:
		return
	assert not _stand(problem, conflict.rules)
	for rule in conflict.rules:
		assert _stand(problem, [r for r in conflict.rules if r != rule])


def test_among_long_proofs_the_shortest_is_named() -> None:
	"""Both lead from the first option to a contradiction; which is found first is chance, which is named is not."""
	for long, short in ((30, 11), (60, 12), (13, 40)):
		builder = ProblemBuilder()
		start = builder.option("start")
		for length, name in ((long, "long"), (short, "short")):
			_chain(builder, start, name, length)
		problem = builder.build()
		conflict = Explainer(problem).conflict([start])
		assert conflict is not None
		assert len(conflict.rules) == min(long, short) + 1 > MOST_RULES


def _chain(builder: ProblemBuilder, start: int, name: str, length: int) -> None:
	last = start
	for number in range(length):
		following = builder.option(f"{name}{number}")
		builder.clause((-last, following), builder.rule(f"{name} {number}"))
		last = following
	builder.clause((-last,), builder.rule(f"not the end of the {name} one"))


def _stand(problem: Problem, rules: list[int] | tuple[int, ...]) -> bool:
	with Minisat22(bootstrap_with=[problem.clauses[rule] for rule in rules]) as solver:
		return bool(solver.solve())


@pytest.mark.parametrize("seed", range(12))
def test_a_long_proof_is_as_small_as_any(seed: int) -> None:
	"""Parity of three options written clause by clause and cut into more rules: all proofs counted by enumeration."""
	chance = random.Random(seed)
	builder = ProblemBuilder()
	variables = [builder.option(f"o{number}") for number in range(4)]
	signs = list(itertools.product((1, -1), repeat=4))
	for number, sign in enumerate(chance.sample(signs, len(signs))):
		builder.clause([v * s for v, s in zip(variables, sign, strict=True)], builder.rule(f"R{number}"))
	for number in range(chance.randint(0, 2)):
		extra = [v * chance.choice((1, -1)) for v in chance.sample(variables, 3)]
		builder.clause(extra, builder.rule(f"E{number}"))
	problem = builder.build()
	conflict = Explainer(problem).conflict([])
	assert conflict is not None
	everything = range(len(problem.rules))
	smallest = next(
		size
		for size in range(len(conflict.rules) + 1)
		for rules in itertools.combinations(everything, size)
		if not _covered(problem, rules)
	)
	assert len(conflict.rules) == smallest


def _covered(problem: Problem, rules: tuple[int, ...]) -> bool:
	"""Whether some values satisfy all the rules."""
	return any(
		all(
			any((bits >> (abs(lit) - 1) & 1) == (lit > 0) for lit in clause)
			for clause in map(problem.clauses.__getitem__, rules)
		)
		for bits in range(16)
	)
