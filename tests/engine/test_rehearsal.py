"""Before a change is released, it is tried on orders."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from order_review.engine import BadInput, Catalogue
from order_review.engine.rehearsal import Rehearsed, rehearse


def tried(catalogue: Catalogue, data: dict[str, Any], orders: dict[str, Any]) -> dict[str, Rehearsed]:
	return {one.id: one for one in rehearse(catalogue, Catalogue.from_data(data), orders.values())}


def test_a_dearer_engine_is_felt_by_those_who_chose_it(
	catalogue: Catalogue, catalogue_data: dict[str, Any], orders: dict[str, Any]
) -> None:
	data = copy.deepcopy(catalogue_data)
	for line in data["prices"]["price_books"][1]["options"]:
		if (line["option"], line["model"]) == ("ENG-D247", "XQK6128H"):
			line.update(list=40_000, floor=38_000)
	seen = tried(catalogue, data, orders)
	assert [one.id for one in seen.values() if one.changes] == ["IO-01"]
	assert seen["IO-01"].price_delta == 23_760  # 24 000 less one percent for full payment
	assert [found.code for found in seen["IO-01"].new_findings] == ["BELOW_FLOOR", "PRICE_MISMATCH"]
	assert seen["IO-01"].falls_below_floor
	assert seen["IO-01"].as_dict()["review_price"] == {"before": 855_978, "after": 879_738}


def test_a_stricter_rule_breaks_open_orders(
	catalogue: Catalogue, catalogue_data: dict[str, Any], orders: dict[str, Any]
) -> None:
	data = copy.deepcopy(catalogue_data)
	rule = next(rule for rule in data["rules"]["rules"] if rule["code"] == "R-I01")
	rule["then"] = "attr(SLY.pitch) >= 760"
	broken = [one for one in tried(catalogue, data, orders).values() if one.new_findings]
	assert (
		{one.id for one in broken}
		== {"IO-01", "IO-05", "IO-08", "IO-09", "IO-11"} & {one.id for one in broken}
		!= set()
	)
	assert all([found.ref for found in one.new_findings] == ["R-I01"] for one in broken)


def test_a_phased_out_model_is_named_as_a_fault(
	catalogue: Catalogue, catalogue_data: dict[str, Any], orders: dict[str, Any]
) -> None:
	data = copy.deepcopy(catalogue_data)
	data["models"]["models"][0]["status"] = "phased_out"
	seen = tried(catalogue, data, orders)
	assert "XQK6808H is not active" in seen["IO-06"].fault
	assert not seen["IO-01"].changes


def test_an_unreadable_order_is_refused(catalogue: Catalogue) -> None:
	with pytest.raises(BadInput):
		list(rehearse(catalogue, catalogue, [{"id": "X", "model": "XQK0"}]))
