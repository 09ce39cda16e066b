"""Exact answers about a set of clauses: can these hold together, and what can still be true or false."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
from pysat.solvers import Minisat22

from .patience import Stop, Stopped, solve
from .witnesses import WORDS, Flags, Witnesses

Clause = tuple[int, ...]

MOST_LEMMAS = 20_000
"""Clauses kept of what was found out."""

FEW = 6
"""Literals that one solution settles; where it is fewer, the next question asks for several at once."""

PATIENCE = 12
"""Questions before it is tried again to ask for several literals, where that was in vain."""

MOST_TOGETHER = 24
"""Literals asked for in one question."""


class Search:
	"""One solver over variables 1..size (helpers may lie above). Not safe for use from two threads at once.

	Args:
		size: variables asked about.
		clauses: what must hold.
		stop: asked now and then; a yes raises `Stopped`.
		words: size of the witness bank.
		blocks: where they are known, ranges (first, last) of variables that share no clause with any other.
		record: gets every solution found.
	"""

	def __init__(
		self,
		size: int,
		clauses: Iterable[Clause],
		stop: Stop | None = None,
		words: int = WORDS,
		blocks: Sequence[tuple[int, int]] = (),
		record: list[list[int]] | None = None,
	) -> None:
		self.size = size
		self.stop = stop
		self.solver = Minisat22(bootstrap_with=clauses)
		self.bank = Witnesses(size, words)
		self.calls = 0
		self.lemmas = 0
		self._none_holds = [-variable for variable in range(1, size + 1)]
		self.blocks = list(blocks) or ([(1, size)] if size else [])
		self._block_of = [0] * (size + 1)
		for number, (first, last) in enumerate(self.blocks):
			self._block_of[first : last + 1] = [number] * (last + 1 - first)
		self.alone = False
		self._base: Flags | None = None
		self.record = record

	def begin(self, solutions: npt.NDArray[np.bool_]) -> None:
		"""Take solutions that are known already, a row each."""
		for each in solutions:
			self.bank.add(each)

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
			self._witnesses(found, [self._model()])
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
		wanted: list[int] = np.where(open_rows < self.size, open_rows + 1, self.size - 1 - open_rows).tolist()
		solutions: list[list[int]] = []
		gained, wait = FEW, 0
		while wanted:
			if self.stop is not None and self.stop():
				raise Stopped
			wait -= 1
			several = gained < FEW and wait < 0
			model = self._reached(assumed, wanted, MOST_TOGETHER if several else 1)
			if model is None:
				wanted = self._ruled_out(assumed, wanted)
				continue
			if several and self.alone:  # what is left excludes each other: looking for more would be in vain
				wait = PATIENCE
			solutions.append(model)
			gained = len(wanted)
			wanted = [literal for literal in wanted if model[abs(literal) - 1] != literal]
			gained -= len(wanted)
		if solutions:
			self._witnesses(found, solutions)

	def _reached(self, assumed: list[int], wanted: list[int], together: int) -> list[int] | None:
		"""A solution with the first of the wanted literals, and with many of the others; None where there is none.

		Args:
			together: how many of them are asked for in one question, where nothing speaks against it at first sight.
		"""
		trial = [*assumed, wanted[0]]
		agreed, implied = self.solver.propagate(assumptions=trial)
		if not agreed:
			return None
		phases = list(self._none_holds)
		for each in wanted:
			if each > 0:
				phases[each - 1] = each
		self.solver.set_phases(phases)
		if together > 1:
			several = self._together(trial, implied, wanted, together)
			self.alone = len(several) == len(trial)
			if not self.alone and self.check(several):
				return self._model()
		return self._model() if self.check(trial) else None

	def _together(self, trial: list[int], implied: list[int], wanted: list[int], most: int) -> list[int]:
		"""The trial with further wanted literals that propagation does not refuse."""
		several, held = list(trial), set(implied)
		for literal in wanted[1:]:
			if literal in held or -literal in held:
				continue
			if len(several) - len(trial) >= most:
				break
			agreed, implied = self.solver.propagate(assumptions=[*several, literal])
			if agreed:
				several.append(literal)
				held.update(implied)
		return several

	def _ruled_out(self, assumed: list[int], wanted: list[int]) -> list[int]:
		"""What is left to settle now that the first of the wanted literals cannot hold.

		What it clashes with is kept as a clause, so that nobody has to find it out again.
		"""
		literal = wanted[0]
		if self.lemmas < MOST_LEMMAS and not self.solver.solve(assumptions=[*assumed, literal]):
			self.lemmas += 1
			self.solver.add_clause([-each for each in self.solver.get_core() or ()])
		assumed.append(-literal)
		_, implied = self.solver.propagate(assumptions=assumed)
		gone = {-each for each in implied}
		gone.add(literal)
		assumed.extend(-each for each in wanted if each in gone and each != literal)
		return [each for each in wanted if each not in gone]

	def _model(self) -> list[int]:
		"""The solution just found: the literal that holds of each variable asked about."""
		model: list[int] = self.solver.get_model()[: self.size]
		return model + [-variable for variable in range(len(model) + 1, self.size + 1)]

	def _witnesses(self, found: Flags, solutions: Sequence[list[int]]) -> None:
		"""Keep solutions and note what holds in them."""
		if self.record is not None:
			self.record.extend(solutions)
		chosen: npt.NDArray[np.bool_] = np.array(solutions, dtype=np.int32) > 0
		for each in chosen:
			self.bank.add(each)
		found[: self.size] |= chosen.any(axis=0)
		found[self.size :] |= ~chosen.all(axis=0)

	def _row(self, literal: int) -> int:
		return literal - 1 if literal > 0 else self.size - literal - 1


def connected(size: int, clauses: Iterable[Sequence[int]]) -> list[int]:
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
