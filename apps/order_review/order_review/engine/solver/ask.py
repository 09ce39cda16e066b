"""Questions about a compiled model: what can still be chosen, why not, and what an invalid order should change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..catalogue import Catalogue, PriceBook
from ..errors import BadInput
from ..order import Order
from ..pricing import price
from .answers import CHOSEN, EXCLUDED, FORCED, FREE, Availability, Conflict, OptionState, Reason, Repairs
from .compiled import CompiledModel, Context, compile_model
from .completion import complete as cheapest
from .explain import Conflict as RawConflict
from .explain import Explainer
from .repair import repairs as best_repairs

IN_FORCE: Any = object()
"""Stands for the price book in force on the context's date."""


def is_valid(compiled: CompiledModel, picks: Iterable[str]) -> bool:
	"""Whether some configuration has all picks and violates no rule the solver knows."""
	literals = _literals(compiled, picks)
	with compiled.lock:
		return literals is not None and compiled.search.check(literals)


def availability(
	compiled: CompiledModel,
	picks: Iterable[str] = (),
	*,
	book: PriceBook | None = IN_FORCE,
	reasons: bool = True,
	completion: bool = True,
) -> Availability:
	"""The state of every option given the picks; exact.

	Args:
		picks: codes picked so far; only these are assumed.
		book: price book for prices; the one in force on the context's date where it is left out.
		reasons: whether each forced and excluded option gets its reason.
		completion: whether the cheapest completion is looked for.
	"""
	picks = tuple(dict.fromkeys(picks))
	book = _book(compiled, book)
	with compiled.lock:
		states = _states(compiled, picks)
		valid = states is not None
		return Availability(
			model=compiled.model.code,
			valid=valid,
			families=_families(compiled, picks, states, compiled.prices(book), reasons),
			conflict=None if valid else picks_conflict(compiled, picks),
			completion=cheapest(compiled, picks, book) if valid and completion else None,
		)


def states(compiled: CompiledModel, picks: Iterable[str]) -> dict[str, str] | None:
	"""State of every option by code; None when the picks conflict."""
	with compiled.lock:
		return _states(compiled, tuple(picks))


def explain(
	compiled: CompiledModel, picks: Iterable[str], option: str | None = None
) -> Conflict | Reason | None:
	"""Why the picks conflict, or why an option is forced or excluded by them.

	None when there is nothing to explain. Picks that conflict explain every option: their conflict is returned.

	Raises:
		BadInput: an option the model does not offer.
	"""
	picks = tuple(dict.fromkeys(picks))
	with compiled.lock:
		conflict = picks_conflict(compiled, picks)
		if conflict is not None or option is None:
			return conflict
		if option not in compiled.words.variables:
			message = f"option {option!r} is not offered on {compiled.model.code}"
			raise BadInput(message, expected="the code of an option of the model", path=("option",))
		literals = _literals(compiled, picks) or []
		variable = compiled.words.variables[option]
		return _reason(compiled, literals, variable) or _reason(compiled, literals, -variable)


def repairs(
	compiled: CompiledModel,
	configuration: Iterable[str],
	*,
	book: PriceBook | None = IN_FORCE,
	count: int = 3,
	by: str = "changes",
	lead_of_specials: int = 0,
	keep: Iterable[str] = (),
	without: Iterable[str] = (),
) -> Repairs:
	"""The best repairs of a complete configuration (`repair.repairs` tells the orders, and what `keep` and `without` hold)."""
	with compiled.lock:
		return best_repairs(
			compiled,
			configuration,
			_book(compiled, book),
			count=count,
			by=by,
			lead_of_specials=lead_of_specials,
			keep=keep,
			without=without,
		)


def complete(compiled: CompiledModel, picks: Iterable[str], *, book: PriceBook | None = IN_FORCE) -> Any:
	"""The cheapest valid completion of the picks, None where there is none."""
	with compiled.lock:
		return cheapest(compiled, tuple(picks), _book(compiled, book))


