"""Random problems small enough to enumerate, and what enumeration says of them."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence

from order_review.engine.solver.problem import Problem, ProblemBuilder

Bits = tuple[int, ...]


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


def stands(problem: Problem, decisions: Sequence[int], rules: set[int] | None) -> bool:
	return any(all(holds(bits, d) for d in decisions) for bits in enumerated(problem, rules))


def of_many_clauses(chance: random.Random) -> Problem:
	"""Few options and rules that are written as several clauses each: groups, equivalences, whole formulas."""
	builder = ProblemBuilder()
	variables = [builder.option(f"o{number}") for number in range(chance.randint(3, 6))]
	for number in range(chance.randint(2, 7)):
		_add_rule(builder, chance, variables, builder.rule(f"R{number}"))
	return builder.build()


def _add_rule(builder: ProblemBuilder, chance: random.Random, variables: list[int], rule: int) -> None:
	def literal() -> int:
		return chance.choice(variables) * chance.choice((1, -1))

	kind = chance.choice(("group", "equivalent", "clauses", "unit"))
	if kind == "group":
		parent = chance.choice((0, chance.choice(variables)))
		members = [v for v in chance.sample(variables, chance.randint(2, 3)) if v != parent]
		at_least, at_most = chance.choice(((True, True), (True, False), (False, True)))
		builder.group(members, parent=parent, at_least_one=at_least, at_most_one=at_most, rule=rule)
	elif kind == "equivalent":
		one, other = literal(), literal()
		builder.clause({-one, other}, rule)
		builder.clause({one, -other}, rule)
	elif kind == "clauses":
		for _ in range(chance.randint(2, 4)):
			builder.clause({literal() for _ in range(chance.randint(1, 3))}, rule)
	else:
		builder.clause((literal(),), rule)
