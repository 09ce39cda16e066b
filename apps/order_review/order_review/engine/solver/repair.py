"""The best repairs of a configuration: change sets from which nothing can be left out, in a stated order.

Repairs come out of the search in order of number of changes. A found repair excludes every change set that
contains it, so what comes later is again a repair from which no part can be left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pysat.solvers import Minisat22

from ..catalogue import PriceBook
from .answers import Change, Repair, Repairs
from .compiled import CompiledModel
from .optimum import CheapestSolutions

MOST_CANDIDATES = 20_000
"""Repairs looked at before the search is cut short; the answer then says so."""

ORDERS = ("changes", "price", "lead")


@dataclass(frozen=True)
class _Unit:
	"""A single family, or one option of a multi family, with the change set of each of its choices.

	Choices with the fewest changes are `kept`; every other choice needs exactly one change more.
	"""

	kept: tuple[int, ...]
	changes: dict[int, frozenset[Change]]


class _Task:
	"""One configuration to be repaired on a compiled model."""

	def __init__(self, compiled: CompiledModel, chosen: Iterable[str]) -> None:
		self.compiled = compiled
		self.words = compiled.words
		self.chosen = frozenset(chosen)
		self.units: list[_Unit] = []
		self.always: frozenset[Change] = frozenset()
		self._divide()

	def _divide(self) -> None:
		catalogue, words = self.compiled.catalogue, self.words
		elsewhere: set[Change] = set()
		by_family: dict[str, list[str]] = {family: [] for family in words.members}
		for code in sorted(self.chosen):
			option = catalogue.options.get(code)
			if option is None or option.family not in words.members:
				elsewhere.add(Change(option.family if option else None, code, None))
			elif words.single(option.family) or code in words.variables:
				by_family[option.family].append(code)
			else:
				elsewhere.add(Change(option.family, code, None))
		self.always = frozenset(elsewhere)
		for family, members in words.members.items():
			if words.single(family):
				self.units.append(self._single(family, members, by_family[family]))
			else:
				self.units += [self._optional(family, member, by_family[family]) for member in members]

	def _single(self, family: str, members: Sequence[int], current: list[str]) -> _Unit:
		changes = {member: _to(family, self.words.codes[member - 1], current) for member in members}
		least = min(map(len, changes.values()), default=0)
		return _Unit(tuple(m for m in members if len(changes[m]) == least), changes)

	def _optional(self, family: str, member: int, current: list[str]) -> _Unit:
		code = self.words.codes[member - 1]
		if code in current:
			return _Unit((member,), {member: frozenset(), -member: frozenset({Change(family, code, None)})})
		return _Unit((-member,), {-member: frozenset(), member: frozenset({Change(family, None, code)})})

	def change_set(self, model: set[int]) -> list[tuple[_Unit, int]]:
		"""The choices of a solution that change something."""
		taken = []
		for unit in self.units:
			choice = next(literal for literal in unit.changes if literal in model)
			if unit.changes[choice]:
				taken.append((unit, choice))
		return taken

	def repair(
		self, taken: Sequence[tuple[_Unit, int]], prices: Callable[[str], Decimal], least_lead: int
	) -> Repair:
		"""The record of a change set."""
		changes = self.always.union(*(unit.changes[choice] for unit, choice in taken))
		ordered = tuple(sorted(changes, key=lambda c: (c.family or "", c.old or "", c.new or "")))
		after = _applied(self.chosen, ordered)
		delta = sum((prices(c.new) for c in ordered if c.new), Decimal(0))
		delta -= sum((prices(c.old) for c in ordered if c.old), Decimal(0))
		return Repair(ordered, delta, self.lead(after, least_lead) - self.lead(self.chosen, least_lead))

	def lead(self, codes: Iterable[str], least: int) -> int:
		"""Longest extra lead time in days among the options."""
		options = self.compiled.catalogue.options
		return max((options[code].lead_days for code in codes if code in options), default=least)


def _applied(chosen: frozenset[str], changes: Iterable[Change]) -> frozenset[str]:
	changes = tuple(changes)
	return chosen.difference(c.old for c in changes if c.old).union(c.new for c in changes if c.new)


def _to(family: str, code: str, current: list[str]) -> frozenset[Change]:
	"""Changes that leave exactly the given option in a single family: the first other one is replaced, the rest removed."""
	others = [each for each in current if each != code]
	if code in current:
		return frozenset(Change(family, each, None) for each in others)
	first = others[0] if others else None
	return frozenset({Change(family, first, code), *(Change(family, each, None) for each in others[1:])})


def repairs(
	compiled: CompiledModel,
	chosen: Iterable[str],
	book: PriceBook | None,
	*,
	count: int = 3,
	by: str = "changes",
	lead_of_specials: int = 0,
	keep: Iterable[str] = (),
	without: Iterable[str] = (),
) -> Repairs:
	"""The best repairs of a configuration; none when it is valid or nothing can make it so.

	Args:
		chosen: codes of the configuration; unknown and unoffered ones are removed or replaced.
		book: price book for the price differences; an option without a price counts 0.
		count: how many to return.
		by: ``changes`` (number of changes, then absolute price difference, then codes), ``price`` (absolute
			price difference first) or ``lead`` (added lead days first).
		lead_of_specials: longest lead time of the order's special options, in days.
		keep: options of the configuration that must stay; none is found where one is not offered.
		without: options that must not be chosen.
	"""
	task = _Task(compiled, chosen)
	kept = [compiled.words.variables.get(code, 0) for code in keep]
	if 0 in kept:
		return Repairs(())
	kept += [-compiled.words.variables[code] for code in without if code in compiled.words.variables]
	listed = {} if book is None else book.options
	model = compiled.model.code

	def price(code: str) -> Decimal:
		line = listed.get((code, model))
		return Decimal(0) if line is None else line.list

	def record(taken: Sequence[tuple[_Unit, int]]) -> Repair:
		return task.repair(taken, price, lead_of_specials)

	if by == "lead":
		return _by_lead(task, record, count, lead_of_specials, kept)
	best, proven = _enumerate(task, record, count if by == "changes" else None, kept)
	return Repairs(tuple(sorted(best, key=_KEYS[by])[:count]), proven)


def _codes(repair: Repair) -> tuple[Any, ...]:
	return tuple((c.family or "", c.old or "", c.new or "") for c in repair.changes)


_KEYS: dict[str, Callable[[Repair], tuple[Any, ...]]] = {
	"changes": lambda r: (len(r.changes), abs(r.price_delta), _codes(r)),
	"price": lambda r: (abs(r.price_delta), len(r.changes), _codes(r)),
	"lead": lambda r: (r.lead_delta, len(r.changes), abs(r.price_delta), _codes(r)),
}


def _by_lead(
	task: _Task, record: Callable[..., Repair], count: int, least: int, kept: Sequence[int]
) -> Repairs:
	"""Allow longer and longer lead times until enough repairs are found."""
	options, words = task.compiled.catalogue.options, task.words
	leads = [max(least, options[code].lead_days) for code in words.codes]
	found: dict[tuple[Any, ...], Repair] = {}
	with _Subsets(task) as subsets:
		if not task.always and subsets.stands([]):
			return Repairs(())
		for longest in sorted(set(leads)):
			banned = [-v for v, lead in enumerate(leads, 1) if lead > longest]
			more, proven = _enumerate(task, record, count, [*banned, *kept], subsets)
			proven = proven and not task.compiled.unwritten
			found.update({_codes(repair): repair for repair in more})
			if len(found) >= count or not proven:
				return Repairs(tuple(sorted(found.values(), key=_KEYS["lead"])[:count]), proven)
	return Repairs(tuple(sorted(found.values(), key=_KEYS["lead"])), True)


class _Subsets:
	"""Finds out whether part of a change set would do. With options banned a part may be missed that keeps one of them."""

	def __init__(self, task: _Task) -> None:
		self.task = task
		_, clauses, _ = task.compiled.complete_problem.expanded()
		self.solver = Minisat22(bootstrap_with=[list(clause) for clause in clauses])

	def __enter__(self) -> _Subsets:
		return self

	def __exit__(self, *_: object) -> None:
		self.solver.delete()

	def stands(self, taken: Sequence[tuple[_Unit, int]]) -> bool:
		"""Whether these choices, with nothing else changed, are a valid configuration."""
		chosen = {id(unit): unit.changes[choice] for unit, choice in taken}
		return self._some([(unit, chosen.get(id(unit), frozenset())) for unit in self.task.units])

	def part_of(self, taken: Sequence[tuple[_Unit, int]]) -> bool:
		"""Whether a proper part of the changes is enough."""
		chosen = {id(unit): unit.changes[choice] for unit, choice in taken}
		limits = [(unit, chosen.get(id(unit), frozenset())) for unit in self.task.units]
		return any(self._some(limits, smaller=unit) for unit, _ in taken)

	def _some(self, limits: Sequence[tuple[_Unit, frozenset[Change]]], smaller: _Unit | None = None) -> bool:
		"""Whether choices within the limits are valid together; in one unit strictly within."""
		refused = [
			-choice
			for unit, limit in limits
			for choice, changes in unit.changes.items()
			if not (changes < limit if unit is smaller else changes <= limit)
		]
		return bool(self.solver.solve(assumptions=refused))


def _enumerate(
	task: _Task,
	record: Callable[..., Repair],
	enough: int | None,
	fixed: Sequence[int],
	subsets: _Subsets | None = None,
) -> tuple[list[Repair], bool]:
	"""All repairs of the smallest sizes, size by size until `enough` are found; whether none was left out."""
	found: list[Repair] = []
	top, clauses, _ = task.compiled.complete_problem.expanded()
	soft, ties = _soft(task, top)
	with CheapestSolutions(top + len(ties), [*clauses, *ties], soft, fixed) as solutions:
		size = 0
		for _ in range(MOST_CANDIDATES):
			model = solutions.next()
			if model is None or (solutions.cost > size and enough is not None and len(found) >= enough):
				return found, True
			size = solutions.cost
			taken = task.change_set(set(model[:top]))
			repair = record(taken)
			if task.compiled.breaks_unwritten(_applied(task.chosen, repair.changes)):
				solutions.forbid(_exactly(task, set(model[:top])))
				continue
			if not repair.changes:
				return [], True
			if subsets is None or not subsets.part_of(taken):
				found.append(repair)
			if not taken:
				return found, True
			for clause in _supersets(taken):
				solutions.add(clause)
	return found, False


def _soft(task: _Task, top: int) -> tuple[dict[int, int], list[tuple[int, ...]]]:
	"""A literal per unit that should hold so that it needs no further change, and the clauses that define it."""
	soft: dict[int, int] = {}
	clauses: list[tuple[int, ...]] = []
	for unit in task.units:
		if len(unit.kept) == len(unit.changes):
			continue
		literal = unit.kept[0]
		if len(unit.kept) > 1:
			literal = top + len(clauses) + 1
			clauses.append((-literal, *unit.kept))
		soft[literal] = 1
	return soft, clauses


def _exactly(task: _Task, model: set[int]) -> list[int]:
	return [v if v in model else -v for v in range(1, len(task.words.codes) + 1)]


def _supersets(taken: Sequence[tuple[_Unit, int]]) -> Iterable[tuple[int, ...]]:
	"""Clauses that exclude every solution making at least the same changes."""
	sides = [
		[other for other, changes in unit.changes.items() if unit.changes[choice] <= changes]
		for unit, choice in taken
	]
	if all(len(side) == 1 for side in sides):
		return [tuple(-side[0] for side in sides)]
	result: list[tuple[int, ...]] = [()]
	for side in sides:
		result = [(*clause, -literal) for clause in result for literal in side]
	return result
