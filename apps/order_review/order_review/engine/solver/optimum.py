"""Cheapest solutions, proven: core-guided search (OLL) on one solver that keeps what it learnt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pysat.solvers import Minisat22

from .patience import Stop, solve

Clause = Sequence[int]


class CheapestSolutions:
	"""Solutions in order of cost. Costs are whole numbers; a solution pays for each soft literal that does not hold.

	Args:
		top: highest variable of the clauses.
		clauses: what must hold.
		soft: cost of each literal that should hold, at least 1.
		fixed: literals that hold in every solution asked for.
		stop: asked now and then; a yes raises `Stopped`.
	"""

	def __init__(
		self,
		top: int,
		clauses: Iterable[Clause],
		soft: Mapping[int, int],
		fixed: Sequence[int] = (),
		stop: Stop | None = None,
	) -> None:
		self.top = top
		self.stop = stop
		self.clauses: list[Sequence[int]] = list(clauses)
		self.solver = Minisat22(bootstrap_with=self.clauses)
		self.fixed = list(fixed)
		self.cost = 0
		self.calls = 0
		self._weights: dict[int, int] = dict(soft)
		self._counters: dict[int, tuple[list[int], int]] = {}

	def fork(self, more: Mapping[int, int], fixed: Sequence[int]) -> CheapestSolutions:
		"""A search that goes on from what this one has proven, with further costs and fixed literals.

		Args:
			more: what literals cost above what they cost here.
		"""
		forked = CheapestSolutions(self.top, self.clauses, self._weights, fixed, self.stop)
		forked.cost = self.cost
		forked._counters = dict(self._counters)
		for literal, cost in more.items():
			forked._charge(literal, cost)
		return forked

	def _charge(self, literal: int, cost: int) -> None:
		"""The literal costs more; what both it and its opposite cost is paid in any case."""
		paid = min(cost, self._weights.get(literal, 0))
		self.cost += paid
		self._lighten(literal, paid)
		if cost > paid:
			self._weights[-literal] = self._weights.get(-literal, 0) + cost - paid

	def _lighten(self, literal: int, paid: int) -> None:
		if paid:
			self._weights[literal] -= paid
			if not self._weights[literal]:
				del self._weights[literal]

	def __enter__(self) -> CheapestSolutions:
		return self

	def __exit__(self, *_: object) -> None:
		self.solver.delete()

	def forbid(self, literals: Iterable[int]) -> None:
		"""Exclude every solution in which all the literals hold."""
		self.add(-literal for literal in literals)

	def add(self, clause: Iterable[int]) -> None:
		"""Add a clause that must hold from now on."""
		self.clauses.append(list(clause))
		self.solver.add_clause(self.clauses[-1])

	def fresh(self) -> int:
		"""A new variable."""
		self.top += 1
		return self.top

	def next(self) -> list[int] | None:
		"""A cheapest solution left, as the literals of all variables; None when there is none. `cost` tells its cost."""
		while not self.holds(()):
			core = [literal for literal in self.solver.get_core() or () if literal in self._weights]
			if not core:
				return None
			self._relax(core)
		return self.model()

	def model(self) -> list[int]:
		"""The solution last found."""
		found: list[int] = self.solver.get_model()
		return found

	def rules_out(self, literal: int) -> bool:
		"""Whether the literal alone costs more than the present cost allows."""
		return -literal in self._weights

	def holds(self, literals: Iterable[int]) -> bool:
		"""Whether a solution of the present cost exists in which the literals hold too."""
		self.calls += 1
		return solve(self.solver, [*self.fixed, *literals, *self._weights], self.stop)

	def _relax(self, core: list[int]) -> None:
		"""One of the core does not hold: pay for it and count how many more do not."""
		paid = min(self._weights[literal] for literal in core)
		self.cost += paid
		for literal in core:
			self._lighten(literal, paid)
			if literal in self._counters:
				self._next_of_counter(literal, paid)
		if len(core) > 1:
			outputs = self._counter([-literal for literal in core])
			self._count(outputs, 1, paid)

	def _next_of_counter(self, literal: int, paid: int) -> None:
		outputs, place = self._counters[literal]
		if place + 1 < len(outputs):
			self._count(outputs, place + 1, paid)

	def _count(self, outputs: list[int], place: int, weight: int) -> None:
		literal = -outputs[place]
		self._counters[literal] = (outputs, place)
		self._weights[literal] = self._weights.get(literal, 0) + weight

	def _counter(self, inputs: list[int]) -> list[int]:
		"""Outputs of a totalizer: output i is true when more than i inputs are."""
		if len(inputs) == 1:
			return inputs
		middle = len(inputs) // 2
		left, right = self._counter(inputs[:middle]), self._counter(inputs[middle:])
		outputs = [self.fresh() for _ in inputs]
		for i in range(len(left) + 1):
			for j in range(len(right) + 1):
				if i + j:
					needs = ([-left[i - 1]] if i else []) + ([-right[j - 1]] if j else [])
					self.add([*needs, outputs[i + j - 1]])
		return outputs
