"""Rehearsal: what a change of the catalogue would do to orders, before it is released."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .catalogue import Catalogue
from .errors import BadInput
from .findings import Finding
from .order import Order
from .pricing import plain
from .review import Review, review


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
	for data in orders:
		first = review(before, Order.from_data(data, before), explain=False)
		try:
			second = review(after, Order.from_data(data, after), explain=False)
		except BadInput as error:
			yield Rehearsed(first.id, first, None, str(error))
		else:
			yield Rehearsed(first.id, first, second)


def _price(result: Review | None) -> int | float | None:
	return None if result is None or result.price is None else plain(result.price.review_price)


def _without(findings: tuple[Finding, ...], known: tuple[Finding, ...]) -> tuple[Finding, ...]:
	keys = {(found.code, found.ref) for found in known}
	return tuple(found for found in findings if (found.code, found.ref) not in keys)
