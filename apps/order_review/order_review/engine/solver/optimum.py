"""Cheapest solutions, proven: core-guided search (OLL) on one solver that keeps what it learnt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from pysat.solvers import Minisat22

from .patience import Stop, solve

Clause = Sequence[int]

MOST_QUESTIONS = 2_000
"""Questions put to one solver before a new one takes its place."""


class Kept:
	"""A solver kept for many questions: what a question adds hangs under a literal of its own and goes with it.

	Args:
		top: highest variable of the clauses.
		clauses: what must hold.
		stop: asked now and then; a yes raises `Stopped`.
	"""

	def __init__(self, top: int, clauses: Iterable[Clause], stop: Stop | None = None) -> None:
		self.top = top
		self.stop = stop
		self.questions = 0
		self.clauses = list(clauses)
		self.solver = Minisat22(bootstrap_with=self.clauses)
		self._free: list[int] = []

	@cached_property
	def pairs(self) -> dict[int, list[int]]:
		"""What each literal implies through a clause of two."""
		found: dict[int, list[int]] = {}
		for clause in self.clauses:
			if len(clause) == 2:
				found.setdefault(-clause[0], []).append(clause[1])
				found.setdefault(-clause[1], []).append(clause[0])
		return found

	def fresh(self) -> int:
		"""A variable no clause speaks of."""
		if self._free:
			return self._free.pop()
		self.top += 1
		return self.top

	def open(self) -> int:
		"""The literal under which a question hangs what it adds."""
		self.questions += 1
		self.top += 1
		return self.top

	@property
	def worn(self) -> bool:
		"""Whether it is time for a new one: each question leaves a number behind."""
		return self.questions >= MOST_QUESTIONS

	def close(self, question: int, used: Iterable[int]) -> None:
		"""Let go of a question; the variables it used are free again, since all that speaks of them holds now."""
		self.solver.add_clause([-question])
		self._free.extend(used)


class CheapestSolutions:
	"""Solutions in order of cost. Costs are whole numbers; a solution pays for each soft literal that does not hold.

	Which of several equally cheap ones comes first may depend on what was asked before: who needs one of them asks
	for it (`first`), or takes all.

	Args:
		kept: the solver with what must hold.
		soft: cost of each literal that should hold, at least 1; it is used up.
		fixed: literals that hold in every solution asked for.
	"""

	def __init__(self, kept: Kept, soft: dict[int, int], fixed: Sequence[int] = ()) -> None:
		self.kept = kept
		self.solver = kept.solver
		self.question = kept.open()
		self.used: list[int] = []
		self.fixed = [self.question, *fixed]
		self.cost = 0
		self.calls = 0
		self.relaxed: list[int] = []
		"""Soft literals that are paid for, where they do not hold, by now."""
		self._weights = soft
		self._counters: dict[int, tuple[list[int], int]] = {}

	def fork(self, more: Mapping[int, int], fixed: Sequence[int]) -> CheapestSolutions:
		"""A search that goes on from what this one has proven, with further costs and fixed literals.

		Args:
			more: what literals cost above what they cost here.
		"""
		forked = CheapestSolutions(self.kept, dict(self._weights), [*self.fixed, *fixed])
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
				if literal not in self._counters:
					self.relaxed.append(literal)

	def __enter__(self) -> CheapestSolutions:
		return self

	def __exit__(self, *_: object) -> None:
		self.kept.close(self.question, self.used)

	def forbid(self, literals: Iterable[int]) -> None:
		"""Exclude every solution in which all the literals hold."""
		self.add(-literal for literal in literals)

	def add(self, clause: Iterable[int]) -> None:
		"""Add a clause that must hold from now on."""
		self.solver.add_clause([-self.question, *clause])

	def prefer_some(self, literals: Sequence[int], cost: int) -> None:
		"""A solution pays the cost where none of the literals holds."""
		some = self.fresh()
		self.add([-some, *literals])
		self._weights[some] = cost

	def fresh(self) -> int:
		"""A new variable."""
		self.used.append(self.kept.fresh())
		return self.used[-1]

	def next(self) -> list[int] | None:
		"""A cheapest solution left, as the literals of all variables; None when there is none. `cost` tells its cost."""
		while self._relax_forced():
			pass
		while not self.holds(()):
			core = [literal for literal in self.solver.get_core() or () if literal in self._weights]
			if not core:
				return None
			self._relax(core)
		return self.model()

	def _relax_forced(self) -> bool:
		"""Pay for what cannot hold at first sight; whether there was anything."""
		_, implied = self.solver.propagate(assumptions=self.fixed)
		broken = [-literal for literal in implied if -literal in self._weights]
		for literal in broken:
			self._relax([literal])
		return bool(broken)

	def model(self) -> list[int]:
		"""The solution last found."""
		found: list[int] = self.solver.get_model()
		return found

	def given_up(self, wanted: Sequence[int]) -> list[int]:
		"""Which of the wanted literals do not hold, in the solution of the present cost in which the first of them holds
		if it does in any, then the second, and so on. A solution must have been found, and each must be soft at cost 1.
		"""
		asked = sorted(self.relaxed, key=wanted.index) if len(self.relaxed) > 1 else self.relaxed
		model = self.model()
		decided: list[int] = []
		left = self.cost
		for place, literal in enumerate(asked):
			if left == 0 or model[abs(literal) - 1] == literal:
				decided.append(literal)
				continue
			if left < len(asked) - place and self.holds([*decided, literal]):
				model = self.model()
				decided.append(literal)
			else:
				decided.append(-literal)
				left -= 1
		return [literal for literal in asked if -literal in decided]

	def first_of_all(self, size: int) -> set[int]:
		"""Of the solutions of the present cost the one that takes variable 1 if any does, then 2, and so on up to
		`size`: what holds in it. A solution must have been found.

		What propagation does not refuse is taken on trust, several variables at a time, and then confirmed by one
		question; where that fails, fewer are taken.
		"""
		model = self.model()
		certain = {*self._weights, *self._implied(())}
		waiting = [v for v in range(1, size + 1) if v not in certain and -v not in certain]
		decided: list[int] = []
		most, place = 1, 0
		while place < len(waiting):
			trial, turned = self._on_trust(waiting[place:], model, decided, most)
			if not turned:
				return {literal for literal in model[:size] if literal > 0}
			if self.holds([*decided, *trial]):
				model = self.model()
				most *= 2
			elif most == 1:  # the last one is the only one turned round; without it the model stands
				trial[-1] = -trial[-1]
			else:
				most = 1
				continue
			decided += trial
			place += len(trial)
		return {literal for literal in model[:size] if literal > 0}

	def _on_trust(
		self, waiting: Sequence[int], model: Sequence[int], decided: list[int], most: int
	) -> tuple[list[int], int]:
		"""The first values of the waiting variables, each taken if propagation lets it be; it ends after so many that
		are turned round against the model. How many were turned round comes with them.
		"""
		held = set(self._implied(decided))
		trial: list[int] = []
		turned = 0
		for variable in waiting:
			if variable in held or -variable in held:
				trial.append(variable if variable in held else -variable)
				continue
			agreed, implied = True, self.kept.pairs.get(variable, ())
			if turned or model[variable - 1] != variable:
				assumed = [*self.fixed, *self._weights, *decided, *trial, variable]
				agreed, implied = self.solver.propagate(assumptions=assumed)
			trial.append(variable if agreed else -variable)
			if agreed:
				held.update(implied)
				turned += model[variable - 1] != variable
			if turned == most:
				break
		return trial, turned

	def _implied(self, decided: Iterable[int]) -> list[int]:
		"""What follows at first sight from the present cost and some literals."""
		_, implied = self.solver.propagate(assumptions=[*self.fixed, *self._weights, *decided])
		found: list[int] = implied
		return found

	def rules_out(self, literal: int) -> bool:
		"""Whether the literal alone costs more than the present cost allows."""
		return -literal in self._weights

	def holds(self, literals: Iterable[int]) -> bool:
		"""Whether a solution of the present cost exists in which the literals hold too."""
		self.calls += 1
		return solve(self.solver, [*self.fixed, *literals, *self._weights], self.kept.stop)

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
