"""Unit propagation that remembers why: it finds the few clauses a conflict needs among thousands."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from functools import cached_property

Clause = tuple[int, ...]


class Trace:
	"""Clauses indexed for propagation. Literals are -n..n; lists are indexed by literal + n."""

	def __init__(self, top: int, clauses: Sequence[Clause]) -> None:
		self.top = top
		self.clauses = clauses
		self.implied: list[list[tuple[int, int]]] = [[] for _ in range(2 * top + 1)]
		self.long: list[list[int]] = [[] for _ in range(2 * top + 1)]
		units: list[tuple[int, int]] = []
		for number, clause in enumerate(clauses):
			if len(clause) == 2:
				self.implied[top - clause[0]].append((clause[1], number))
				self.implied[top - clause[1]].append((clause[0], number))
			elif len(clause) > 2:
				for literal in clause:
					self.long[top - literal].append(number)
			elif clause:
				units.append((clause[0], number))
		self.base_reasons: dict[int, int] = {}
		self.reached: dict[int, int] = {}
		self.base_conflict = self._spread(units, self.base_reasons, {})

	def conflict(self, decisions: Iterable[int]) -> set[int] | None:
		"""Numbers of clauses that conflict with the decisions by propagation alone; None where it finds none."""
		if self.base_conflict is not None:
			return self.base_conflict
		self.reached = {}
		return self._spread([(decision, -1) for decision in decisions], self.reached, self.base_reasons)

	def around(self) -> list[int]:
		"""Numbers of the clauses that speak of nothing but what the last propagation came to: shorter ways lie there."""
		known = set(map(abs, self.reached)) | set(map(abs, self.base_reasons))
		numbers: set[int] = set()
		for literal in self.reached:
			numbers.update([number for _, number in self.implied[literal + self.top]])
			numbers.update(self.long[literal + self.top])
		variables = self._variables
		near = [number for number in numbers if known.issuperset(variables[number])]
		return sorted({*near, *self.base_reasons.values()})

	@cached_property
	def _variables(self) -> list[frozenset[int]]:
		"""What each clause speaks of."""
		return [frozenset(map(abs, clause)) for clause in self.clauses]

	def _spread(
		self, start: Iterable[tuple[int, int]], reasons: dict[int, int], base: dict[int, int]
	) -> set[int] | None:
		"""Propagate; `reasons` maps each literal that became true to its clause (-1: assumed)."""
		queue = deque(start)
		while queue:
			literal, reason = queue.popleft()
			if literal in reasons or literal in base:
				continue
			if -literal in reasons or -literal in base:
				return self._behind(reason, literal, reasons, base)
			reasons[literal] = reason
			queue.extend(self.implied[literal + self.top])
			for number in self.long[literal + self.top]:
				unit = self._unit(self.clauses[number], reasons, base)
				if unit is not None:
					queue.append((unit, number))
		return None

	@staticmethod
	def _unit(clause: Clause, reasons: dict[int, int], base: dict[int, int]) -> int | None:
		"""The one literal left of a clause (any of it when none is left); None while it is open or holds."""
		left = 0
		for literal in clause:
			if literal in reasons or literal in base:
				return None
			if -literal not in reasons and -literal not in base:
				if left:
					return None
				left = literal
		return left or clause[0]

	def _behind(self, reason: int, literal: int, reasons: dict[int, int], base: dict[int, int]) -> set[int]:
		"""Clauses on the way to the clash of `literal`, which follows from `reason`, with its opposite."""
		used: set[int] = set()
		seen: set[int] = set()
		stack = [-literal]
		self._enter(reason, literal, used, stack)
		while stack:
			true = stack.pop()
			if true not in seen:
				seen.add(true)
				self._enter(reasons.get(true, base.get(true, -1)), true, used, stack)
		return used

	def _enter(self, number: int, follows: int, used: set[int], stack: list[int]) -> None:
		if number >= 0:
			used.add(number)
			stack.extend(-literal for literal in self.clauses[number] if literal != follows)
