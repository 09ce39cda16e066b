"""A problem made small without losing an answer.

Steps, repeated while they pay: what is settled (units, backbone), options that always go together
(equivalences), options that only need one other (leaves), and members of a group that nothing else speaks of
(twins). What a step removes follows from what remains by one rule: each removed literal can hold exactly when
its *source* can. Sources form a forest over the remaining literals, so that the states of all removed options
are read off the small problem at once; decisions walk the forest the other way.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from .patience import Stop, Stopped
from .problem import BACKGROUND, Group, Problem, expand_group
from .recognise import recognised
from .search import Search
from .strong import strongly_connected
from .witnesses import Flags

Clause = tuple[int, ...]

WORTH_ANOTHER_ROUND = 0.02
"""A round that removes a smaller share of the variables is the last one."""


@dataclass
class Family:
	"""A group while the problem shrinks; members are literals."""

	parent: int
	members: list[int]
	at_least_one: bool
	at_most_one: bool
	seen: bool = False
	"""Whether it was looked at since its literals changed."""


@dataclass(frozen=True)
class Merge:
	"""Members of a group that became one literal: `whole` holds when some member does (0: it always holds)."""

	whole: int
	members: tuple[int, ...]
	exclusive: bool


@dataclass
class Reduction:
	"""The small problem and the way back.

	Attributes:
		size: variables of the whole problem; steps may add some above it.
		steps: what was removed, in order: (literal, source, source of its opposite), or a merge.
		source: for each removed literal the literal it follows; TRUE or FALSE where it follows nothing.
		merges: the merges among the steps.
		clauses, groups: the small problem, over the remaining variables.
		possible: False when nothing satisfies the problem at all.
	"""

	size: int
	top: int
	steps: list[tuple[int, int, int] | Merge] = field(default_factory=list)
	source: dict[int, int] = field(default_factory=dict)
	merges: list[Merge] = field(default_factory=list)
	clauses: list[Clause] = field(default_factory=list)
	groups: list[Family] = field(default_factory=list)
	possible: bool = True
	rounds: int = 0
	solutions: dict[int, Flags] = field(default_factory=dict)
	"""Solutions met on the way: for each variable there was then, or that was made of them since, where it holds."""


TRUE = 1 << 60
"""Source of a literal that can always hold."""
FALSE = -TRUE
"""Source of a literal that can never hold."""


def reduce(problem: Problem, stop: Stop | None = None) -> Reduction:
	"""Reduce a problem.

	Args:
		stop: asked now and then; when it says yes, the work is given up.

	Raises:
		Stopped: when it was given up.
	"""
	return _Reducer(problem, stop).run()


class _Reducer:
	def __init__(self, problem: Problem, stop: Stop | None) -> None:
		self.stop = stop
		self.result = Reduction(problem.size, problem.size)
		self.value: dict[int, bool] = {}
		self.settled: set[int] = set()
		"""Literals whose value is known, either way."""
		self.dirty = True
		"""Whether a value or a clause has changed since values were last put in."""
		tidy = (tidied(clause) for clause in problem.clauses)
		hidden, self.clauses = recognised([clause for clause in tidy if clause is not None])
		self.groups = [
			Family(g.parent, list(g.members), g.at_least_one, g.at_most_one) for g in problem.groups
		]
		self.groups += [
			Family(parent, list(members), True, exclusive) for parent, members, exclusive in hidden
		]
		self.open = set(range(1, problem.size + 1))

	def run(self) -> Reduction:
		try:
			self._rounds()
			if self._backbone():
				self._rounds()
			self._carry()
		except _Impossible:
			self.result.possible = False
			return self.result
		self.result.clauses, self.result.groups = self.clauses, self.groups
		return self.result

	def _rounds(self) -> None:
		while True:
			before = len(self.open)
			self.result.rounds += 1
			self._settle()
			self._equivalences()
			self._settle()
			_Sweep(self).run()
			if before - len(self.open) <= WORTH_ANOTHER_ROUND * before:
				return
			self._look()

	def _look(self) -> None:
		if self.stop is not None and self.stop():
			raise Stopped

	# units and substitution

	def remove(self, literal: int, source: int, other: int) -> None:
		"""Take the variable of a literal out: the literal follows `source`, its opposite follows `other`."""
		self.result.steps.append((literal, source, other))
		self.result.source[literal] = source
		self.result.source[-literal] = other
		self.open.discard(abs(literal))

	def fix(self, literal: int) -> None:
		"""The literal holds in every solution."""
		if self.value.get(abs(literal), literal > 0) != (literal > 0):
			raise _Impossible
		if abs(literal) not in self.value:
			self.value[abs(literal)] = literal > 0
			self.settled.update((literal, -literal))
			self.dirty = True
			self.remove(literal, TRUE, FALSE)

	def holds(self, literal: int) -> bool | None:
		"""Whether the literal is settled."""
		value = self.value.get(abs(literal))
		return None if value is None else value == (literal > 0)

	def _settle(self) -> None:
		"""Put settled values into clauses and groups until nothing new is settled."""
		while self.dirty:
			self.dirty = False
			self.clauses = list(
				dict.fromkeys(c for clause in self.clauses if (c := self._clause(clause)) is not None)
			)
			self.groups = [group for group in self.groups if self._untouched(group) or self._group(group)]

	def _clause(self, clause: Clause) -> Clause | None:
		"""The clause without settled literals; None when it holds."""
		if not self.settled.isdisjoint(clause):
			if any(self.holds(literal) for literal in clause):
				return None
			clause = tuple(literal for literal in clause if abs(literal) not in self.value)
		if len(clause) > 1:
			return clause
		if not clause:
			raise _Impossible
		self.fix(clause[0])
		return None

	def _untouched(self, group: Family) -> bool:
		"""Whether nothing about a group has changed since it was last looked at."""
		untouched = group.seen and group.parent not in self.settled and self.settled.isdisjoint(group.members)
		group.seen = True
		return untouched

	def _group(self, group: Family) -> bool:
		"""Shrink a group by settled values; False when it has become clauses or nothing."""
		if self.holds(group.parent) is True:
			group.parent = 0
		elif self.holds(group.parent) is False:
			for member in group.members:
				self.fix(-member)
			return False
		chosen = [member for member in group.members if self.holds(member)]
		if chosen:
			self._chosen(group, chosen)
			if group.at_most_one:
				return False
			group.at_least_one = False
		group.members = [member for member in group.members if self.holds(member) is None]
		return self._small(group)

	def _chosen(self, group: Family, chosen: Sequence[int]) -> None:
		if group.parent:
			self.fix(group.parent)
			group.parent = 0
		if group.at_most_one:
			if len(chosen) > 1:
				raise _Impossible
			for member in group.members:
				if member != chosen[0]:
					self.fix(-member)

	def _small(self, group: Family) -> bool:
		"""False for a group so small, or so loose, that clauses say it better."""
		if len(group.members) > 1 and (group.at_most_one or group.at_least_one):
			return True
		if group.at_least_one and not group.members:
			if not group.parent:
				raise _Impossible
			self.fix(-group.parent)
			return False
		self.dirty = True
		for member in group.members:
			if group.parent:
				self.clauses.append((-member, group.parent))
		if group.at_least_one:
			only = group.members[0]
			if group.parent:
				self.clauses.append((-group.parent, only))
			else:
				self.fix(only)
		return False

	# equivalences

	def _equivalences(self) -> None:
		"""Literals that imply each other through clauses of two become one."""
		edges: dict[int, list[int]] = {}
		for first, second in self._pairs():
			edges.setdefault(-first, []).append(second)
			edges.setdefault(-second, []).append(first)
		same: dict[int, int] = {}
		for component in strongly_connected(edges):
			if len(component) > 1 and min(component, key=abs) not in same:
				self._merge_equal(component, same)
		if same:
			self._substitute(same)

	def _pairs(self) -> Iterator[tuple[int, int]]:
		"""Clauses of two, those that groups stand for included as far as they are few."""
		yield from ((clause[0], clause[1]) for clause in self.clauses if len(clause) == 2)
		for group in self.groups:
			if group.parent:
				yield from ((-member, group.parent) for member in group.members)
			if len(group.members) == 2:
				first, second = group.members
				if group.at_most_one:
					yield -first, -second
				if group.at_least_one and not group.parent:
					yield first, second

	def _merge_equal(self, component: list[int], same: dict[int, int]) -> None:
		if len({abs(literal) for literal in component}) < len(component):
			raise _Impossible
		head = min(component, key=abs)
		for literal in component:
			if literal != head:
				same[literal], same[-literal] = head, -head
				self.remove(literal, head, -head)
		same[head], same[-head] = head, -head

	def _substitute(self, same: dict[int, int]) -> None:
		self.dirty = True
		replaced: list[Clause] = []
		changed = same.keys()
		for clause in self.clauses:
			if not changed.isdisjoint(clause):
				literals = dict.fromkeys(same.get(literal, literal) for literal in clause)
				if any(-literal in literals for literal in literals):
					continue
				clause = tuple(sorted(literals))
			replaced.append(clause)
		self.clauses = replaced
		self.groups = [each for group in self.groups for each in self._renamed(group, same)]

	def _renamed(self, group: Family, same: dict[int, int]) -> list[Family]:
		"""The group with its literals replaced; as clauses where literals fall together."""
		if group.parent not in same and same.keys().isdisjoint(group.members):
			return [group]
		group.seen = False
		parent = same.get(group.parent, group.parent)
		members = [same.get(member, member) for member in group.members]
		variables = {abs(member) for member in members}
		if len(variables) == len(members) and abs(parent) not in variables:
			group.parent, group.members = parent, members
			return [group]
		written: list[Clause] = []
		self._written(parent, members, group, written)
		for clause in written:
			literals = dict.fromkeys(clause)
			if not any(-literal in literals for literal in literals):
				self.clauses.append(tuple(sorted(literals)))
		return []

	@staticmethod
	def _written(parent: int, members: list[int], group: Family, clauses: list[Clause]) -> None:
		"""A group as plain clauses, without helpers: pairs keep it exact whatever falls together."""
		for place, member in enumerate(members):
			if parent:
				clauses.append((-member, parent))
			if group.at_most_one:
				clauses.extend((-member, -other) for other in members[place + 1 :])
		if group.at_least_one:
			clauses.append((-parent, *members) if parent else tuple(members))

	# backbone

	def _backbone(self) -> bool:
		"""Settle every literal of the small problem that holds in all solutions; whether there was any."""
		names = {variable: place for place, variable in enumerate(sorted(self.open), 1)}
		back = {place: variable for variable, place in names.items()}

		def small(literal: int) -> int:
			return names[abs(literal)] * (1 if literal > 0 else -1)

		written, _ = written_small(self.clauses, self.groups, small, len(names))
		found: list[list[int]] = []
		search = Search(len(names), written, self.stop, words=1, record=found)
		possible = search.possible([])
		search.solver.delete()
		if possible is None:
			raise _Impossible
		columns = np.array(found, dtype=np.int32).reshape(len(found), len(names)).T > 0
		self.result.solutions = dict(zip(names, columns, strict=True))
		never = [place for place in back if not possible[place - 1]]
		always = [place for place in back if not possible[len(names) + place - 1]]
		for literal in (*(-place for place in never), *always):
			self.fix(back[abs(literal)] * (1 if literal > 0 else -1))
		return bool(never or always)

	def _carry(self) -> None:
		"""Put what was merged since the solutions were found into them."""
		known = self.result.solutions
		for merge in self.result.merges:
			if merge.whole > 0 and merge.whole not in known and all(abs(m) in known for m in merge.members):
				held = [known[m] if m > 0 else ~known[-m] for m in merge.members]
				known[merge.whole] = np.any(held, axis=0)


class _Impossible(Exception):
	"""Nothing satisfies the problem."""


class _Sweep:
	"""One pass over leaves and twins, each removal making the next ones visible."""

	def __init__(self, reducer: _Reducer) -> None:
		self.reducer = reducer
		self.uses: dict[int, int] = dict.fromkeys(reducer.open, 0)
		self.in_clauses: dict[int, list[int]] = {}
		self.in_groups: dict[int, list[int]] = {}
		self.clauses: list[Clause | None] = list(reducer.clauses)
		self.groups: list[Family | None] = list(reducer.groups)
		self.free: dict[int, list[int]] = {}
		for number, clause in enumerate(reducer.clauses):
			for literal in clause:
				self.uses[abs(literal)] += 1
				self.in_clauses.setdefault(abs(literal), []).append(number)
		for number, group in enumerate(reducer.groups):
			for literal in (*group.members, *([group.parent] if group.parent else ())):
				self.uses[abs(literal)] += 1
				self.in_groups.setdefault(abs(literal), []).append(number)
		self.queue = deque(variable for variable in sorted(self.uses) if self.uses[variable] <= 1)

	def run(self) -> None:
		while self.queue:
			self._visit(self.queue.popleft())
		for number, members in sorted(self.free.items()):
			if len(members) > 1 and self.groups[number] is not None:
				self._merge_some(number, members)
		self.reducer.clauses = [clause for clause in self.clauses if clause is not None]
		self.reducer.groups = [group for group in self.groups if group is not None]

	def _visit(self, variable: int) -> None:
		if variable not in self.reducer.open:
			return
		if self.uses[variable] == 0:
			self.reducer.remove(variable, TRUE, TRUE)
			return
		for number in self.in_clauses.get(variable, ()):
			clause = self.clauses[number]
			if clause is not None:
				if len(clause) == 2:
					self._leaf(variable, number, clause)
				return
		for number in self.in_groups.get(variable, ()):
			group = self.groups[number]
			if group is not None:
				self._member(variable, number, group)
				return

	def _leaf(self, variable: int, number: int, clause: Clause) -> None:
		"""A variable in one clause of two: one value always fits, the other needs the other literal."""
		mine, other = clause if abs(clause[0]) == variable else (clause[1], clause[0])
		self.clauses[number] = None
		self.reducer.remove(mine, TRUE, other)
		self._less(abs(other))

	def _less(self, variable: int) -> None:
		self.uses[variable] -= 1
		if self.uses[variable] <= 1:
			self.queue.append(variable)

	def _member(self, variable: int, number: int, group: Family) -> None:
		if abs(group.parent) == variable:
			return
		free = self.free.setdefault(number, [])
		member = next(each for each in group.members if abs(each) == variable)
		if member not in free:
			free.append(member)
		if len(free) == len(group.members):
			self._merge_all(number, group)

	def _merge_all(self, number: int, group: Family) -> None:
		"""Nothing but the group speaks of its members: together they follow the parent."""
		self.groups[number] = None
		members = tuple(group.members)
		whole = group.parent
		if not group.at_least_one:
			whole = self._whole()
		self._merged(Merge(whole, members, group.at_most_one))
		if not group.at_least_one:  # one of the members may hold where the parent does, and none needs to
			self.reducer.remove(-whole, TRUE, group.parent or TRUE)
		if group.parent:
			self._less(abs(group.parent))

	def _merge_some(self, number: int, members: list[int]) -> None:
		"""Several members without any other mention become one."""
		group = self.groups[number]
		assert group is not None
		whole = self._whole()
		self.reducer.open.add(whole)
		self._merged(Merge(whole, tuple(members), group.at_most_one))
		group.members = [member for member in group.members if member not in members] + [whole]

	def _whole(self) -> int:
		self.reducer.result.top += 1
		return self.reducer.result.top

	def _merged(self, merge: Merge) -> None:
		result = self.reducer.result
		for member in merge.members:
			result.source[member], result.source[-member] = merge.whole or TRUE, TRUE
			self.reducer.open.discard(abs(member))
		result.steps.append(merge)
		result.merges.append(merge)


def tidied(clause: Clause) -> Clause | None:
	"""The clause sorted and without repeats; None when it always holds."""
	literals = set(clause)
	if len(set(map(abs, literals))) < len(literals):
		return None
	return tuple(sorted(literals))


def written_small(
	clauses: Iterable[Clause], groups: Iterable[Family], rename: Callable[[int], int], top: int
) -> tuple[list[Clause], int]:
	"""Clauses and groups as clauses over renamed variables; the highest variable used."""
	written = [tuple(map(rename, clause)) for clause in clauses]
	for each in groups:
		parent = rename(each.parent) if each.parent else 0
		group = Group(
			parent, tuple(map(rename, each.members)), each.at_least_one, each.at_most_one, BACKGROUND
		)
		top = expand_group(group, top, written)
	return written, top
