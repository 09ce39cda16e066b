"""A proof of fewer rules than the one at hand, looked for within a budget.

Two ways: proofs left over when rules are dropped in other orders, and then the smallest set of rules that takes one
of each set of rules without which everything can hold: where that conflicts, no smaller proof exists.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pysat.solvers import Minisat22

from .optimum import CheapestSolutions

QUESTIONS = 400
"""Questions put to the solver before the best proof found so far is taken."""

CONFLICTS = 500
"""Conflicts of the solver in one question; one that needs more ends the search too."""


class _Spent(Exception):
	"""The budget is used up."""


class Smaller:
	"""Looks for a smaller proof. The solver is its own, so that the answer depends on the question alone.

	Args:
		decisions: literals that hold.
		guarded: all clauses, those of rule r with the literal -(first + r) added.
		first: selector of rule 0.
		rules: number of rules.
	"""

	def __init__(
		self, decisions: Sequence[int], guarded: Iterable[Sequence[int]], first: int, rules: int
	) -> None:
		self.decisions = list(decisions)
		self.first = first
		self.all = range(rules)
		self.best: list[int] = []
		self.guarded = guarded
		self.left = QUESTIONS

	def than(self, known: Sequence[int]) -> list[int]:
		"""A smallest proof as far as the budget goes, in rising order; the known one where none is smaller."""
		self.best = sorted(known)
		with Minisat22(bootstrap_with=self.guarded) as self.solver:
			self.solver.set_phases(
				[self.first + rule for rule in self.all]
			)  # so that a solution keeps many rules
			try:
				for order in (self.all, self.all[::-1]):
					self._dropped(order)
				self._hitting()
			except _Spent:
				pass
		return self.best

	def _core(self, rules: Iterable[int]) -> set[int] | None:
		"""None when the rules can hold with the decisions, else those of them that cannot."""
		if not self.left:
			raise _Spent
		self.left -= 1
		self.solver.conf_budget(CONFLICTS)
		answer = self.solver.solve_limited([*self.decisions, *(self.first + rule for rule in rules)])
		if answer is None:
			raise _Spent
		if answer:
			return None
		return {literal - self.first for literal in self.solver.get_core() or () if literal >= self.first}

	def _dropped(self, order: Sequence[int]) -> None:
		"""Drop rules one by one in the given order; each core on the way leaves out more."""
		waiting = [rule for rule in order if rule in (self._core(order) or ())]
		needed: list[int] = []
		while waiting and len(needed) + 1 < len(self.best):
			tried = waiting.pop()
			core = self._core([*needed, *waiting])
			if core is None:
				needed.append(tried)
			else:
				waiting = [rule for rule in waiting if rule in core]
		if len(needed) < len(self.best) and not waiting:
			self.best = sorted(needed)

	def _hitting(self) -> None:
		"""Take the fewest rules that meet every set found so far, until they conflict or are no fewer than the best."""
		names = [rule + 1 for rule in self.all]
		with CheapestSolutions(len(names), (), {-name: 1 for name in names}) as hitting:
			while hitting.cost < len(self.best):
				model = hitting.next()
				assert model is not None
				if hitting.cost >= len(self.best):
					return
				chosen = [literal - 1 for literal in model[: len(names)] if literal > 0]
				if self._core(chosen) is not None:
					self.best = chosen
					return
				for missed in self._missed(chosen):
					hitting.add([rule + 1 for rule in missed])

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
		return {rule for rule, literal in enumerate(model) if literal > 0}

	def _grown(self, taken: set[int]) -> set[int]:
		"""As many rules as can hold beside those taken, which can: the last solution tells some of them."""
		held = taken | self._holding()
		for rule in self.all:
			if rule not in held and self._core(sorted(held | {rule})) is None:
				held |= {rule} | self._holding()
		return held
