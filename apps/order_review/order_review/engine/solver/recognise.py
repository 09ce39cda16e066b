"""Groups hidden in plain clauses: "one of", "at least one of", "at most one of", with the literal they hang under."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Clause = tuple[int, ...]

Found = tuple[int, tuple[int, ...], bool]
"""Parent (0: none), members, whether at most one may hold. At least one must, where the parent holds."""


def recognised(clauses: Sequence[Clause]) -> tuple[list[Found], list[Clause]]:
	"""Groups written as clauses, and the clauses that are left.

	A group is a long clause whose literals, but perhaps the negated parent, each imply the parent by a clause
	of two; it is exclusive when each two of them exclude each other. Clauses are sorted and without repeats.
	"""
	implied: dict[int, set[int]] = {}
	for clause in clauses:
		if len(clause) == 2:
			implied.setdefault(-clause[0], set()).add(clause[1])
			implied.setdefault(-clause[1], set()).add(clause[0])
	groups: list[Found] = []
	used: set[Clause] = set()
	for clause in clauses:
		if len(clause) > 2:
			found = _group(clause, implied)
			if found is not None:
				groups.append(found)
				used.add(clause)
				used.update(_pairs(*found))
	return groups, [clause for clause in clauses if clause not in used]


def _group(clause: Clause, implied: dict[int, set[int]]) -> Found | None:
	parent = _parent(clause, implied)
	members = tuple(literal for literal in clause if literal != -parent)
	exclusive = _exclusive(members, implied)
	return (parent, members, exclusive) if parent or exclusive else None


def _parent(clause: Clause, implied: dict[int, set[int]]) -> int:
	"""The literal all others of the clause imply, whose negation stands in it; 0 where there is none."""
	for literal in clause:
		others = [each for each in clause if each != literal]
		if all(-literal in implied.get(each, ()) for each in others):
			return -literal
	return 0


def _exclusive(members: Sequence[int], implied: dict[int, set[int]]) -> bool:
	negated = {-member for member in members}
	return all(len(negated & implied.get(member, set())) == len(members) - 1 for member in members)


def _pairs(parent: int, members: Sequence[int], exclusive: bool) -> Iterable[Clause]:
	"""The clauses of two a group stands for."""
	for place, member in enumerate(members):
		if parent:
			yield _sorted(-member, parent)
		if exclusive:
			for other in members[place + 1 :]:
				yield _sorted(-member, -other)


def _sorted(first: int, second: int) -> Clause:
	return (first, second) if first < second else (second, first)
