"""Exact answers about a set of clauses: can these hold together, and what can still be true or false."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
from pysat.solvers import Minisat22

from .patience import Stop, Stopped, solve
from .witnesses import WORDS, Flags, Witnesses

Clause = tuple[int, ...]


class Search:
	"""One solver over variables 1..size (helpers may lie above). Not safe for use from two threads at once.

	Args:
		size: variables asked about.
		clauses: what must hold.
		stop: asked now and then; a yes raises `Stopped`.
		words: size of the witness bank.
		blocks: where they are known, ranges (first, last) of variables that share no clause with any other.
	"""

	def __init__(
		self,
		size: int,
		clauses: Iterable[Clause],
		stop: Stop | None = None,
		words: int = WORDS,
		blocks: Sequence[tuple[int, int]] = (),
	) -> None:
		self.size = size
		self.stop = stop
		self.solver = Minisat22(bootstrap_with=[list(clause) for clause in clauses])
		self.bank = Witnesses(size, words)
		self.calls = 0
		self.blocks = list(blocks) or ([(1, size)] if size else [])
		self._block_of = [0] * (size + 1)
		for number, (first, last) in enumerate(self.blocks):
			self._block_of[first : last + 1] = [number] * (last + 1 - first)
		self._base: Flags | None = None

	def check(self, assumed: Sequence[int]) -> bool:
		"""Whether a solution with all assumed literals exists.

		Raises:
			Stopped: when the caller's patience ends first.
		"""
		self.calls += 1
		return solve(self.solver, assumed, self.stop)

	def possible(self, assumed: Sequence[int]) -> Flags | None:
		"""For each literal (rows as in the bank) whether it can hold with the assumed ones; None when those cannot."""
		if self._base is None:
			self._base = self._settled([], range(len(self.blocks)))
			if self._base is None:
				return None
		if not assumed:
			base: Flags = self._base.copy()
			return base
		touched = {self._block_of[abs(literal)] for literal in assumed}
		return self._settled(assumed, sorted(touched))

	def _settled(self, assumed: Sequence[int], touched: Iterable[int]) -> Flags | None:
		"""The answer; blocks no assumed literal lies in are as they always are."""
		agreed, implied = self.solver.propagate(assumptions=assumed)
		if not agreed:
			return None
		found = np.zeros(2 * self.size, dtype=np.bool_) if self._base is None else self._base.copy()
		parts = [self._rows(number) for number in touched]
		known = [self._remembered(found, rows, assumed) for rows in parts]
		if not all(known) or not assumed:
			if not self.check(assumed):
				return None
			self._witness(found)
		self._close(
			found, np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64), [*assumed, *implied]
		)
		return found

	def _rows(self, block: int) -> npt.NDArray[np.int64]:
		first, last = self.blocks[block]
		places = np.arange(first - 1, last, dtype=np.int64)
		return np.concatenate((places, places + self.size))

	def _remembered(self, found: Flags, rows: npt.NDArray[np.int64], assumed: Sequence[int]) -> bool:
		"""Put in what kept solutions show of one block; False when none of them agrees with what is assumed there."""
		first, last = int(rows[0]) + 1, int(rows[len(rows) // 2 - 1]) + 1
		own = [self._row(literal) for literal in assumed if first <= abs(literal) <= last]
		seen = self.bank.possible(rows, own)
		found[rows] = False if seen is None else seen
		return seen is not None

	def _close(self, found: Flags, rows: npt.NDArray[np.int64], assumed: list[int]) -> None:
		"""Settle every literal of the rows that no solution was seen for."""
		settled = np.zeros(2 * self.size, dtype=np.bool_) if self._base is None else ~self._base
		settled[[self._row(-literal) for literal in assumed if abs(literal) <= self.size]] = True
		open_rows = rows[~(found | settled)[rows]]
		while open_rows.size:
			if self.stop is not None and self.stop():
				raise Stopped
			wanted: list[int] = np.where(
				open_rows < self.size, open_rows + 1, self.size - 1 - open_rows
			).tolist()
			if self._reachable(assumed, wanted[0], wanted):
				self._witness(found)
			else:
				settled[open_rows[0]] = True
				assumed.append(-wanted[0])
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


def connected(size: int, clauses: Iterable[Clause]) -> list[int]:
	"""For each variable 1..size the least variable it is connected with through clauses (helpers included)."""
	parent: dict[int, int] = {}

	def root(variable: int) -> int:
		while parent.setdefault(variable, variable) != variable:
			parent[variable] = parent[parent[variable]]
			variable = parent[variable]
		return variable

	for clause in clauses:
		first = root(abs(clause[0]))
		for literal in clause[1:]:
			other = root(abs(literal))
			low, high = min(first, other), max(first, other)
			parent[high] = low
			first = low
	return [root(variable) for variable in range(1, size + 1)]
