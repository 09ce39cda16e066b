"""The few rules a conflict needs: deletion, helped by models that show several rules to be needed at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pysat.solvers import Minisat22

from .problem import BACKGROUND

Clause = Sequence[int]


class Proof:
	"""Rules that conflict with decisions, made as few as none of them can be left out.

	Every question gets a solver of its own, so that the answer is the same in every run.

	Args:
		decisions: literals that hold.
		clauses: (clause, rule) pairs; those of rule BACKGROUND always hold.
	"""

	def __init__(self, decisions: Iterable[int], clauses: Iterable[tuple[Clause, int]]) -> None:
		self.numbers: dict[int, int] = {}
		self.fixed = [self._renamed(decision) for decision in decisions]
		self.refuted = {-literal for literal in self.fixed}
		self.clauses = [([self._renamed(lit) for lit in clause], rule) for clause, rule in clauses]
		self.size = len(self.numbers)
		self.rules = sorted({rule for _, rule in self.clauses if rule != BACKGROUND})
		self.selector = {rule: self.size + place for place, rule in enumerate(self.rules, 1)}
		self.with_literal: dict[int, list[tuple[Clause, int]]] = {}
		self.of_rule: dict[int, list[Clause]] = {}
		for clause, rule in self.clauses:
			self.of_rule.setdefault(rule, []).append(clause)
			for literal in clause:
				self.with_literal.setdefault(literal, []).append((clause, rule))

	def _renamed(self, literal: int) -> int:
		"""Small numbers: a solver pays for every number up to the highest."""
		number = self.numbers.setdefault(abs(literal), len(self.numbers) + 1)
		return number if literal > 0 else -number

	def needed(self) -> list[int]:
		"""Rules of which none can be left out, in rising order. All rules together must conflict."""
		with Minisat22() as solver:
			for clause, rule in self.clauses:
				solver.add_clause(clause if rule == BACKGROUND else [-self.selector[rule], *clause])
			return sorted(self._needed(solver))

	def _needed(self, solver: Minisat22) -> set[int]:
		needed: set[int] = set()
		waiting = list(self.rules)
		if not solver.solve(assumptions=[*self.fixed, *self.selector.values()]):
			core = set(solver.get_core() or ())
			waiting = [rule for rule in waiting if self.selector[rule] in core]
		while waiting:
			tried = waiting.pop()
			if tried in needed:
				continue
			current = needed.union(waiting)
			if solver.solve(
				assumptions=[
					*self.fixed,
					*[named for rule, named in self.selector.items() if rule in current],
				]
			):
				needed.add(tried)
				model = [literal > 0 for literal in solver.get_model()[: self.size]]
				self._rotate(model, tried, current | {tried}, needed)
			else:
				core = set(solver.get_core() or ())
				waiting = [rule for rule in waiting if self.selector[rule] in core]
		return needed

	def _rotate(self, model: list[bool], rule: int, current: set[int], needed: set[int]) -> None:
		"""Models one value away that break a single other rule show that rule to be needed too.

		The rule the model breaks is one of the current ones: what mends one clause of it may break another.
		"""
		waiting = [(rule, model)]
		while waiting:
			broken, values = waiting.pop()
			for literal in self._mends(broken, values):
				values[abs(literal) - 1] = literal > 0
				other = self._only_broken(-literal, values, current)
				if other is not None and other not in needed:
					needed.add(other)
					waiting.append((other, values.copy()))
				values[abs(literal) - 1] = literal < 0

	def _mends(self, rule: int, values: list[bool]) -> set[int]:
		"""Literals not settled by the decisions that each make all broken clauses of the rule hold."""
		broken = [clause for clause in self.of_rule[rule] if not _holds(clause, values)]
		return set(broken[0]).intersection(*broken[1:]) - self.refuted if broken else set()

	def _only_broken(self, gone: int, values: list[bool], current: set[int]) -> int | None:
		"""The one rule broken since a literal no longer holds, None when it is not exactly one."""
		only: int | None = None
		for clause, rule in self.with_literal.get(gone, ()):
			if rule != only and (rule in current or rule == BACKGROUND) and not _holds(clause, values):
				if only is not None or rule == BACKGROUND:
					return None
				only = rule
		return only


def _holds(clause: Clause, values: list[bool]) -> bool:
	for literal in clause:
		if values[literal - 1] if literal > 0 else not values[-literal - 1]:
			return True
	return False
