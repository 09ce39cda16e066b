"""What of a review may stand on which copy.

The public copy is for salespeople and dealers: it tells neither floor price nor approval level, nor
anything that follows from them; on internal orders it tells no computed price at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..engine.findings import INTERNAL_SECRET_FINDINGS, SECRET_FINDINGS
from ..engine.pricing import INTERNAL_OPEN_FIGURES, SECRET_FIGURES


def public_copy(review: Mapping[str, Any], *, internal_order: bool) -> dict[str, Any]:
	"""A review as the public copy may show it; figures that may not be told are None."""
	price = review["price"]
	secret = INTERNAL_SECRET_FINDINGS if internal_order else SECRET_FINDINGS
	findings = [found for found in review["findings"] if found["code"] not in secret]
	return {
		**review,
		"findings": findings,
		"verdict": _verdict(findings),
		"price": None if price is None else _public_price(price, internal_order),
	}


def public_state(status: str) -> str:
	"""The status an order has on the public copy: that a price needs approval follows from the deviation."""
	return "Consolidating" if status == "Price Approval" else status


def public_changes(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
	"""What changed in an internal order, without what follows from list prices."""
	return [{**row, "price_effect": None} for row in rows]


def _verdict(findings: list[Mapping[str, Any]]) -> str:
	severities = {found["severity"] for found in findings}
	return "error" if "error" in severities else "advice" if severities else "clear"


def _public_price(price: Mapping[str, Any], internal_order: bool) -> dict[str, Any]:
	kept = {}
	for figure, value in price.items():
		if figure == "trace":
			kept[figure] = (
				[] if internal_order else [line for line in value if line["figure"] not in SECRET_FIGURES]
			)
		elif figure in SECRET_FIGURES or (internal_order and figure not in INTERNAL_OPEN_FIGURES):
			kept[figure] = None
		else:
			kept[figure] = value
	return kept
