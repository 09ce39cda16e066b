"""A Boolean problem: named options, families of them, and clauses that remember their rule.

Literals are non-zero integers: ``v`` says that option ``v`` is chosen, ``-v`` that it is not.
A problem is immutable once built; sessions, reductions and explanations only read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

BACKGROUND = -1
"""Rule number of what always holds (a family takes one option); it is never named as a reason."""

PAIRWISE_LIMIT = 6
"""Families up to this size are written as pairs; larger ones get helper variables."""


@dataclass(frozen=True)
class Group:
	"""Members under a parent: each member needs the parent; how many the parent needs is said by the flags.

	`parent` is a literal, 0 where the group always holds.
	"""

	parent: int
	members: tuple[int, ...]
	at_least_one: bool
	at_most_one: bool
	rule: int


@dataclass(frozen=True)
class Problem:
	"""Options 1..n (helpers have the name None), clauses and groups, each with the number of its rule."""

	names: tuple[str | None, ...]
	index: dict[str, int]
	clauses: tuple[tuple[int, ...], ...]
	clause_rules: tuple[int, ...]
	groups: tuple[Group, ...]
	rules: tuple[str, ...]

	@property
	def size(self) -> int:
		"""Number of variables, helpers included."""
		return len(self.names)

	def name(self, variable: int) -> str | None:
		"""Return the option code of a variable, None for a helper."""
		return self.names[variable - 1]

	def expanded(self) -> tuple[int, list[tuple[int, ...]], list[int]]:
		"""Return (number of variables, clauses, rule of each clause) with all groups written as clauses."""
		clauses, rules = list(self.clauses), list(self.clause_rules)
		top = self.size
		for group in self.groups:
			top = expand_group(group, top, clauses)
			rules.extend([group.rule] * (len(clauses) - len(rules)))
		return top, clauses, rules


def expand_group(group: Group, top: int, clauses: list[tuple[int, ...]]) -> int:
	"""Append the clauses of a group; return the highest variable used."""
	if group.parent:
		clauses.extend((-member, group.parent) for member in group.members)
	if group.at_least_one:
		clauses.append((-group.parent, *group.members) if group.parent else group.members)
	if group.at_most_one:
		top = at_most_one(group.members, top, clauses)
	return top


def at_most_one(members: Sequence[int], top: int, clauses: list[tuple[int, ...]]) -> int:
	"""Append clauses for "at most one"; long lists are cut into short ones by helpers."""
	rest = list(members)
	while len(rest) > PAIRWISE_LIMIT:
		top += 1
		head, rest = rest[: PAIRWISE_LIMIT - 2], rest[PAIRWISE_LIMIT - 2 :]
		_pairs([*head, top], clauses)
		rest = [-top, *rest]  # the helper is true when one of the rest is, and then none of the head may be
	_pairs(rest, clauses)
	return top


def _pairs(members: Sequence[int], clauses: list[tuple[int, ...]]) -> None:
	for i, first in enumerate(members):
		for second in members[i + 1 :]:
			clauses.append((-first, -second))


class ProblemBuilder:
	"""Collects options, clauses and groups; `build` freezes them."""

	def __init__(self) -> None:
		self.names: list[str | None] = []
		self.index: dict[str, int] = {}
		self.clauses: list[tuple[int, ...]] = []
		self.clause_rules: list[int] = []
		self.groups: list[Group] = []
		self.rules: list[str] = []

	@classmethod
	def extending(cls, problem: Problem) -> ProblemBuilder:
		"""A builder that starts with everything of a problem."""
		builder = cls()
		builder.names = list(problem.names)
		builder.index = dict(problem.index)
		builder.clauses = list(problem.clauses)
		builder.clause_rules = list(problem.clause_rules)
		builder.groups = list(problem.groups)
		builder.rules = list(problem.rules)
		return builder

	def option(self, name: str) -> int:
		"""Return the variable of an option, made at its first mention."""
		variable = self.index.get(name)
		if variable is None:
			self.names.append(name)
			variable = self.index[name] = len(self.names)
		return variable

	def helper(self) -> int:
		"""Return a fresh variable without a name."""
		self.names.append(None)
		return len(self.names)

	def rule(self, label: str) -> int:
		"""Return the number of a new rule."""
		self.rules.append(label)
		return len(self.rules) - 1

	def clause(self, literals: Iterable[int], rule: int = BACKGROUND) -> None:
		"""Add one clause: at least one of the literals holds."""
		self.clauses.append(tuple(literals))
		self.clause_rules.append(rule)

	def group(
		self,
		members: Iterable[int],
		*,
		parent: int = 0,
		at_least_one: bool = True,
		at_most_one: bool = True,
		rule: int = BACKGROUND,
	) -> None:
		"""Add a family: its members, the literal they need, and how many the parent needs."""
		self.groups.append(Group(parent, tuple(members), at_least_one, at_most_one, rule))

	def build(self) -> Problem:
		"""Freeze what was collected."""
		return Problem(
			tuple(self.names),
			dict(self.index),
			tuple(self.clauses),
			tuple(self.clause_rules),
			tuple(self.groups),
			tuple(self.rules),
		)


def literal_names(problem: Problem, literals: Iterable[int]) -> Iterator[tuple[str, bool]]:
	"""Yield (option, chosen) of each literal that has a name."""
	for literal in literals:
		name = problem.name(abs(literal))
		if name is not None:
			yield name, literal > 0
