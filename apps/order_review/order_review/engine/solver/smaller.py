"""A proof of fewer rules than the one at hand, looked for within a budget.

Two ways: proofs that come out when the rules are asked in another order, and then the smallest set of rules that
takes one of each set of rules without which everything can hold: where that conflicts, no smaller proof exists.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pysat.solvers import Minisat22

from .optimum import CheapestSolutions, Kept
from .problem import BACKGROUND
from .proof import Proof

Clause = Sequence[int]

QUESTIONS = 30
"""Questions put to the solver before the best proof found so far is taken."""

WORK = 12_000
"""Clauses times questions that may be spent where there are so few clauses that more questions cost nothing."""

CONFLICTS = 500
"""Conflicts of the solver in one question; one that needs more ends the search too."""

ROUNDS = 3
"""Times a set of rules is asked again in another order, as long as that leaves rules out."""

LONGEST_PROVEN = 20
"""Up to so many rules it is tried to prove that no smaller proof exists."""

WORTH_PROVING = 60
"""With fewer questions left that proof would hardly ever be finished."""


class _Spent(Exception):
	"""The budget is used up."""


class Smaller:
	"""Looks for a smaller proof. The solver is its own, so that the answer depends on the question alone.

	Args:
		decisions: literals that hold.
		clauses: (clause, rule) pairs among which it is looked for; those of rule BACKGROUND always hold.
	"""

	def __init__(self, decisions: Sequence[int], clauses: Iterable[tuple[Clause, int]]) -> None:
		self.decisions = list(decisions)
		self.clauses = list(clauses)
		self.all = sorted({rule for _, rule in self.clauses if rule != BACKGROUND})
		names: dict[int, int] = {}

		def small(literal: int) -> int:
			number = names.setdefault(abs(literal), len(names) + 1)
			return number if literal > 0 else -number

		self.fixed = [small(decision) for decision in self.decisions]
		written = [([small(literal) for literal in clause], rule) for clause, rule in self.clauses]
		self.first = len(names) + 1
		self.selector = {rule: self.first + place for place, rule in enumerate(self.all)}
		self.guarded = [
			clause if rule == BACKGROUND else [-self.selector[rule], *clause] for clause, rule in written
		]
		self.left = max(QUESTIONS, WORK // max(1, len(self.clauses)))
		self.best: list[int] = []

	def than(self, known: Sequence[int]) -> list[int]:
		"""A smallest proof as far as the budget goes, in rising order; the known one where none is smaller."""
		self.best = sorted(known)
		with Minisat22(bootstrap_with=self.guarded) as self.solver:
			self.solver.set_phases(list(self.selector.values()))  # so that a solution keeps many rules
			try:
				for order in (self.all, self.all[::-1]):
					self._asked(order)
				if len(self.best) <= LONGEST_PROVEN and self.left >= WORTH_PROVING:
					self._hitting()
			except _Spent:
				pass
		return self.best

	def _core(self, rules: Iterable[int]) -> list[int] | None:
		"""None when the rules can hold with the decisions, else those of them that cannot."""
		if not self.left:
			raise _Spent
		self.left -= 1
		rules = list(rules)
		self.solver.conf_budget(CONFLICTS)
		answer = self.solver.solve_limited([*self.fixed, *map(self.selector.__getitem__, rules)])
		if answer is None:
			raise _Spent
		if answer:
			return None
		core = set(self.solver.get_core() or ())
		return [rule for rule in rules if self.selector[rule] in core]

	def _asked(self, order: Sequence[int]) -> None:
		"""A proof from asking the rules in this order, if it gets smaller than the best."""
		core = self._core(order)
		for _ in range(ROUNDS):
			if core is None:
				return
			again = self._core(core[::-1])
			if again is None or len(again) == len(core):
				break
			core = again
		if core is not None and len(core) < len(self.best):
			kept = set(core)
			self.best = Proof(
				self.decisions, [pair for pair in self.clauses if pair[1] in kept or pair[1] == BACKGROUND]
			).needed()

	def _hitting(self) -> None:
		"""Take the fewest rules that meet every set found so far, until they conflict or are no fewer than the best."""
		names = [place + 1 for place in range(len(self.all))]
		with CheapestSolutions(Kept(len(names), ()), {-name: 1 for name in names}) as hitting:
			while True:
				model = hitting.next()
				if model is None or hitting.cost >= len(self.best):
					return
				chosen = [self.all[literal - 1] for literal in model[: len(names)] if literal > 0]
				if self._core(chosen) is not None:
					self.best = chosen
					return
				for missed in self._missed(chosen):
					hitting.add([self.selector[rule] - self.first + 1 for rule in missed])

	def _missed(self, chosen: list[int]) -> list[list[int]]:
		"""Sets of rules, none in two of them, that each meet every proof: without one of them the rest can hold."""
		found: list[list[int]] = []
		taken = set(chosen)
		while True:
			held = self._grown(taken)
			missed = [rule for rule in self.all if rule not in held]
			found.append(missed)
			taken.update(missed)
			if self._core(sorted(taken)) is not None:
				return found

	def _holding(self) -> set[int]:
		"""Rules that hold in the last solution."""
		model = self.solver.get_model()[self.first - 1 :]
		return {rule for rule, literal in zip(self.all, model, strict=False) if literal > 0}

	def _grown(self, taken: set[int]) -> set[int]:
		"""As many rules as can hold beside those taken, which can: the last solution tells some of them."""
		held = taken | self._holding()
		for rule in self.all:
			if rule not in held and self._core(sorted(held | {rule})) is None:
				held |= {rule} | self._holding()
		return held
