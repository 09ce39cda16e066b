"""The figures of a price, the steps of their trace, and how amounts are written down."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

from ..json_text import json_list, json_text

ZERO = Decimal(0)
FIGURES = (
	"base_list",
	"options_list",
	"specials_list",
	"surcharges",
	"configured_list",
	"discounts",
	"services",
	"review_price",
	"floor_price",
	"negotiated",
	"deviation_pct",
	"approval_level",
	"total",
)
"""The figures of a price in the order in which they are shown."""

SECRET_FIGURES = frozenset({"floor_price", "cost", "approval_level"})
"""Figures whose trace is for readers of floor and cost only."""

INTERNAL_OPEN_FIGURES = frozenset({"negotiated", "total"})
"""Of an internal order the other figures follow from cost or lead to it."""


def plain(value: Decimal | None) -> int | float | None:
	"""A decimal as a JSON number: whole ones as int."""
	if value is None:
		return None
	return int(value) if value == value.to_integral_value() else float(value)


def shown_number(value: Decimal) -> str:
	"""A decimal for a sentence: no exponent, no trailing zeros."""
	return str(plain(value))


@dataclass(frozen=True)
class Step:
	"""One line of a trace: which source made which part of which figure.

	Args:
		figure: name of the figure, or ``cost``.
		source: ``book``, ``special``, ``policy``, ``service``, ``formula`` or ``ladder``.
		ref: option, request, policy, service or rung.
		amount: its part, in yuan (percent for ``deviation_pct``).
		detail: what else explains it: book, tier, percentage, what it was taken on, cap, rounding.
	"""

	figure: str
	source: str
	ref: str
	amount: Decimal | None
	detail: tuple[tuple[str, str], ...] = ()

	@cached_property
	def text(self) -> str:
		"""The same as JSON, written once however many orders have the step."""
		return json_text(self.as_dict())

	def as_dict(self) -> dict[str, Any]:
		"""Plain data for JSON."""
		return {
			"figure": self.figure,
			"source": self.source,
			"ref": self.ref,
			"amount": plain(self.amount),
			"detail": dict(self.detail),
		}


@dataclass(frozen=True)
class Price:
	"""The figures of an order; ``total`` is for all vehicles, the rest per vehicle. None where it cannot be told."""

	base_list: Decimal
	options_list: Decimal
	specials_list: Decimal
	surcharges: Decimal
	configured_list: Decimal
	discounts: Decimal
	services: Decimal
	review_price: Decimal
	floor_price: Decimal | None
	negotiated: Decimal | None
	deviation_pct: Decimal | None
	approval_level: str | None
	total: Decimal | None
	book: str
	trace: tuple[Step, ...]

	def figures(self) -> dict[str, Any]:
		"""Every figure without the trace, as plain data."""
		figures = {name: getattr(self, name) for name in FIGURES}
		return {name: plain(v) if isinstance(v, Decimal) else v for name, v in figures.items()}

	def text(self) -> str:
		"""The plain data as JSON."""
		trace = json_list([step.text for step in self.trace])
		return f'{json_text(self.figures())[:-1]}, "trace": {trace}}}'

	def as_dict(self) -> dict[str, Any]:
		"""Plain data for JSON."""
		return {**self.figures(), "trace": [step.as_dict() for step in self.trace]}


def rounded(amount: Decimal, unit: Decimal) -> Decimal:
	"""Half up to the rounding unit, as every figure is rounded once, at the end."""
	return (amount / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit
