"""Exact answers about a set of clauses: can these hold together, and what can still be true or false."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from pysat.solvers import Minisat22

from .witnesses import WORDS, Flags, Witnesses

Clause = tuple[int, ...]

CONFLICTS_PER_LOOK = 20_000
"""Conflicts of the solver between two looks at whether to stop."""


class Stopped(Exception):
	"""The caller's patience ended before the answer was found."""


Stop = Callable[[], bool]


class Search:
	"""One solver over variables 1..size (helpers may lie above). Not safe for use from two threads at once."""

	def __init__(
		self, size: int, clauses: Iterable[Clause], stop: Stop | None = None, words: int = WORDS
	) -> None:
		self.size = size
		self.stop = stop
		self.solver = Minisat22(bootstrap_with=[list(clause) for clause in clauses])
		self.bank = Witnesses(size, words)
		self.calls = 0

	def check(self, assumed: Sequence[int]) -> bool:
		"""Whether a solution with all assumed literals exists.

		Raises:
			Stopped: when the caller's patience ends first.
		"""
		self.calls += 1
		if self.stop is None:
			return bool(self.solver.solve(assumptions=assumed))
		while True:
			self.solver.conf_budget(CONFLICTS_PER_LOOK)
			answer = self.solver.solve_limited(assumptions=assumed)
			if answer is not None:
				return bool(answer)
			if self.stop():
				raise Stopped

	def possible(self, assumed: Sequence[int]) -> Flags | None:
		"""For each literal (rows as in the bank) whether it can hold with the assumed ones; None when those cannot."""
		agreed, implied = self.solver.propagate(assumptions=assumed)
		if not agreed:
			return None
		found = self.bank.possible(assumed)
		if found is None:
			if not self.check(assumed):
				return None
			found = np.zeros(2 * self.size, dtype=np.bool_)
			self._witness(found)
		self._close(found, [*assumed, *implied])
		return found

	def _close(self, found: Flags, assumed: list[int]) -> None:
		"""Settle every literal that no solution was seen for."""
		size = self.size
		settled = np.zeros(2 * size, dtype=np.bool_)
		opposite = [self._row(-literal) for literal in assumed if abs(literal) <= size]
		settled[opposite] = True
		open_rows = np.flatnonzero(~(found | settled))
		while open_rows.size:
			if self.stop is not None and self.stop():
				raise Stopped
			wanted = _literals(open_rows, size)
			literal = wanted[0]
			if self._reachable(assumed, literal, wanted):
				self._witness(found)
			else:
				settled[open_rows[0]] = True
				assumed.append(-literal)
			open_rows = open_rows[~(found | settled)[open_rows]]

	def _reachable(self, assumed: list[int], literal: int, wanted: list[int]) -> bool:
		trial = [*assumed, literal]
		if not self.solver.propagate(assumptions=trial)[0]:
			return False
		self.solver.set_phases(wanted)
		return self.check(trial)

	def _witness(self, found: Flags) -> None:
		"""Keep the solution just found and note what holds in it."""
		model = np.array(self.solver.get_model()[: self.size], dtype=np.int64)
		chosen: Flags = np.zeros(self.size, dtype=np.bool_)
		chosen[: model.size] = model > 0
		self.bank.add(chosen)
		found[: self.size] |= chosen
		found[self.size :] |= ~chosen

	def _row(self, literal: int) -> int:
		return literal - 1 if literal > 0 else self.size - literal - 1


def _literals(rows: np.ndarray, size: int) -> list[int]:
	literals: list[int] = np.where(rows < size, rows + 1, size - 1 - rows).tolist()
	return literals
