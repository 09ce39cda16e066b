"""What a dealer sees of a diff: an allow-list of groups and fields, nothing of production, policies and claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from order_review.engine import diff
from order_review.services import diffs

_ALL = None
_FIELDS: dict[str, frozenset[str] | None] = {
	diff.VEHICLE: frozenset({"model", "grade", "use", "dest_country", "dest_emission_stage"}),
	diff.CONFIGURATION: _ALL,
	diff.SPECIAL: _ALL,
	diff.QUANTITY: _ALL,
	diff.PRICE: frozenset({"unit_price", "negotiated_unit", "deposit_pct"}),
	diff.SERVICE: _ALL,
	diff.DATES: frozenset({"requested_delivery", "delivery_date", "contract_date"}),
	diff.TERMS: frozenset(
		"payment_mode service_terms incoterm acceptance liability dispute_resolution delivery_place delivery_mode "
		"deposit_kind payments signing_place livery_reference livery_files seat_plan remarks delivery_lots".split()
	)
	| {"Livery File"},
}
"""Group → fields a dealer sees; of a group that is not named, nothing."""

_PARTS = ("line_no", "group", "what", "before", "after", "price_effect", "weight_effect", "lead_days")


def public(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
	"""The rows of a diff a dealer may see, with what of each he may see."""
	return [{part: row.get(part) for part in _PARTS} for row in rows if _is_public(row)]


def html(rows: Iterable[Mapping[str, Any]]) -> str:
	"""The same as the table that Desk, mail and print show, in the user's language."""
	return diffs.html(public(rows))


def _is_public(row: Mapping[str, Any]) -> bool:
	group = row["group"]
	if group not in _FIELDS:
		return False
	fields = _FIELDS[group]
	return fields is None or row["what"]["code"] in fields
