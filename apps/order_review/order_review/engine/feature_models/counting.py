"""How many configurations a feature model has: exact, on the reduced problem.

What the reduction removed stands as a weight on what it followed: in how many ways it can be chosen when that holds,
and when it does not. The small problem is then counted by cases: it falls into parts that share nothing, each is
counted once however often it comes up again, and units are settled at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod

from ..solver.patience import Stop, Stopped
from ..solver.problem import Problem
from ..solver.reduce import FALSE, TRUE, Family, Merge, Reduction, reduce
from ..solver.search import connected

Clause = tuple[int, ...]
Clauses = frozenset[Clause]

MOST_REMEMBERED = 500_000
"""Parts whose number is remembered, before they are forgotten."""


class Uncountable(Exception):
	"""The problem has helper variables, which are no choices."""


def count(problem: Problem, stop: Stop | None = None) -> int:
	"""The number of configurations.

	Raises:
		Uncountable: the problem has helper variables.
		Stopped: `stop` said yes first.
	"""
	if None in problem.names:
		raise Uncountable
	reduction = reduce(problem, stop)
	return _Counter(reduction, stop).count() if reduction.possible else 0


class _Counter:
	def __init__(self, reduction: Reduction, stop: Stop | None) -> None:
		self.reduction = reduction
		self.stop = stop
		self.ways: dict[int, int] = {}
		"""In how many ways what hangs below a literal can be chosen when it holds; 1 where nothing is said."""
		self.factor = 1
		self.known: dict[Clauses, int] = {}
		self.looks = 0

	def count(self) -> int:
		for step in self.reduction.steps:
			if isinstance(step, Merge):
				self._merge(step)
			else:
				self._remove(*step)
		clauses = {each for family in self.reduction.groups for each in _written(family)}
		clauses.update(tuple(sorted(clause)) for clause in self.reduction.clauses)
		rest = [v for v in range(1, self.reduction.top + 1) if v not in self.reduction.source]
		return self.factor * self._parts(frozenset(clauses), rest)

	# what was removed

	def _of(self, literal: int) -> int:
		return self.ways.get(literal, 1)

	def _both(self, variable: int) -> int:
		return self._of(variable) + self._of(-variable)

	def _times(self, literal: int, number: int) -> None:
		if abs(literal) == TRUE or not literal:
			self.factor *= number if literal != FALSE else 1
		else:
			self.ways[literal] = self._of(literal) * number

	def _remove(self, literal: int, source: int, other: int) -> None:
		own, opposite = self._of(literal), self._of(-literal)
		if other == FALSE:  # it holds in every solution
			self.factor *= own
		elif source != TRUE:  # it is the same as another literal
			self._times(source, own)
			self._times(-source, opposite)
		elif other == TRUE:  # nothing speaks of it
			self.factor *= own + opposite
		else:  # it needs to hold only where the other does not
			self._times(other, own + opposite)
			self._times(-other, own)

	def _merge(self, merge: Merge) -> None:
		none = prod(self._of(-member) for member in merge.members)
		if merge.exclusive:
			some = sum(
				self._of(member) * prod(self._of(-other) for other in merge.members if other != member)
				for member in merge.members
			)
		else:
			some = prod(self._of(member) + self._of(-member) for member in merge.members) - none
		if merge.whole:
			self._times(merge.whole, some)
			self._times(-merge.whole, none)
		else:
			self.factor *= some

	# the small problem

	def _parts(self, clauses: Clauses, variables: Iterable[int]) -> int:
		"""The number over these variables: parts that share nothing are multiplied."""
		total = 1
		places = {v: place for place, v in enumerate(sorted({abs(each) for c in clauses for each in c}), 1)}
		for variable in variables:
			if variable not in places:
				total *= self._both(variable)
		if not clauses:
			return total
		roots = connected(len(places), ([places[abs(each)] for each in clause] for clause in clauses))
		parts: dict[int, list[Clause]] = {}
		for clause in clauses:
			parts.setdefault(roots[places[abs(clause[0])] - 1], []).append(clause)
		for part in sorted(parts.values(), key=len):
			number = self._part(frozenset(part))
			if not number:
				return 0
			total *= number
		return total

	def _part(self, clauses: Clauses) -> int:
		found = self.known.get(clauses)
		if found is None:
			self._look()
			branch = _most_used(clauses)
			found = self._case(clauses, branch) + self._case(clauses, -branch)
			if len(self.known) >= MOST_REMEMBERED:
				self.known.clear()
			self.known[clauses] = found
		return found

	def _case(self, clauses: Clauses, literal: int) -> int:
		"""The number where the literal holds, and all that follows from it at once."""
		before = {abs(each) for clause in clauses for each in clause}
		held: set[int] = set()
		waiting = [literal]
		left: Iterable[Clause] = clauses
		while waiting:
			held.update(waiting)
			if any(-each in held for each in waiting):
				return 0
			kept, units = [], []
			for clause in left:
				if held.isdisjoint(clause):
					open_literals = tuple(each for each in clause if -each not in held)
					if not open_literals:
						return 0
					if len(open_literals) == 1:
						units.append(open_literals[0])
					else:
						kept.append(open_literals)
			left, waiting = kept, list(dict.fromkeys(units))
		number = prod(map(self._of, held))
		settled = set(map(abs, held))
		return number * self._parts(frozenset(left), before - settled) if number else 0

	def _look(self) -> None:
		self.looks += 1
		if self.stop is not None and self.looks % 50 == 0 and self.stop():
			raise Stopped


def _most_used(clauses: Clauses) -> int:
	"""The variable that stands in most clauses, short ones before long ones."""
	uses: dict[int, float] = {}
	for clause in clauses:
		weight = 4.0 ** -min(len(clause), 8)
		for literal in clause:
			uses[abs(literal)] = uses.get(abs(literal), 0.0) + weight
	return max(uses, key=lambda variable: (uses[variable], -variable))


def _written(family: Family) -> list[Clause]:
	"""A group as clauses without helpers, which would count as choices."""
	clauses: list[Clause] = []
	members: Sequence[int] = family.members
	for place, member in enumerate(members):
		if family.parent:
			clauses.append((-member, family.parent))
		if family.at_most_one:
			clauses += [(-member, -other) for other in members[place + 1 :]]
	if family.at_least_one:
		clauses.append((-family.parent, *members) if family.parent else tuple(members))
	return [tuple(sorted(clause)) for clause in clauses]
