"""Rehearsal: what a change of the catalogue would do to orders, before it is released."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from itertools import islice
from typing import Any

from .catalogue import Catalogue, Rule
from .configuration import chosen_options
from .errors import BadInput
from .findings import Finding
from .order import Order
from .pricing import plain
from .replay import NONE, Bank
from .review import Review, review
from .solver.encode import Needs

AT_ONCE = 4_096
"""Orders put to changed rules at once."""


@dataclass(frozen=True)
class Rehearsed:
	"""One order before and after the change; ``after`` is None when the order could not be read any more.

	Findings are told apart by code and reference, so that a changed amount in a sentence is no new finding.
	"""

	id: str
	before: Review
	after: Review | None
	fault: str = ""

	@property
	def price_delta(self) -> Decimal | None:
		"""Change of the review price, yuan per vehicle; None where one of the two has no price."""
		if self.after is None or self.after.price is None or self.before.price is None:
			return None
		return self.after.price.review_price - self.before.price.review_price

	@property
	def new_findings(self) -> tuple[Finding, ...]:
		"""Findings the change brings."""
		return () if self.after is None else _without(self.after.findings, self.before.findings)

	@property
	def settled_findings(self) -> tuple[Finding, ...]:
		"""Findings the change takes away."""
		return () if self.after is None else _without(self.before.findings, self.after.findings)

	@property
	def falls_below_floor(self) -> bool:
		"""Whether the negotiated price is below the floor only after the change."""
		return any(found.code == "BELOW_FLOOR" for found in self.new_findings)

	@property
	def changes(self) -> bool:
		"""Whether the change is felt by this order at all."""
		if self.after is None:
			return True
		same = (
			self.before.findings,
			self.before.price,
			self.before.production,
			self.before.earliest_delivery,
		)
		return same != (
			self.after.findings,
			self.after.price,
			self.after.production,
			self.after.earliest_delivery,
		)

	def as_dict(self) -> dict[str, Any]:
		"""Plain data for JSON; holds the floor finding, so it is for readers of floor prices only."""
		after = self.after
		return {
			"id": self.id,
			"fault": self.fault,
			"verdict": {"before": self.before.verdict, "after": None if after is None else after.verdict},
			"review_price": {"before": _price(self.before), "after": _price(after)},
			"price_delta": plain(self.price_delta),
			"new_findings": [found.as_dict() for found in self.new_findings],
			"settled_findings": [found.as_dict() for found in self.settled_findings],
			"falls_below_floor": self.falls_below_floor,
		}


def rehearse(before: Catalogue, after: Catalogue, orders: Iterable[Mapping[str, Any]]) -> Iterator[Rehearsed]:
	"""Review each order against both catalogues.

	Args:
		before: the catalogue in force.
		after: the catalogue with the change.
		orders: order data in the shape of ``orders.yaml``; each must be readable with ``before``.

	Raises:
		BadInput: an order that cannot be read with the catalogue in force.
	"""
	if not _only_rules_differ(before, after):
		for data in orders:
			yield _rehearsed(before, after, data)
		return
	waiting = iter(orders)
	while chunk := list(islice(waiting, AT_ONCE)):
		read = [Order.from_data(data, before) for data in chunk]
		for order, felt, data in zip(read, _feel(before, after, read), chunk, strict=True):
			if felt:
				yield _rehearsed(before, after, data)
			else:
				same = review(before, order, explain=False)
				yield Rehearsed(same.id, same, same)


def _rehearsed(before: Catalogue, after: Catalogue, data: Mapping[str, Any]) -> Rehearsed:
	first = review(before, Order.from_data(data, before), explain=False)
	try:
		second = review(after, Order.from_data(data, after), explain=False)
	except BadInput as error:
		return Rehearsed(first.id, first, None, str(error))
	return Rehearsed(first.id, first, second)


def _only_rules_differ(before: Catalogue, after: Catalogue) -> bool:
	"""Whether the catalogues are the same but for rules, so that an order feels nothing but those."""
	return all(
		getattr(before, each.name) == getattr(after, each.name)
		for each in fields(Catalogue)
		if each.name not in ("hash", "rules", "derived")
	)


def _feel(before: Catalogue, after: Catalogue, orders: Sequence[Order]) -> list[bool]:
	"""For each order whether it violates, in one of the catalogues, a rule that the other has not or has otherwise."""
	sides = [(before, _without_rules(before, after)), (after, _without_rules(after, before))]
	felt = [False] * len(orders)
	for catalogue, rules in sides:
		needs = Needs.of(rules)
		alike: dict[tuple[Any, ...], list[int]] = {}
		for place, order in enumerate(orders):
			period = catalogue.models[order.model].period(order.order_date)
			alike.setdefault((order.model, needs.values(order.context, period)), []).append(place)
		for (model, _), places in alike.items():
			one = orders[places[0]]
			chosen = [chosen_options(catalogue, orders[place]) for place in places]
			bank = Bank(catalogue, catalogue.models[model], chosen)
			first = bank.first_violated(rules, one.context, one.order_date)
			for place, number in zip(places, first.tolist(), strict=True):
				felt[place] = felt[place] or number != NONE
	return felt


def _without_rules(catalogue: Catalogue, other: Catalogue) -> list[Rule]:
	"""Active rules of a catalogue that the other does not have as they are."""
	known = {rule.code: rule for rule in other.rules}
	return [rule for rule in catalogue.rules if rule.active and known.get(rule.code) != rule]


def _price(result: Review | None) -> int | float | None:
	return None if result is None or result.price is None else plain(result.price.review_price)


def _without(findings: tuple[Finding, ...], known: tuple[Finding, ...]) -> tuple[Finding, ...]:
	keys = {(found.code, found.ref) for found in known}
	return tuple(found for found in findings if (found.code, found.ref) not in keys)
