"""The best repairs of a configuration: change sets from which nothing can be left out, in a stated order.

Repairs come out of the search in order of number of changes. A found repair excludes every change set that
contains it, so what comes later is again a repair from which no part can be left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from ..catalogue import PriceBook
from .answers import Change, Repair, Repairs
from .compiled import CompiledModel
from .optimum import CheapestSolutions
from .truth import Vocabulary

MOST_CANDIDATES = 20_000
"""Repairs looked at before the search is cut short; the answer then says so."""

MOST_UNITS = 50_000
"""Choices of a family whose change sets are remembered, before they are forgotten."""

_NOTHING = Decimal(0)

ORDERS = ("changes", "price", "lead")


@dataclass(frozen=True)
class _Unit:
	"""A single family, or one option of a multi family, with the change set of each of its choices.

	Choices with the fewest changes are `kept`; every other choice needs exactly one change more. `still` is the
	choice that changes nothing, 0 where there is none.
	"""

	kept: tuple[int, ...]
	changes: dict[int, frozenset[Change]]
	still: int

	@cached_property
	def ordered(self) -> dict[int, tuple[_Codes, ...]]:
		"""The changes of each choice by codes, in order."""
		return {choice: tuple(sorted(map(_code_of, changes))) for choice, changes in self.changes.items()}

	@cached_property
	def more(self) -> dict[int, tuple[int, ...]]:
		"""For each choice those that change at least the same."""
		return {
			choice: tuple(other for other, others in self.changes.items() if changes <= others)
			for choice, changes in self.changes.items()
		}


_Codes = tuple[str, str, str]
"""Family, old and new option of a change; nothing is an empty text, so that changes can be put in order."""


class _Units:
	"""The units of a model for the options chosen of each family; made once for each choice."""

	def __init__(self, words: Vocabulary) -> None:
		self.words = words
		self.family_of = {
			code: option.family
			for code, option in words.catalogue.options.items()
			if words.single(option.family) or code in words.variables
		}
		"""Options that a unit speaks of: of single families all, of the others those the model offers."""
		self.leads = {c: o.lead_days for c, o in words.catalogue.options.items() if o.lead_days}
		self.made: dict[tuple[str, tuple[str, ...]], list[_Unit]] = {}

	@classmethod
	def of(cls, words: Vocabulary) -> _Units:
		"""The units of a model, kept with its catalogue."""
		key = ("units", words.model.code)
		found = words.catalogue.derived.get(key)
		if found is None:
			found = words.catalogue.derived[key] = cls(words)
		assert isinstance(found, _Units)
		return found

	def get(self, family: str, current: tuple[str, ...]) -> list[_Unit]:
		"""The units of a family of which these options are chosen."""
		found = self.made.get((family, current))
		if found is None:
			if len(self.made) >= MOST_UNITS:
				self.made.clear()
			found = self.made[family, current] = self._make(family, current)
		return found

	def _make(self, family: str, current: tuple[str, ...]) -> list[_Unit]:
		members = self.words.members[family]
		if self.words.single(family):
			return [self._single(family, members, current)]
		return [self._optional(family, member, current) for member in members]

	def _single(self, family: str, members: Sequence[int], current: Sequence[str]) -> _Unit:
		changes = {member: _to(family, self.words.codes[member - 1], current) for member in members}
		least = min(map(len, changes.values()), default=0)
		kept = tuple(m for m in members if len(changes[m]) == least)
		return _Unit(kept, changes, kept[0] if kept and least == 0 else 0)

	def _optional(self, family: str, member: int, current: Sequence[str]) -> _Unit:
		code = self.words.codes[member - 1]
		if code in current:
			gone = frozenset({Change(family, code, None)})
			return _Unit((member,), {member: frozenset(), -member: gone}, member)
		return _Unit(
			(-member,), {-member: frozenset(), member: frozenset({Change(family, None, code)})}, -member
		)


Taken = Sequence[tuple[_Unit, int]]


@dataclass(frozen=True)
class _Draft:
	"""A repair without its lead time, which takes longer to tell."""

	codes: tuple[_Codes, ...]
	price_delta: Decimal


class _Task:
	"""One configuration to be repaired on a compiled model."""

	def __init__(
		self, compiled: CompiledModel, chosen: Iterable[str], book: PriceBook | None, least_lead: int
	) -> None:
		self.compiled = compiled
		self.words = compiled.words
		self.chosen = frozenset(chosen)
		self.units: list[_Unit] = []
		self.always: tuple[_Codes, ...] = ()
		self.least_lead = least_lead
		self.prices = {} if book is None else _prices(compiled, book)
		self._divide()

	def _divide(self) -> None:
		options, units = self.compiled.catalogue.options, _Units.of(self.words)
		elsewhere: list[_Codes] = []
		by_family: dict[str, tuple[str, ...]] = {}
		for code in sorted(self.chosen):
			family = units.family_of.get(code)
			if family is not None:
				by_family[family] = (*by_family.get(family, ()), code)
			else:
				elsewhere.append((options[code].family if code in options else "", code, ""))
		self.always = tuple(sorted(elsewhere))
		for family in self.words.members:
			self.units += units.get(family, by_family.get(family, ()))
		self.of_still = {unit.still: unit for unit in self.units if unit.still}
		self.restless = [unit for unit in self.units if not unit.still]

	def change_set(self, model: set[int]) -> list[tuple[_Unit, int]]:
		"""The choices of a solution that change something."""
		changed = [self.of_still[still] for still in self.of_still.keys() - model]
		return [
			(unit, next(literal for literal in unit.changes if literal in model))
			for unit in (*changed, *self.restless)
		]

	def draft(self, taken: Taken) -> _Draft:
		"""What a change set does."""
		codes = [*self.always, *(each for unit, choice in taken for each in unit.ordered[choice])]
		codes.sort()
		price = self.prices.get
		delta = sum([price(new, _NOTHING) - price(old, _NOTHING) for _, old, new in codes], _NOTHING)
		return _Draft(tuple(codes), delta)

	def repair(self, draft: _Draft) -> Repair:
		"""The record of a change set."""
		added = self.lead(self.after(draft)) - self.lead_before
		changes = tuple(Change(family or None, old or None, new or None) for family, old, new in draft.codes)
		return Repair(changes, draft.price_delta, added)

	def after(self, draft: _Draft) -> frozenset[str]:
		"""The configuration with the changes made."""
		codes = draft.codes
		return self.chosen.difference(old for _, old, _ in codes).union(new for _, _, new in codes if new)

	def lead(self, codes: frozenset[str]) -> int:
		"""Longest extra lead time in days among the options."""
		if codes.isdisjoint(self.compiled.catalogue.options):
			return self.least_lead
		leads = _Units.of(self.words).leads
		return max([leads[code] for code in leads.keys() & codes], default=0)

	@cached_property
	def lead_before(self) -> int:
		"""Longest extra lead time of the configuration as it is."""
		return self.lead(self.chosen)


def _code_of(change: Change) -> tuple[str, str, str]:
	return change.family or "", change.old or "", change.new or ""


def _prices(compiled: CompiledModel, book: PriceBook) -> dict[str, Decimal]:
	"""List prices of a book on the model; kept with the catalogue where the book is one of its own."""
	model, derived = compiled.model.code, compiled.catalogue.derived
	key = ("list prices", book.code, model)
	known: tuple[PriceBook, dict[str, Decimal]] | None = derived.get(key)
	if known is None or known[0] is not book:
		prices = {code: line.list for (code, priced), line in book.options.items() if priced == model}
		known = derived[key] = (book, prices)
	return known[1]


def _to(family: str, code: str, current: Sequence[str]) -> frozenset[Change]:
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
	task = _Task(compiled, chosen, book, lead_of_specials)
	kept = [compiled.words.variables.get(code, 0) for code in keep]
	if 0 in kept:
		return Repairs(())
	kept += [-compiled.words.variables[code] for code in without if code in compiled.words.variables]
	if by == "lead":
		return _by_lead(task, count, kept)
	best, proven = _enumerate(task, count if by == "changes" else None, kept)
	return Repairs(tuple(map(task.repair, sorted(best, key=_KEYS[by])[:count])), proven)


_KEYS: dict[str, Callable[[_Draft], tuple[Any, ...]]] = {
	"changes": lambda draft: (len(draft.codes), abs(draft.price_delta), draft.codes),
	"price": lambda draft: (abs(draft.price_delta), len(draft.codes), draft.codes),
}


def _by_lead(task: _Task, count: int, kept: Sequence[int]) -> Repairs:
	"""Allow longer and longer lead times until enough repairs are found."""
	options, words = task.compiled.catalogue.options, task.words
	leads = [max(task.least_lead, options[code].lead_days) for code in words.codes]
	found: dict[tuple[Any, ...], Repair] = {}

	def best() -> tuple[Repair, ...]:
		def key(item: tuple[tuple[Any, ...], Repair]) -> tuple[Any, ...]:
			codes, repair = item
			return repair.lead_delta, len(repair.changes), abs(repair.price_delta), codes

		return tuple(repair for _, repair in sorted(found.items(), key=key)[:count])

	subsets = _Subsets(task)
	if not task.always and subsets.stands([]):
		return Repairs(())
	for longest in sorted(set(leads)):
		banned = [-v for v, lead in enumerate(leads, 1) if lead > longest]
		more, proven = _enumerate(task, count, [*banned, *kept], subsets)
		proven = proven and not task.compiled.unwritten
		found.update({draft.codes: task.repair(draft) for draft in more})
		if len(found) >= count or not proven:
			return Repairs(best(), proven)
	return Repairs(best(), True)


class _Subsets:
	"""Finds out whether part of a change set would do. With options banned a part may be missed that keeps one of them."""

	def __init__(self, task: _Task) -> None:
		self.task = task
		self.solver = task.compiled.core.optimizer.solver

	def stands(self, taken: Taken) -> bool:
		"""Whether these choices, with nothing else changed, are a valid configuration."""
		chosen = {id(unit): unit.changes[choice] for unit, choice in taken}
		return self._some([(unit, chosen.get(id(unit), frozenset())) for unit in self.task.units])

	def part_of(self, taken: Taken) -> bool:
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
	task: _Task, enough: int | None, fixed: Sequence[int], subsets: _Subsets | None = None
) -> tuple[list[_Draft], bool]:
	"""All repairs of the smallest sizes, size by size until `enough` are found; whether none was left out."""
	found: list[_Draft] = []
	size = 0
	top = len(task.words.codes)
	with _solutions(task, fixed) as solutions:
		for _ in range(MOST_CANDIDATES):
			model = solutions.next()
			if model is None or (solutions.cost > size and enough is not None and len(found) >= enough):
				return found, True
			size = solutions.cost
			holding = set(model[:top])
			taken = task.change_set(holding)
			draft = task.draft(taken)
			if task.compiled.unwritten and task.compiled.breaks_unwritten(task.after(draft)):
				solutions.forbid(holding)
				continue
			if not draft.codes:
				return [], True
			if subsets is None or not subsets.part_of(taken):
				found.append(draft)
			if not taken:
				return found, True
			for clause in _supersets(taken):
				solutions.add(clause)
	return found, False


def _solutions(task: _Task, fixed: Sequence[int]) -> CheapestSolutions:
	"""Solutions in order of changes: a literal of each unit should hold so that it needs no further change."""
	several = [unit for unit in task.units if 1 < len(unit.kept) < len(unit.changes)]
	soft = {unit.kept[0]: 1 for unit in task.units if len(unit.kept) == 1 < len(unit.changes)}
	solutions = CheapestSolutions(task.compiled.core.optimizer, soft, fixed)
	for unit in several:
		solutions.prefer_some(unit.kept, 1)
	return solutions


def _supersets(taken: Taken) -> Iterable[tuple[int, ...]]:
	"""Clauses that exclude every solution making at least the same changes."""
	sides = [unit.more[choice] for unit, choice in taken]
	if all(len(side) == 1 for side in sides):
		return [tuple(-side[0] for side in sides)]
	result: list[tuple[int, ...]] = [()]
	for side in sides:
		result = [(*clause, -literal) for clause in result for literal in side]
	return result
