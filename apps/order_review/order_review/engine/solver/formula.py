"""Conditions on options as formulas, and formulas as clauses.

A formula is True, False, a literal (int), `Every`, `Some` or `Among`. Negation is pushed to the leaves,
so that a condition can be asserted either way; three-valued meaning is settled before (see `truth`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Clause = tuple[int, ...]

MOST_PRODUCTS = 128
"""A disjunction that would need more clauses than this gets helper variables instead."""


@dataclass(frozen=True, eq=False)
class Node:
	"""A decision on one family (or one option of a multi family): which branch each choice takes.

	Branches are (literals of which exactly one holds, further node or outcome).
	"""

	branches: tuple[tuple[tuple[int, ...], Diagram], ...]


Diagram = Node | bool | None
"""A decision diagram ending in True, False or None (unknown)."""


@dataclass(frozen=True)
class Every:
	"""All parts hold."""

	parts: tuple[Formula, ...]


@dataclass(frozen=True)
class Some:
	"""At least one part holds."""

	parts: tuple[Formula, ...]


@dataclass(frozen=True)
class Among:
	"""The outcome of a diagram is one of those allowed."""

	diagram: Diagram
	allowed: frozenset[bool | None]


Formula = bool | int | Every | Some | Among
_OUTCOMES: frozenset[bool | None] = frozenset({True, False, None})


def every(parts: Iterable[Formula]) -> Formula:
	"""Conjunction, simplified."""
	kept: list[Formula] = []
	for part in parts:
		if part is False:
			return False
		if part is not True:
			kept.extend(part.parts if isinstance(part, Every) else (part,))
	if not kept:
		return True
	return kept[0] if len(kept) == 1 else Every(tuple(kept))


def some(parts: Iterable[Formula]) -> Formula:
	"""Disjunction, simplified."""
	kept: list[Formula] = []
	for part in parts:
		if part is True:
			return True
		if part is not False:
			kept.extend(part.parts if isinstance(part, Some) else (part,))
	if not kept:
		return False
	return kept[0] if len(kept) == 1 else Some(tuple(kept))


def negated(formula: Formula) -> Formula:
	"""The formula that holds exactly when the given one does not."""
	if isinstance(formula, bool):
		return not formula
	if isinstance(formula, int):
		return -formula
	if isinstance(formula, Every):
		return some(negated(part) for part in formula.parts)
	if isinstance(formula, Some):
		return every(negated(part) for part in formula.parts)
	return Among(formula.diagram, _OUTCOMES - formula.allowed)


class Clauses:
	"""Writes formulas as clauses; helper variables come from `fresh`."""

	def __init__(self, fresh: Callable[[], int]) -> None:
		self.fresh = fresh
		self.extra: list[Clause] = []

	def of(self, formula: Formula) -> list[Clause]:
		"""Clauses that hold (with some values of the helpers) exactly when the formula does."""
		found = self._clauses(formula)
		result = [*self.extra, *found]
		self.extra = []
		return list(dict.fromkeys(clause for clause in map(_tidy, result) if clause is not None))

	def _clauses(self, formula: Formula) -> list[Clause]:
		if isinstance(formula, bool):
			return [] if formula else [()]
		if isinstance(formula, int):
			return [(formula,)]
		if isinstance(formula, Every):
			return [clause for part in formula.parts for clause in self._clauses(part)]
		if isinstance(formula, Some):
			return self._product([self._clauses(part) for part in formula.parts])
		return self._diagram(formula.diagram, formula.allowed, {})

	def _product(self, parts: Sequence[list[Clause]]) -> list[Clause]:
		result: list[Clause] = [()]
		for part in sorted(parts, key=len):
			if len(part) * len(result) > MOST_PRODUCTS:
				part = [(self._named(part),)]
			result = [(*left, *right) for left in result for right in part]
		return result

	def _named(self, clauses: list[Clause]) -> int:
		"""A helper that may only be true when the clauses hold."""
		helper = self.fresh()
		self.extra.extend((-helper, *clause) for clause in clauses)
		return helper

	def _diagram(
		self, diagram: Diagram, allowed: frozenset[bool | None], known: dict[int, list[Clause]]
	) -> list[Clause]:
		if not isinstance(diagram, Node):
			return [] if diagram in allowed else [()]
		found = known.get(id(diagram))
		if found is None:
			found = self._node(diagram, allowed, known)
			if len(found) > MOST_PRODUCTS:
				found = [(self._named(found),)]
			known[id(diagram)] = found
		return found

	def _node(
		self, node: Node, allowed: frozenset[bool | None], known: dict[int, list[Clause]]
	) -> list[Clause]:
		result: list[Clause] = []
		choices = [literal for literals, _ in node.branches for literal in literals]
		for literals, below in node.branches:
			clauses = self._diagram(below, allowed, known)
			if clauses:
				otherwise = _otherwise(literals, choices)
				result.extend((*otherwise, *clause) for clause in clauses)
		return result


def _otherwise(literals: tuple[int, ...], choices: Sequence[int]) -> Clause:
	"""A clause saying that none of the literals holds, given that exactly one of the choices does."""
	if len(literals) == 1:
		return (-literals[0],)
	return tuple(choice for choice in choices if choice not in literals)


def _tidy(clause: Clause) -> Clause | None:
	"""Sorted without repeats; None for a clause that always holds."""
	literals = set(clause)
	if any(-literal in literals for literal in literals):
		return None
	return tuple(sorted(literals, key=lambda literal: (abs(literal), literal)))
