"""The cheapest solution of a reduced problem, found on its small form.

Costs of removed literals are carried to the literals they follow, step by step; what the small problem then
decides is carried back. Both directions are exact. Decisions only add costs, so a question starts from what
was proven without them and carries the difference alone.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence

from .optimum import CheapestSolutions
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
		top = max((abs(literal) for clause in clauses for literal in clause), default=0)
		self.base = CheapestSolutions(max(top, len(small) // 2), clauses, {}, stop=stop)
		self.base._weights = dict(self._soft())
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
		"""The cheapest solution with all decisions, where `more` is added to the costs; None where there is none."""
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
			model = solutions.next()
			if model is None:
				return None
			held = {literal for literal in model if literal > 0}
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
	"""A cheapest solution; values of removed variables are worked out when they are asked for."""

	def __init__(self, base: Cheapest, costs: _Changed, values: dict[int, bool], cost: int) -> None:
		self.base = base
		self.costs = costs
		self.values = values
		self.cost = cost

	def holds(self, literal: int) -> bool:
		"""Whether the literal holds in the solution."""
		waiting = [abs(literal)]
		while waiting:
			needed = self._needed(waiting[-1])
			if needed:
				waiting.append(needed)
			else:
				self._settle(waiting.pop())
		return self.values[abs(literal)] == (literal > 0)

	def _needed(self, variable: int) -> int:
		"""A variable that has to be known before this one; 0 when there is none."""
		if variable in self.values:
			return 0
		step = self.base.steps[self.base.place[variable]]
		followed = step.whole if isinstance(step, Merge) else step[2] if step[1] == TRUE else step[1]
		return abs(followed) if abs(followed) != TRUE and followed and abs(followed) not in self.values else 0

	def _settle(self, variable: int) -> None:
		if variable in self.values:
			return
		step = self.base.steps[self.base.place[variable]]
		if isinstance(step, Merge):
			self._unmerge(step)
			return
		literal, source, other = step
		if other == FALSE:
			holds = True
		elif source != TRUE:
			holds = self._is(source)
		elif other == TRUE or self._is(other):
			holds = self._cheaper(literal)
		else:
			holds = True
		self.values[variable] = holds == (literal > 0)

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
