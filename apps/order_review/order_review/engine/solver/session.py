"""Questions about a Boolean problem, asked on its reduced form and answered for every option by name.

A session keeps solvers; it belongs to one thread at a time. Its answers depend on the question alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from pysat.solvers import Minisat22

from .cheapest import Cheapest, Solution
from .explain import Conflict, Explainer
from .optimum import CheapestSolutions, Kept
from .patience import Stop, solve
from .problem import Problem
from .reduce import FALSE, TRUE, Merge, Reduction, reduce, written_small
from .search import Search, connected
from .witnesses import WORDS, Flags

Places = npt.NDArray[np.int64]


HARDLY_SMALLER = 0.7
"""Share of the variables left from which conflicts are looked for in the whole problem, without a way round."""


@dataclass(frozen=True)
class Status:
	"""What can still be true and false, by variable - 1. Both: free; one: forced or excluded."""

	can_hold: Flags
	can_fail: Flags

	@property
	def forced(self) -> Flags:
		"""Options in every solution."""
		return ~self.can_fail

	@property
	def excluded(self) -> Flags:
		"""Options in no solution."""
		return ~self.can_hold


Origin = tuple[int, ...]


@dataclass
class _Walk:
	"""Decisions carried to the small problem: what is assumed there, and what was met on the way."""

	assumed: list[int] = field(default_factory=list)
	seen: dict[int, Origin] = field(default_factory=dict)
	"""Literals met, each with decisions it follows from."""
	chosen: dict[int, int] = field(default_factory=dict)
	out: dict[int, set[int]] = field(default_factory=dict)
	clash: Origin | None = None
	"""Decisions that cannot hold together, where the walk already shows some."""


class Session:
	"""One problem, reduced once and ready to be asked.

	Args:
		problem: what is asked about.
		stop: asked now and then while reducing and searching; a yes raises `Stopped`.
		words: size of the bank of solutions kept, in words of 64.
	"""

	def __init__(self, problem: Problem, stop: Stop | None = None, words: int = WORDS) -> None:
		self.problem = problem
		self.words = words
		self.stop = stop
		self.reduction: Reduction = reduce(problem, stop)
		self.possible = self.reduction.possible
		self._kept: Kept | None = None
		if self.possible:
			self._build()

	# questions

	def check(self, decisions: Iterable[int]) -> bool:
		"""Whether a solution has all decisions."""
		if not self.possible:
			return False
		decisions = list(decisions)
		small = self._small
		direct = [small[decision] for decision in decisions if decision in small]
		if len(direct) < len(decisions):
			walk = _Walk()
			for decision in decisions:
				if decision not in small and not self._follow(decision, (decision,), walk):
					return False
			direct += [small[literal] for literal in walk.assumed]
		return solve(self._plain, direct, self.stop)

	def availability(self, decisions: Iterable[int] = ()) -> Status | None:
		"""What every option can still be, given the decisions; None when they cannot hold together."""
		if not self.possible:
			return None
		walk = self._walk(decisions)
		if walk.clash is not None:
			return None
		found = self.search.possible([self._small[literal] for literal in walk.assumed])
		return None if found is None else self._spread(found, walk)

	def cheapest(self, costs: Mapping[int, int], decisions: Iterable[int] = ()) -> Solution | None:
		"""A cheapest solution with all decisions; None where there is none.

		Args:
			costs: what each literal costs where it holds, whole numbers from 0.
		"""
		return self._without_costs.solve(costs, decisions) if self.possible else None

	def complete(self, decisions: Iterable[int]) -> list[int] | None:
		"""The solution with all decisions that chooses the fewest options; None where there is none."""
		if not self.possible:
			return None
		found = self._one_per_option.solve({}, decisions)
		if found is None:
			return None
		values = found.values
		return [v for v, name in enumerate(self.problem.names, 1) if name is not None and values[v]]

	def repair(self, decisions: Sequence[int]) -> list[int] | None:
		"""The fewest decisions to give up so that the others can hold together; None where nothing can hold at all.

		Of several such sets it is the one that keeps the first decision if any does, then the second, and so on.
		"""
		if not self.possible:
			return None
		with CheapestSolutions(self._whole, dict.fromkeys(decisions, 1)) as solutions:
			if solutions.next() is None:
				return None
			return solutions.given_up(decisions)

	@property
	def _whole(self) -> Kept:
		"""A solver on the whole problem: with many decisions it answers sooner than they are carried to the small one."""
		if self._kept is None or self._kept.worn:
			top, clauses, _ = self.problem.expanded()
			self._kept = Kept(top, clauses, self.stop)
		return self._kept

	@cached_property
	def _without_costs(self) -> Cheapest:
		return Cheapest(self.reduction, self._small, self._clauses, {}, self.stop)

	@cached_property
	def _one_per_option(self) -> Cheapest:
		costs = {v: 1 for v, name in enumerate(self.problem.names, 1) if name is not None}
		return Cheapest(self.reduction, self._small, self._clauses, costs, self.stop)

	def conflict(self, decisions: Sequence[int]) -> Conflict | None:
		"""A smallest conflict among decisions and rules; None when the decisions can hold together."""
		return self.explainer.conflict(decisions)

	def why(self, decisions: Sequence[int], literal: int) -> Conflict | None:
		"""Why the literal must hold given the decisions; None when it need not."""
		return self.explainer.why(decisions, literal)

	@cached_property
	def explainer(self) -> Explainer:
		"""Reasons, on the whole problem with all its rules."""
		return Explainer(self.problem, self._ask)

	@cached_property
	def _plain(self) -> Minisat22:
		"""A solver for single questions; the one behind availability is bent to find many different solutions."""
		return Minisat22(bootstrap_with=self._clauses)

	@cached_property
	def _asked(self) -> Minisat22:
		"""A solver for explanations, which teach it so much that others would wait for it."""
		return Minisat22(bootstrap_with=self._clauses)

	@property
	def core_size(self) -> tuple[int, int, int]:
		"""Variables, clauses and components of the reduced problem."""
		return (
			(len(self._small) // 2, len(self._clauses), len(self.search.blocks))
			if self.possible
			else (0, 0, 0)
		)

	# building

	def _build(self) -> None:
		reduction = self.reduction
		remaining = [v for v in range(1, reduction.top + 1) if v not in reduction.source]
		self._straight = len(remaining) >= HARDLY_SMALLER * self.problem.size
		remaining, blocks = self._in_blocks(remaining)
		written = self._written(remaining)
		self._clauses = written
		self.search = Search(len(remaining), written, self.stop, self.words, blocks)
		if all(variable in reduction.solutions for variable in remaining) and remaining:
			self.search.begin(np.array([reduction.solutions[v] for v in remaining]).T)
		self._lay_out(remaining)
		self._member = {
			member: number for number, merge in enumerate(reduction.merges) for member in merge.members
		}

	def _written(self, remaining: Sequence[int]) -> list[tuple[int, ...]]:
		"""The small problem as clauses over places 1.. of the remaining variables."""
		self._small = {sign * v: sign * place for place, v in enumerate(remaining, 1) for sign in (1, -1)}
		reduction = self.reduction
		return written_small(reduction.clauses, reduction.groups, self._small.__getitem__, len(remaining))[0]

	def _in_blocks(self, remaining: list[int]) -> tuple[list[int], list[tuple[int, int]]]:
		"""The remaining variables with connected ones side by side, and the ranges of their places."""
		reduction = self.reduction
		place = {variable: number for number, variable in enumerate(remaining, 1)}
		together: list[Sequence[int]] = [*reduction.clauses]
		together += [(*g.members, g.parent) if g.parent else g.members for g in reduction.groups]
		block = connected(len(remaining), ([place[abs(each)] for each in some] for some in together))
		order = sorted(range(len(remaining)), key=lambda place: (block[place], place))
		firsts = [i for i, place in enumerate(order) if i == 0 or block[place] != block[order[i - 1]]]
		ranges = [(first + 1, last) for first, last in pairwise([*firsts, len(order)])]
		return [remaining[place] for place in order], ranges

	def _lay_out(self, remaining: Sequence[int]) -> None:
		"""Places for all literals so that everything that follows a literal stands right behind it."""
		size = len(remaining)
		below: dict[int, list[int]] = {}
		for literal, source in self.reduction.source.items():
			below.setdefault(source, []).append(literal)
		rows = [(v, place) for place, v in enumerate(remaining)]
		rows += [(-v, size + place) for place, v in enumerate(remaining)]
		rows += [(TRUE, 2 * size), (FALSE, 2 * size + 1)]
		self._place: dict[int, int] = {}
		self._end: dict[int, int] = {}
		root_rows: list[int] = []
		for root, row in rows:
			self._lay_tree(root, below)
			root_rows += [row] * (len(self._place) - len(root_rows))
		self._rows: Places = np.array(root_rows, dtype=np.int64)
		options = range(1, self.problem.size + 1)
		self._hold_at: Places = np.array([self._place[v] for v in options], dtype=np.int64)
		self._fail_at: Places = np.array([self._place[-v] for v in options], dtype=np.int64)

	def _lay_tree(self, root: int, below: dict[int, list[int]]) -> None:
		stack = [(root, False)]
		while stack:
			literal, leaving = stack.pop()
			if leaving:
				self._end[literal] = len(self._place)
			else:
				self._place[literal] = len(self._place)
				stack.append((literal, True))
				stack.extend((each, False) for each in below.get(literal, ()))

	# decisions to the small problem

	def _walk(self, decisions: Iterable[int]) -> _Walk:
		"""What the decisions assume of the small problem; it ends where they clash on the way there."""
		walk = _Walk()
		for decision in decisions:
			if not self._follow(decision, (decision,), walk):
				break
		return walk

	def _follow(self, literal: int, origin: Origin, walk: _Walk) -> bool:
		"""Carry one literal to the small problem; False on a clash."""
		source, seen = self.reduction.source, walk.seen
		while literal not in seen:
			if -literal in seen:
				return self._clash(walk, origin, seen[-literal])
			seen[literal] = origin
			follows = source.get(literal)
			if follows is None:
				walk.assumed.append(literal)
				return True
			if literal in self._member or -literal in self._member:
				follows, origin = self._merged(literal, follows, origin, walk)
			if follows == TRUE:
				return True
			if follows == FALSE:
				return self._clash(walk, origin, ())
			literal = follows
		return True

	@staticmethod
	def _clash(walk: _Walk, origin: Origin, other: Origin) -> bool:
		walk.clash = (*origin, *other)
		return False

	def _merged(self, literal: int, follows: int, origin: Origin, walk: _Walk) -> tuple[int, Origin]:
		"""Where a decision on a merged member leads (FALSE on a clash), and what that follows from."""
		number = self._member.get(literal)
		if number is not None:
			chosen = walk.chosen.get(number, literal)
			if chosen != literal and self.reduction.merges[number].exclusive:
				return FALSE, (*origin, *walk.seen[chosen])
			walk.chosen[number] = literal
			return follows, origin
		number = self._member[-literal]
		merge = self.reduction.merges[number]
		out = walk.out.setdefault(number, set())
		out.add(-literal)
		if len(out) < len(merge.members):
			return follows, origin
		all_out = tuple(decision for member in merge.members for decision in walk.seen[-member])
		return (-merge.whole if merge.whole else FALSE), all_out

	def _ask(self, decisions: list[int]) -> list[int] | None:
		"""None when the decisions can hold together, else some of them that cannot."""
		if not self.possible:
			return []
		if self._straight:
			solver = self._whole.solver
			return None if solve(solver, decisions, self.stop) else list(solver.get_core() or ())
		walk = self._walk(decisions)
		if walk.clash is not None:
			return list(walk.clash)
		if solve(self._asked, [self._small[literal] for literal in walk.assumed], self.stop):
			return None
		core = set(self._asked.get_core() or ())
		return [d for literal in walk.assumed if self._small[literal] in core for d in walk.seen[literal]]

	# answers back to all options

	def _spread(self, found: Flags, walk: _Walk) -> Status:
		known = np.append(found, (True, False))
		spread: Flags = known[self._rows]
		for literal in walk.seen:
			self._rule_out(spread, -literal)
		for number in sorted({*walk.chosen, *walk.out}, reverse=True):
			self._spread_merge(spread, number, self.reduction.merges[number], walk)
		return Status(spread[self._hold_at], spread[self._fail_at])

	def _spread_merge(self, spread: Flags, number: int, merge: Merge, walk: _Walk) -> None:
		chosen = walk.chosen.get(number)
		if chosen is not None:
			if merge.exclusive:
				for member in merge.members:
					if member != chosen:
						self._rule_out(spread, member)
			return
		out = walk.out[number]
		if len(out) == len(merge.members) - 1:
			last = next(member for member in merge.members if member not in out)
			if not merge.whole or not spread[self._place[-merge.whole]]:
				self._rule_out(spread, -last)

	def _rule_out(self, spread: Flags, literal: int) -> None:
		"""The literal cannot hold, nor can what follows it."""
		spread[self._place[literal] : self._end[literal]] = False
