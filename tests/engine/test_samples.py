"""The twelve sample orders give exactly the values that were worked out by hand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest

from order_review.engine import Catalogue, Order, review, translate_order
from tests.engine.samples import DATA, codes

SAMPLES = [f"IO-{number:02}" for number in range(1, 13)]


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_sample_order_gives_every_expected_value(
	sample: str, catalogue: Catalogue, orders: dict[str, Any]
) -> None:
	order = orders[sample]
	expected = dict(order["expected"])
	result = review(catalogue, Order.from_data(order, catalogue), explain=False)
	assert codes(result) == [(found["code"], found["ref"]) for found in expected.pop("findings")]
	seen = {**result.as_dict()["price"], "earliest_delivery": result.earliest_delivery}
	seen["configuration"] = list(result.configuration)
	seen["assemblies"] = [line.assembly.assembly for line in result.production.lines]
	assert {key: seen[key] for key in expected} == expected


@pytest.mark.parametrize("sample", SAMPLES[:6])
def test_a_valid_order_fills_each_slot_once(
	sample: str, catalogue: Catalogue, orders: dict[str, Any]
) -> None:
	production = translate_order(catalogue, Order.from_data(orders[sample], catalogue))
	assert (production.gaps, production.doubles) == ((), ())
	assert len(production.lines) == len(orders[sample]["expected"]["assemblies"])


def test_the_worked_example_shows_where_each_yuan_comes_from(reviewed: Any) -> None:
	trace = [step.as_dict() for step in reviewed("IO-01").price.trace]

	def parts(figure: str) -> dict[str, Any]:
		return {step["ref"]: step["amount"] for step in trace if step["figure"] == figure}

	assert parts("base_list") == {"XQK6128H": 798000}
	assert sum(parts("options_list").values()) == 88200
	assert parts("options_list")["EMG-AUTO"] == 8800
	assert parts("discounts") == {"POL-26-VOLC": 15960, "POL-26-CASH": 8862, "POL-26-GIFTADS": 9200}
	assert parts("services") == {"freight": 3800}
	volume = next(step for step in trace if step["ref"] == "POL-26-VOLC")
	assert volume["detail"] == {
		"group": "VOLUME",
		"kind": "percent",
		"tier": ">=10",
		"pct": "2",
		"of": "A",
		"on": "798000",
	}


def test_two_processes_print_the_same_review() -> None:
	program = (
		"import json, sys; from pathlib import Path; from order_review.adapters import catalogue_folder as f;"
		"from order_review.engine import Order, review; d = Path(sys.argv[1]); c = f.load(d);"
		"print(json.dumps([review(c, Order.from_data(o, c), explain=False).as_dict()"
		" for o in f.load_yaml(d / 'orders.yaml')['orders']]))"
	)
	runs = [
		subprocess.run(
			[sys.executable, "-c", program, str(DATA)],
			capture_output=True,
			text=True,
			check=True,
			env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
		).stdout
		for seed in ("1", "2")
	]
	assert len(json.loads(runs[0])) == 12
	assert runs[0] == runs[1]


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_review_written_at_once_is_its_plain_data_as_json(
	sample: str, catalogue: Catalogue, orders: dict[str, Any]
) -> None:
	result = review(catalogue, Order.from_data(orders[sample], catalogue))
	assert result.text() == json.dumps(result.as_dict(), ensure_ascii=False, allow_nan=False)


def test_what_many_reviews_have_in_common_makes_none_of_them_different(
	catalogue_data: dict[str, Any], orders: dict[str, Any]
) -> None:
	"""Orders reviewed one after the other against one catalogue, and each against a catalogue of its own."""
	shared = Catalogue.from_data(catalogue_data)
	varied = [
		{**order, "qty": qty, "grade": grade, "order_date": order["order_date"] + timedelta(days=days)}
		for order in orders.values()
		for qty, grade, days in ((4, "G1", 0), (5, "G1", 40), (30, "G2", -30))
	]
	for order in varied:
		alone = Catalogue.from_data(catalogue_data)
		assert review(shared, Order.from_data(order, shared)) == review(
			alone, Order.from_data(order, alone)
		), order["id"]
