"""What is measured: models of the sample catalogue in their default context, and feature model files."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from pysat.solvers import Minisat22

from order_review.engine import Catalogue
from order_review.engine.feature_models import FeatureModel, read_dimacs, read_uvl
from order_review.engine.solver import Context, states
from order_review.engine.solver.compiled import CompiledModel
from order_review.engine.solver.problem import Problem
from order_review.engine.solver.session import Session

ON = date(2026, 11, 23)
PICKS = 30
ORDER_OF_A_FEATURE_MODEL = 40


@dataclass
class Queries:
	"""Decisions as literals of the problem."""

	partial: list[list[int]] = field(default_factory=list)
	clashing: list[list[int]] = field(default_factory=list)
	clashing_orders: list[list[int]] = field(default_factory=list)
	whole: list[Any] = field(default_factory=list)


@dataclass
class Subject:
	"""One model: its problem, the queries put to it, and our way to answer each."""

	name: str
	problem: Problem
	compile_and_lint: Callable[[], object]
	answers: dict[str, Callable[[Any], object]]
	queries: Queries


def sample(catalogue: Catalogue, code: str, number: int) -> Subject:
	"""A model of the catalogue in its default context."""
	from order_review.engine.lint.configurations import ModelLint, Redundancy
	from order_review.engine.solver import ask
	from order_review.engine.solver.completion import complete
	from order_review.engine.solver.repair import repairs

	model = catalogue.models[code]
	context = Context(ON, model.default_grade, model.default_use)
	compiled = CompiledModel(catalogue, model, context)
	book = catalogue.book_in_force(ON)
	codes = compiled.words.codes

	def once() -> object:
		"""Compile in one context and look for dead, forced and redundant; what is kept per catalogue is there."""
		fresh = CompiledModel(catalogue, model, context)
		about = ModelLint(model, [fresh])
		possible = fresh.search.possible([])
		assert possible is not None
		about.alive = {c for c, can in zip(codes, possible[: len(codes)], strict=True) if can}
		found = list(about.findings())
		Redundancy(catalogue).look(fresh)
		return found

	def named(literals: Sequence[int]) -> list[str]:
		return [codes[literal - 1] for literal in literals]

	return Subject(
		name=code,
		problem=compiled.problem,
		compile_and_lint=once,
		answers={
			"valid": lambda d: ask.is_valid(compiled, named(d)),
			"availability": lambda d: states(compiled, named(d)),
			"conflict": lambda d: ask.picks_conflict(compiled, named(d)),
			"repair": lambda chosen: repairs(compiled, chosen, book),
			"completion": lambda d: complete(compiled, named(d), book),
		},
		queries=_catalogue_queries(compiled, number, random.Random(f"{code} 1")),
	)


def _catalogue_queries(compiled: CompiledModel, number: int, chance: random.Random) -> Queries:
	codes = compiled.words.codes
	queries = Queries()
	while len(queries.partial) < number:
		picks: list[str] = []
		for _ in range(PICKS):
			known = states(compiled, picks) or {}
			free = [code for code, state in known.items() if state == "free"]
			if not free:
				break
			picks.append(chance.choice(free))
			queries.partial.append([compiled.words.variables[pick] for pick in picks])
	singles = [members for family, members in compiled.words.members.items() if compiled.words.single(family)]
	while len(queries.clashing) < number:
		picked = [chance.choice(members) for members in chance.sample(singles, 12)]
		if not compiled.search.check(picked):
			queries.clashing.append(picked)
	standard = compiled.model.standard
	for _ in range(number):
		changed = {chance.choice(members) for members in chance.sample(singles, 4)}
		families = {compiled.catalogue.options[codes[v - 1]].family for v in changed}
		kept = [code for code in standard if compiled.catalogue.options[code].family not in families]
		queries.whole.append(frozenset([*kept, *(codes[v - 1] for v in changed)]))
	chance.shuffle(queries.partial)
	queries.partial = queries.partial[:number]
	return queries


def feature_model(file: Path, number: int) -> Subject:
	"""A UVL or DIMACS file."""
	model = read(file)
	session = Session(model.problem)

	def once() -> object:
		return Session(model.problem).availability()

	queries = _random_queries(session, number, random.Random(f"{file.name} 1"))
	return Subject(
		name=file.name,
		problem=model.problem,
		compile_and_lint=once,
		answers={
			"valid": session.check,
			"availability": session.availability,
			"conflict": session.conflict,
			"repair": session.repair,
			"completion": session.complete,
		},
		queries=queries,
	)


def read(file: Path) -> FeatureModel:
	"""The feature model of a file, by its ending."""
	if file.suffix == ".uvl":
		with file.open(encoding="utf-8-sig") as text:
			return read_uvl(text, file.name)
	with file.open("rb") as binary:
		return read_dimacs(binary, file.name)


def _random_queries(session: Session, number: int, chance: random.Random) -> Queries:
	queries = Queries()
	base = session.availability()
	assert base is not None
	while len(queries.partial) < number:
		decisions: list[int] = []
		status = base
		for _ in range(PICKS):
			free = np.flatnonzero(status.can_hold & status.can_fail)
			if not free.size:
				break
			variable = int(chance.choice(free)) + 1
			decisions = [*decisions, variable if chance.random() < 0.7 else -variable]
			queries.partial.append(decisions)
			found = session.availability(decisions)
			assert found is not None
			status = found
	chance.shuffle(queries.partial)
	queries.partial = queries.partial[:number]
	free = [int(v) + 1 for v in np.flatnonzero(base.can_hold & base.can_fail)]
	size = min(ORDER_OF_A_FEATURE_MODEL, len(free))
	while len(queries.clashing) < number:
		asked = [v * chance.choice((1, -1)) for v in chance.sample(free, size)]
		if not session.check(asked):
			queries.clashing.append(asked)
	queries.clashing_orders = list(queries.clashing)
	queries.whole = _whole_orders(session, free, number, chance)
	return queries


def _whole_orders(
	session: Session, free: Sequence[int], number: int, chance: random.Random
) -> list[list[int]]:
	"""Every option decided: solutions of random taste with one to three options turned round."""
	problem = session.problem
	top, clauses, _ = problem.expanded()
	named = [v for v, name in enumerate(problem.names, 1) if name is not None]
	orders = []
	with Minisat22(bootstrap_with=[list(clause) for clause in clauses]) as solver:
		while len(orders) < number:
			solver.set_phases([v * chance.choice((1, -1)) for v in range(1, top + 1)])
			solver.solve()
			model = solver.get_model()
			turned = set(chance.sample(free, chance.randint(1, min(3, len(free)))))
			order = [-model[v - 1] if v in turned else model[v - 1] for v in named]
			if not solver.solve(assumptions=order):
				orders.append(order)
	return orders