def explain_order(
	catalogue: Catalogue,
	order: Order,
	configuration: Iterable[str],
	*,
	book: PriceBook | None = IN_FORCE,
	count: int = 3,
	by: str = "changes",
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
	"""Conflict and repairs of an order with an invalid configuration, as plain data.

	The conflict is a flat list of entries (`Conflict.as_list`); own picks are preferred over standard options
	in it. Price differences follow the book the order is priced by. Each repair is {"changes": [{"family", "from", "to"}], "price_delta", "lead_delta"}.
	"""
	compiled = compile_model(catalogue, order.model, Context.of_order(order))
	chosen = frozenset(configuration)
	if book is IN_FORCE:
		priced, _ = price(catalogue, order, chosen)
		book = None if priced is None else catalogue.price_books[priced.book]
	conflict = configuration_conflict(compiled, chosen, first=order.picks)
	lead = max((special.lead_days for special in order.specials), default=0)
	found = repairs(compiled, chosen, book=book, count=count, by=by, lead_of_specials=lead)
	return ([] if conflict is None else conflict.as_list()), found.as_list()


def configuration_conflict(
	compiled: CompiledModel, chosen: frozenset[str], first: Sequence[str] = ()
) -> Conflict | None:
	"""A smallest conflict of a complete configuration; None when it is valid.

	Args:
		first: options to be preferred in the answer, such as the order's own picks.
	"""
	words = compiled.words
	ordered = [code for code in dict.fromkeys(first) if code in chosen]
	ordered += sorted(chosen.difference(ordered))
	unoffered = next((code for code in ordered if code not in words.variables), None)
	if unoffered is not None:
		return Conflict(options=(unoffered,))
	literals = [words.variables[code] for code in ordered]
	literals += [-m for family, members in words.members.items() if not words.single(family) for m in members]
	literals = [literal for literal in literals if literal > 0 or words.codes[-literal - 1] not in chosen]
	with compiled.lock:
		explainer = compiled.complete_explainer
		found = explainer.conflict(literals)
		if found is not None:
			return _named(compiled, explainer, found)
		return _missing(compiled, chosen) or _unwritten(compiled, chosen)


def picks_conflict(compiled: CompiledModel, picks: Sequence[str]) -> Conflict | None:
	"""A smallest conflict of picks; None when they can stand together."""
	literals = _literals(compiled, picks)
	if literals is None:
		return Conflict(options=(next(code for code in picks if code not in compiled.words.variables),))
	found = compiled.explainer.conflict(literals)
	return None if found is None else _named(compiled, compiled.explainer, found)


def _missing(compiled: CompiledModel, chosen: frozenset[str]) -> Conflict | None:
	"""The first single family without a choice."""
	words = compiled.words
	for family, members in words.members.items():
		if words.single(family) and not any(words.codes[m - 1] in chosen for m in members):
			return Conflict(families=(family,))
	return None


def _unwritten(compiled: CompiledModel, chosen: frozenset[str]) -> Conflict | None:
	"""A rule only the evaluator can judge: all options stand in its conflict."""
	broken = compiled.breaks_unwritten(chosen)
	return Conflict(rules=(broken[0],), options=tuple(sorted(chosen))) if broken else None


def _named(compiled: CompiledModel, explainer: Explainer, found: RawConflict) -> Conflict:
	codes = compiled.words.codes
	return Conflict(
		rules=tuple(explainer.problem.rules[rule] for rule in found.rules),
		options=tuple(codes[d - 1] for d in found.decisions if d > 0),
		without=tuple(codes[-d - 1] for d in found.decisions if d < 0),
	)


def _reason(compiled: CompiledModel, literals: Sequence[int], literal: int) -> Reason | None:
	found = compiled.explainer.why(literals, literal)
	if found is None:
		return None
	named = _named(compiled, compiled.explainer, found)
	return Reason(named.rules, named.options)


def _literals(compiled: CompiledModel, picks: Iterable[str]) -> list[int] | None:
	"""The picks as literals; None when one is not offered."""
	variables = compiled.words.variables
	literals = [variables.get(code, 0) for code in picks]
	return None if 0 in literals else literals


def _states(compiled: CompiledModel, picks: Sequence[str]) -> dict[str, str] | None:
	literals = _literals(compiled, picks)
	if literals is None:
		return None
	status = compiled.session.availability(literals)
	if status is None:
		return None
	kinds = {(True, True): FREE, (True, False): FORCED, (False, True): EXCLUDED}
	size = len(compiled.words.codes)
	both = zip(status.can_hold[:size].tolist(), status.can_fail[:size].tolist(), strict=True)
	found = {code: kinds[can] for code, can in zip(compiled.words.codes, both, strict=True)}
	found.update(dict.fromkeys(picks, CHOSEN))
	return found


def _families(
	compiled: CompiledModel,
	picks: Sequence[str],
	states: Mapping[str, str] | None,
	prices: Mapping[str, Any],
	reasons: bool,
) -> dict[str, tuple[OptionState, ...]]:
	words = compiled.words
	known = (
		states
		if states is not None
		else {**dict.fromkeys(words.codes, EXCLUDED), **dict.fromkeys(picks, CHOSEN)}
	)
	literals = _literals(compiled, picks) if states is not None and reasons else None

	def state(member: int) -> OptionState:
		code = words.codes[member - 1]
		reason = None
		if literals is not None and known[code] in (FORCED, EXCLUDED):
			reason = _reason(compiled, literals, member if known[code] == FORCED else -member)
		return OptionState(code, known[code], prices.get(code), reason)

	return {family: tuple(state(member) for member in members) for family, members in words.members.items()}


def _book(compiled: CompiledModel, book: Any) -> PriceBook | None:
	found: PriceBook | None = (
		compiled.catalogue.book_in_force(compiled.context.on) if book is IN_FORCE else book
	)
	return found
