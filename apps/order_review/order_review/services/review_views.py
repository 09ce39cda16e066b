"""Who may see what of a review. Pure functions on the review's plain data."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from order_review.constants import COST_READERS, FLOOR_READERS, PRODUCTION_READERS
from order_review.engine.findings import INTERNAL_SECRET_FINDINGS, SECRET_FINDINGS, WARNINGS
from order_review.engine.pricing import FIGURES, INTERNAL_OPEN_FIGURES, SECRET_FIGURES

Data = dict[str, Any]

OPEN_FIGURES = frozenset(FIGURES) - SECRET_FIGURES


@dataclass(frozen=True)
class Clearance:
	"""What a reader of an order may see beside what everyone may."""

	floor: bool = False
	cost: bool = False
	production: bool = False

	@classmethod
	def of_roles(cls, roles: Collection[str]) -> Clearance:
		"""The clearance a set of roles gives."""
		return cls(
			floor=not FLOOR_READERS.isdisjoint(roles),
			cost=not COST_READERS.isdisjoint(roles),
			production=not PRODUCTION_READERS.isdisjoint(roles),
		)

	def prices(self, internal: bool) -> bool:
		"""Whether all prices of the order may be seen."""
		return self.cost if internal else self.floor


EVERYONE = Clearance()
EVERYTHING = Clearance(floor=True, cost=True, production=True)


def view(review: Mapping[str, Any], internal: bool, clearance: Clearance = EVERYONE) -> Data:
	"""The part of a review that a reader with this clearance may see.

	Args:
		review: the review as ``Review.as_dict()`` gives it.
		internal: whether the order is an internal one.
		clearance: what the reader may see.
	"""
	seen = dict(review)
	if not clearance.prices(internal):
		secret = INTERNAL_SECRET_FINDINGS if internal else SECRET_FINDINGS
		seen["findings"] = [found for found in review["findings"] if found["code"] not in secret]
		seen["verdict"] = _verdict(seen["findings"])
		seen["price"] = _open_price(review["price"], INTERNAL_OPEN_FIGURES if internal else OPEN_FIGURES)
	if not clearance.production:
		seen.pop("production", None)
	return seen


def _open_price(price: Mapping[str, Any] | None, figures: Collection[str]) -> Data | None:
	if price is None:
		return None
	seen = {name: price[name] for name in FIGURES if name in figures}
	return {**seen, "trace": [step for step in price["trace"] if step["figure"] in figures]}


def _verdict(findings: list[Mapping[str, Any]]) -> str:
	codes = {found["code"] for found in findings}
	return "error" if codes - WARNINGS else "advice" if codes else "clear"
