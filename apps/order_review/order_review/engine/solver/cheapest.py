"""The cheapest solution of a reduced problem, found on its small form.

Costs of removed literals are carried to the literals they follow, step by step; what the small problem then
decides is carried back. Both directions are exact. Decisions only add costs, so a question starts from what
was proven without them and carries the difference alone.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence

from .optimum import CheapestSolutions, Kept
from .patience import Stop
from .reduce import FALSE, TRUE, Merge, Reduction

FORBIDDEN = 1 << 40
"""Cost of a literal that a decision excludes; all other costs together stay below it."""

Step = tuple[int, int, int] | Merge
Shares = list[tuple[int, int]]
"""(Literal, cost) pairs; literal 0 stands for what is paid in any case."""


class Cheapest:
	"""Answers about one cost function on a reduced problem.

	Args:
		reduction: the reduced problem.
		small: variable of the small problem for each remaining literal.
		clauses: the small problem over those variables.
		costs: what each literal costs where it holds, 0 or more.
	"""

	def __init__(
		self,
		reduction: Reduction,
		small: Mapping[int, int],
		clauses: Sequence[Sequence[int]],
		costs: Mapping[int, int],
		stop: Stop | None = None,
	) -> None:
		self.steps = reduction.steps
		self.small = small
		self.place = _places(self.steps)
		self.costs = dict(costs)
		self.paid = 0
		for step in self.steps:
			for literal, cost in _shares(step, self.costs):
				self._add(literal, cost)
		self.size = len(small) // 2
		self.clauses = clauses
		self.stop = stop
		self.settled: dict[int, bool] = {}
		self.open_steps: list[Step] = []
		for step in reversed(self.steps):
			if isinstance(step, Merge) or step[2] != FALSE:
				self.open_steps.append(step)
			else:
				self.settled[abs(step[0])] = step[0] > 0
		self.soft = dict(self._soft())
		self._begin()

	def _begin(self) -> None:
		"""Prove what holds without decisions; what is asked later starts from there."""
		top = max((abs(literal) for clause in self.clauses for literal in clause), default=0)
		self.kept = Kept(max(top, self.size), self.clauses, self.stop)
		self.base = CheapestSolutions(self.kept, dict(self.soft))
		self.possible = self.base.next() is not None

	def _add(self, literal: int, cost: int) -> None:
		if literal:
			self.costs[literal] = self.costs.get(literal, 0) + cost
		else:
			self.paid += cost

	def _soft(self) -> Iterable[tuple[int, int]]:
		"""Soft literals of the small problem; what both sides of a variable cost is paid."""
		for literal, place in self.small.items():
			if literal > 0:
				own, opposite = self.costs.get(literal, 0), self.costs.get(-literal, 0)
				self.paid += min(own, opposite)
				if own != opposite:
					yield (-place if own > opposite else place), abs(own - opposite)

	def solve(self, more: Mapping[int, int], decisions: Iterable[int]) -> Solution | None:
		"""The cheapest solution with all decisions, where `more` is added to the costs; None where there is none.

		Of equally cheap ones it is the one that takes the first variable of the small problem if any does, then the
		second, and so on; of what hangs below these the first member of a group is taken, and else nothing.
		"""
		if self.kept.worn:
			self._begin()
		changed = _Changed(self, more, decisions)
		if not self.possible or changed.paid >= FORBIDDEN:
			return None
		extra: dict[int, int] = {}
		fixed: list[int] = []
		for literal, cost in changed.on_small():
			if cost >= FORBIDDEN:
				fixed.append(-self.small[literal])
			else:
				extra[self.small[literal]] = cost
		with self.base.fork(extra, fixed) as solutions:
			if solutions.next() is None:
				return None
			held = solutions.first_of_all(self.size)
			values = {literal: place in held for literal, place in self.small.items() if literal > 0}
			return Solution(self, changed, values, self.paid + changed.paid + solutions.cost)


class _Changed:
	"""Costs after some were raised, as the difference to what was carried before."""

	def __init__(self, base: Cheapest, more: Mapping[int, int], decisions: Iterable[int]) -> None:
		self.base = base
		self.paid = 0
		self.raised: dict[int, int] = {}
		self.waiting: list[int] = []
		self.queued: set[int] = set()
		for literal, cost in more.items():
			self._raise(literal, cost)
		for decision in dict.fromkeys(decisions):
			self._raise(-decision, FORBIDDEN)
		while self.waiting:
			step = base.steps[heapq.heappop(self.waiting)]
			added: dict[int, int] = {}
			for literal, cost in _shares(step, self):
				added[literal] = added.get(literal, 0) + cost
			for literal, cost in _shares(step, base.costs):
				added[literal] = added.get(literal, 0) - cost
			for literal, cost in added.items():
				self._raise(literal, cost)

	def get(self, literal: int, default: int = 0) -> int:
		"""Cost of a literal."""
		return self.base.costs.get(literal, default) + self.raised.get(literal, 0)

	def _raise(self, literal: int, cost: int) -> None:
		if not cost:
			return
		if not literal:
			self.paid += cost
			return
		self.raised[literal] = self.raised.get(literal, 0) + cost
		place = self.base.place.get(abs(literal))
		if place is not None and place not in self.queued:
			self.queued.add(place)
			heapq.heappush(self.waiting, place)

	def on_small(self) -> Iterable[tuple[int, int]]:
		"""What was added to literals of the small problem."""
		return ((literal, cost) for literal, cost in self.raised.items() if literal in self.base.small)


class Solution:
	"""A cheapest solution: `cost`, and the value of every variable."""

	def __init__(self, base: Cheapest, costs: _Changed, values: dict[int, bool], cost: int) -> None:
		self.base = base
		self.costs = costs
		self.values = values
		self.cost = cost
		values.update(base.settled)
		for step in base.open_steps:
			if isinstance(step, Merge):
				self._unmerge(step)
			else:
				self._settle(*step)

	def holds(self, literal: int) -> bool:
		"""Whether the literal holds in the solution."""
		return self.values[abs(literal)] == (literal > 0)

	def _settle(self, literal: int, source: int, other: int) -> None:
		"""A removed variable, once all it follows are known."""
		if source != TRUE:
			holds = self.values[abs(source)] == (source > 0)
		elif other == TRUE or self._is(other):
			holds = self._cheaper(literal)
		else:
			holds = True
		self.values[abs(literal)] = holds == (literal > 0)

	def _is(self, literal: int) -> bool:
		return self.values[abs(literal)] == (literal > 0)

	def _cheaper(self, literal: int) -> bool:
		own, opposite = self.costs.get(literal), self.costs.get(-literal)
		return own < opposite or (own == opposite and literal < 0)

	def _unmerge(self, merge: Merge) -> None:
		chosen: set[int] = set()
		if not merge.whole or self._is(merge.whole):
			extra = {member: self.costs.get(member) - self.costs.get(-member) for member in merge.members}
			chosen = {min(merge.members, key=lambda member: (extra[member], abs(member)))}
			if not merge.exclusive:
				chosen |= {member for member in merge.members if extra[member] < 0}
		for member in merge.members:
			self.values[abs(member)] = (member in chosen) == (member > 0)


def _places(steps: Sequence[Step]) -> dict[int, int]:
	"""Number of the step that removed each variable."""
	place: dict[int, int] = {}
	for number, step in enumerate(steps):
		for literal in step.members if isinstance(step, Merge) else step[:1]:
			place[abs(literal)] = number
	return place


def _shares(step: Step, costs: Mapping[int, int] | _Changed) -> Shares:
	"""What a step adds to other literals, given the costs of what it removed."""
	if isinstance(step, Merge):
		return _shares_of_merge(step, costs)
	literal, source, other = step
	own, opposite = costs.get(literal, 0), costs.get(-literal, 0)
	if not own and not opposite:
		return []
	if other == FALSE:
		return [(0, own)]
	if source != TRUE:
		return [(source, own), (-source, opposite)]
	if other == TRUE:
		return [(0, min(own, opposite))]
	return [(other, min(own, opposite)), (-other, own)]


def _shares_of_merge(merge: Merge, costs: Mapping[int, int] | _Changed) -> Shares:
	own = [costs.get(member, 0) for member in merge.members]
	opposite = [costs.get(-member, 0) for member in merge.members]
	none = sum(opposite)
	extra = [here - there for here, there in zip(own, opposite, strict=True)]
	least = min(extra)
	if merge.exclusive or least >= 0:
		held = none + least
	else:
		held = none + sum(each for each in extra if each < 0)
	return [(merge.whole, held), (-merge.whole, none)] if merge.whole else [(0, held)]
