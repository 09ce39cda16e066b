"""Why not: a smallest set of decisions and rules that cannot hold together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from pysat.solvers import Minisat22

from .minimal import Ask, minimal_conflict
from .problem import BACKGROUND, Problem
from .proof import Proof
from .smaller import Smaller
from .trace import Clause, Trace

MOST_RULES = 10
"""A proof of more rules than this gets a search for a smaller one."""

MOST_CLAUSES = 2_000
"""In a larger problem a smaller proof is looked for near the one that is known alone."""


@dataclass(frozen=True)
class Conflict:
	"""Decisions (literals, in the order asked) and rules (numbers, rising) of which no part can be left out."""

	decisions: tuple[int, ...]
	rules: tuple[int, ...]


class Explainer:
	"""Explains one problem. Keeps a solver, so it belongs to one thread; answers depend on the question alone.

	Args:
		ask: tells which decisions clash, where somebody knows faster than a solver on the whole problem.
	"""

	def __init__(self, problem: Problem, ask: Ask | None = None) -> None:
		self.problem = problem
		self._ask = ask
		self.top, self.clauses, self.clause_rules = problem.expanded()

	def conflict(self, decisions: Sequence[int]) -> Conflict | None:
		"""A smallest conflict among the decisions, earlier ones preferred; None when they can hold together.

		It is smallest in the sense that dropping any one decision or rule of it resolves it.
		"""
		decisions = list(dict.fromkeys(decisions))
		needed = minimal_conflict(decisions, self._ask or asker(self._solver))
		if needed is None:
			return None
		return Conflict(tuple(needed), tuple(self._rules(needed)))

	def why(self, decisions: Sequence[int], literal: int) -> Conflict | None:
		"""Why the literal must hold given the decisions; None when it need not. The decisions alone must be able to hold."""
		found = self.conflict([-literal, *decisions])
		if found is None:
			return None
		return Conflict(tuple(d for d in found.decisions if d != -literal), found.rules)

	@cached_property
	def _solver(self) -> Minisat22:
		return Minisat22(bootstrap_with=[list(clause) for clause in self.clauses])

	@cached_property
	def _trace(self) -> Trace:
		return Trace(self.top, self.clauses)

	@cached_property
	def _clauses_of(self) -> dict[int, list[Clause]]:
		found: dict[int, list[Clause]] = {}
		for clause, rule in zip(self.clauses, self.clause_rules, strict=True):
			found.setdefault(rule, []).append(clause)
		return found

	@cached_property
	def _background_of(self) -> dict[int, list[Clause]]:
		"""Clauses without a rule, by variable."""
		found: dict[int, list[Clause]] = {}
		for clause in self._clauses_of.get(BACKGROUND, ()):
			for literal in clause:
				found.setdefault(abs(literal), []).append(clause)
		return found

	def _rules(self, decisions: Sequence[int]) -> list[int]:
		"""A smallest set of rules that conflicts with the decisions; what has no rule always holds."""
		used = self._trace.conflict(decisions)
		if used is None:
			return self._searched(decisions)
		candidates = sorted({self.clause_rules[number] for number in used} - {BACKGROUND})
		ruled = [
			(clause, rule)
			for rule in candidates
			for clause in self._clauses_of[rule]
			if not self._hold(decisions, clause)
		]
		background = self._background(decisions, (clause for clause, _ in ruled))
		always = [(clause, BACKGROUND) for clause in background]
		rules = Proof(decisions, [*always, *ruled]).needed()
		if len(rules) > MOST_RULES and self._trace.base_conflict is None:
			near = [(self.clauses[number], self.clause_rules[number]) for number in self._trace.around()]
			rules = Smaller(decisions, near).than(rules)
		return rules

	def _searched(self, decisions: Sequence[int]) -> list[int]:
		"""Rules of a conflict that propagation alone does not find; of all smallest sets the one with the earliest rules.

		One solver with all rules is kept; what it learnt from other questions decides nothing but how long it takes.
		"""
		first = self.top + 1
		selectors = range(first, first + len(self.problem.rules))
		needed = minimal_conflict(selectors, asker(self._guarded), decisions) or []
		rules = [selector - first for selector in needed]
		if len(rules) > MOST_RULES and len(self.clauses) <= MOST_CLAUSES:
			rules = Smaller(decisions, zip(self.clauses, self.clause_rules, strict=True)).than(rules)
		return rules

	@staticmethod
	def _hold(decisions: Sequence[int], clause: Clause) -> bool:
		"""Whether the decisions alone make the clause hold, as they do most rows of a table."""
		return any(decision in clause for decision in decisions)

	@cached_property
	def _guarded(self) -> Minisat22:
		"""All clauses, each guarded by the selector of its rule."""
		return Minisat22(
			bootstrap_with=[
				list(clause) if rule == BACKGROUND else [-(self.top + 1 + rule), *clause]
				for clause, rule in zip(self.clauses, self.clause_rules, strict=True)
			]
		)

	def _background(self, decisions: Sequence[int], clauses: Iterable[Clause]) -> list[Clause]:
		"""Everything without a rule that is connected to the decisions and clauses."""
		found: dict[Clause, None] = {}
		if not self._background_of:
			return []
		waiting = [abs(literal) for clause in (tuple(decisions), *clauses) for literal in clause]
		seen = set(waiting)
		while waiting:
			for clause in self._background_of.get(waiting.pop(), ()):
				if clause not in found:
					found[clause] = None
					fresh = {abs(literal) for literal in clause} - seen
					seen |= fresh
					waiting.extend(fresh)
		return list(found)


def asker(solver: Minisat22) -> Callable[[list[int]], list[int] | None]:
	"""The question `minimal_conflict` puts, asked of a solver."""

	def ask(assumptions: list[int]) -> list[int] | None:
		if solver.solve(assumptions=assumptions):
			return None
		return solver.get_core() or []

	return ask
