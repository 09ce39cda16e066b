"""The review of an order: a pure function of catalogue and order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from .catalogue import Catalogue
from .configuration import chosen_options, configuration_findings, earliest_delivery
from .evaluate import Facts
from .findings import Finding, finding, verdict
from .json_text import json_list, json_record, json_text
from .order import Order
from .pricing import Price, price, shown_number
from .production import Production, translate

_HUNDREDTH = Decimal("0.01")

EXPLAINED = frozenset(
	{"CFG_RULE", "GRADE_NOT_MET", "CCC_MISSING", "CFG_MISSING", "CFG_DOUBLE", "CFG_NOT_OFFERED"}
)
"""Findings that make the configuration invalid, so that conflict and repairs are looked for."""


@dataclass(frozen=True)
class Review:
	"""Everything a review finds out about one order."""

	id: str
	findings: tuple[Finding, ...]
	price: Price | None
	earliest_delivery: date
	configuration: tuple[str, ...]
	production: Production
	conflict: tuple[dict[str, Any], ...] = ()
	repairs: tuple[dict[str, Any], ...] = ()

	@property
	def verdict(self) -> str:
		"""``clear``, ``advice`` or ``error``."""
		return verdict(self.findings)

	def text(self) -> str:
		"""The plain data as JSON on one line; what many orders have in common is written once."""
		return json_record(
			{
				"id": json_text(self.id),
				"verdict": json_text(self.verdict),
				"findings": json_list([found.text for found in self.findings]),
				"price": "null" if self.price is None else self.price.text(),
				"earliest_delivery": json_text(self.earliest_delivery.isoformat()),
				"configuration": json_text(self.configuration),
				"production": self.production.text(),
				"conflict": json_text(self.conflict),
				"repairs": json_text(self.repairs),
			}
		)

	def as_dict(self) -> dict[str, Any]:
		"""Plain data for JSON, one element of ``orders``."""
		return {
			"id": self.id,
			"verdict": self.verdict,
			"findings": [found.as_dict() for found in self.findings],
			"price": None if self.price is None else self.price.as_dict(),
			"earliest_delivery": self.earliest_delivery.isoformat(),
			"configuration": list(self.configuration),
			"production": self.production.as_dict(),
			"conflict": list(self.conflict),
			"repairs": list(self.repairs),
		}


def review(catalogue: Catalogue, order: Order, explain: bool = True) -> Review:
	"""Review an order.

	Args:
		catalogue: the catalogue the order was read against.
		order: the order.
		explain: look for the smallest conflict and the best repairs where the configuration is invalid.
	"""
	chosen = chosen_options(catalogue, order)
	facts = facts_of(catalogue, order, chosen)
	earliest = earliest_delivery(catalogue, order, chosen)
	priced, price_findings = price(catalogue, order, chosen)
	found = [
		*configuration_findings(facts),
		*price_findings,
		*_other_findings(catalogue, order, chosen, earliest),
	]
	conflict, repairs = _explanation(catalogue, order, chosen, found, priced) if explain else ((), ())
	return Review(
		id=order.id,
		findings=tuple(sorted(found)),
		price=priced,
		earliest_delivery=earliest,
		configuration=tuple(sorted(chosen)),
		production=translate(facts),
		conflict=conflict,
		repairs=repairs,
	)


def facts_of(catalogue: Catalogue, order: Order, chosen: frozenset[str]) -> Facts:
	"""The facts rules are judged against for an order and its configuration."""
	return Facts(catalogue, catalogue.models[order.model], order.context, order.order_date, chosen)


def translate_order(catalogue: Catalogue, order: Order) -> Production:
	"""The production configuration of an order."""
	return translate(facts_of(catalogue, order, chosen_options(catalogue, order)))


def _other_findings(
	catalogue: Catalogue, order: Order, chosen: frozenset[str], earliest: date
) -> list[Finding]:
	found: list[Finding] = []
	if order.requested_delivery is not None and order.requested_delivery < earliest:
		days = {"requested": order.requested_delivery, "earliest": earliest}
		found.append(finding("DELIVERY_TOO_SHORT", earliest.isoformat(), days))
	least = catalogue.models[order.model].min_deposit_pct
	if not order.internal and order.deposit_pct < least:
		shares = {"pct": shown_number(order.deposit_pct), "least": shown_number(least)}
		found.append(finding("DEPOSIT_LOW", "", shares))
	found += _rate_findings(order)
	options = catalogue.options
	needing = [code for code in sorted(chosen) if code in options and options[code].livery_files]
	if needing and not order.livery_files:
		found.append(
			finding("LIVERY_MISSING", codes=needing, families=[options[code].family for code in needing])
		)
	return found


def _rate_findings(order: Order) -> list[Finding]:
	"""The exchange rate against the one on record, where the order says what that is."""
	exchange = order.exchange
	if exchange is None:
		return []
	values: dict[str, object] = {
		"fx": shown_number(order.fx),
		"currency": exchange.currency,
		"date": order.order_date,
	}
	if not exchange.listed:
		return [finding("FX_RATE", exchange.currency, values, sentence="FX_RATE_UNKNOWN")]
	off = abs(order.fx - exchange.listed) / exchange.listed * 100
	if off <= exchange.tolerance_pct:
		return []
	values |= {
		"listed": shown_number(exchange.listed),
		"pct": shown_number(off.quantize(_HUNDREDTH)),
		"most": shown_number(exchange.tolerance_pct),
	}
	return [finding("FX_RATE", exchange.currency, values)]


def _explanation(
	catalogue: Catalogue,
	order: Order,
	chosen: frozenset[str],
	found: list[Finding],
	priced: Price | None,
) -> tuple[tuple[dict[str, Any], ...], tuple[dict[str, Any], ...]]:
	if not any(one.code in EXPLAINED for one in found):
		return (), ()
	from .solver import explain_order  # the solver is loaded when the first order needs it

	book = None if priced is None else catalogue.price_books[priced.book]
	conflict, repairs = explain_order(catalogue, order, chosen, book=book)
	return tuple(conflict), tuple(repairs)
