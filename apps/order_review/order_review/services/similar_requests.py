"""Earlier requests for something similar, found while a new one is written."""

from __future__ import annotations

from typing import Any

import frappe
from rapidfuzz import fuzz

from order_review.constants import SPECIAL_REQUEST

_FIELDS = [
	"name", "option_name", "option_name_en", "model", "family", "status", "list_price", "valid_to", "lead_days",
	"reuse_count", "description", "request_date",
]  # fmt: skip
_SHOWN = tuple(name for name in _FIELDS if name != "description")
_WORTH_SHOWING = 45.0
_NAME_WEIGHT, _DESCRIPTION_WEIGHT = 0.7, 0.3
_SAME_MODEL, _SAME_FAMILY = 10.0, 8.0
_MOST_COMPARED = 5000


def similar(
	option_name: str,
	description: str = "",
	model: str = "",
	family: str = "",
	*,
	without: str = "",
	most: int = 5,
) -> list[dict[str, Any]]:
	"""Requests the user may read that come near, nearest first, with a score of 0 to 100; no cost.

	Args:
		option_name: what is wanted; fewer than two characters find nothing.
		without: a request that is not meant.
		most: how many to give at most.
	"""
	wanted = option_name.strip().casefold()
	if len(wanted) < 2:
		return []
	found = []
	for row in frappe.get_list(
		SPECIAL_REQUEST, fields=_FIELDS, order_by="creation desc", limit=_MOST_COMPARED
	):
		if row.name == without:
			continue
		score = _score(row, wanted, description.strip().casefold(), model, family)
		if score >= _WORTH_SHOWING:
			found.append({**{name: row[name] for name in _SHOWN}, "score": round(score)})
	return sorted(found, key=lambda row: (-row["score"], row["name"]))[:most]


def _score(row: dict[str, Any], wanted: str, description: str, model: str, family: str) -> float:
	names = [row["option_name"] or "", row["option_name_en"] or ""]
	by_name = max(_likeness(wanted, name.casefold()) for name in names)
	text = (row["description"] or "").casefold()
	by_text = _likeness(description or wanted, text)
	score = max(by_name * _NAME_WEIGHT + by_text * _DESCRIPTION_WEIGHT, by_name * 0.9)
	near = _SAME_MODEL * (bool(model) and row["model"] == model) + _SAME_FAMILY * (
		bool(family) and row["family"] == family
	)
	return min(100.0, score + near) if score >= _WORTH_SHOWING - _SAME_MODEL else 0.0


def _likeness(wanted: str, text: str) -> float:
	"""How near two texts are, 0 to 100; a part that stands in the other counts, in any order of words."""
	if not wanted or not text:
		return 0.0
	return max(
		fuzz.ratio(wanted, text),
		fuzz.partial_ratio(wanted, text) * 0.9,
		fuzz.token_set_ratio(wanted, text) * 0.95,
	)
