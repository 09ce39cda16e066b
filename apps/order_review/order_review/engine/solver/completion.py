"""The cheapest valid completion of picks: proven, and the first by codes among equally cheap ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from ..catalogue import PriceBook
from .answers import Completion
from .compiled import CompiledModel
from .optimum import CheapestSolutions


def complete(compiled: CompiledModel, picks: Iterable[str], book: PriceBook | None) -> Completion | None:
	"""The valid configuration with all picks that costs least by list price; of several the first by sorted codes.

	It satisfies every rule of severity error, those judged on complete configurations included.
	An option without a price counts 0. None when no valid configuration has all picks.
	"""
	words = compiled.words
	fixed = [words.variables.get(code, 0) for code in picks]
	if 0 in fixed:
		return None
	prices = compiled.prices(book)
	costs = {words.variables[code]: price for code, price in prices.items()}
	soft = _soft(compiled, whole_numbers(costs))
	with CheapestSolutions(compiled.core.optimizer, soft, fixed) as solutions:
		while (model := solutions.next()) is not None:
			chosen = _first_by_codes(compiled, solutions, model)
			if not compiled.breaks_unwritten(words.codes[v - 1] for v in chosen):
				return _completion(compiled, chosen, prices, book)
			solutions.forbid([v if v in chosen else -v for v in range(1, len(words.codes) + 1)])
	return None


def whole_numbers(costs: Mapping[int, Decimal]) -> dict[int, int]:
	"""The amounts scaled to whole numbers, all by the same factor."""
	places = max((-int(cost.as_tuple().exponent) for cost in costs.values()), default=0)
	return {variable: int(cost.scaleb(max(places, 0))) for variable, cost in costs.items()}


def _soft(compiled: CompiledModel, costs: Mapping[int, int]) -> dict[int, int]:
	"""What each choice costs above the cheapest of its family; of a multi family the cheapest is to choose or not."""
	soft: dict[int, int] = {}
	for family, members in compiled.words.members.items():
		if compiled.words.single(family):
			least = min((costs.get(member, 0) for member in members), default=0)
			soft.update({-member: extra for member in members if (extra := costs.get(member, 0) - least)})
		else:
			for member in members:
				cost = costs.get(member, 0)
				if cost:
					soft[-member if cost > 0 else member] = abs(cost)
	return soft


def _first_by_codes(compiled: CompiledModel, solutions: CheapestSolutions, model: Sequence[int]) -> set[int]:
	"""Of the solutions of the same cost the one whose sorted codes come first."""
	words = compiled.words
	in_order = sorted(range(1, len(words.codes) + 1), key=lambda v: words.codes[v - 1])
	owner = {member: family for family, members in words.members.items() for member in members}
	open_families = {family for family in words.members if words.single(family)}
	best = {literal for literal in model[: len(words.codes)] if literal > 0}
	decided: list[int] = []
	for place, variable in enumerate(in_order):
		family = owner[variable]
		single = words.single(family)
		if not open_families and solutions.holds([*decided, *(-v for v in in_order[place:])]):
			break
		if single and family not in open_families:
			continue
		if (
			variable not in best
			and not solutions.rules_out(variable)
			and solutions.holds([*decided, variable])
		):
			best = {literal for literal in solutions.model()[: len(words.codes)] if literal > 0}
		if variable in best:
			decided.append(variable)
			open_families.discard(family)
		else:
			decided.append(-variable)
	return {literal for literal in decided if literal > 0}


def _completion(
	compiled: CompiledModel, chosen: set[int], prices: Mapping[str, Decimal], book: PriceBook | None
) -> Completion:
	codes = tuple(sorted(compiled.words.codes[v - 1] for v in chosen))
	base = None if book is None else book.base.get(compiled.model.code)
	if base is None:
		return Completion(codes, None)
	return Completion(codes, base.list + sum((prices.get(code, Decimal(0)) for code in codes), Decimal(0)))
