"""Business stories: a sample order with some values changed, and what its review must say then."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.engine.samples import codes

CASES = sorted((Path(__file__).parent / "cases").rglob("*.json"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_story(path: Path, reviewed: Any) -> None:
	story = json.loads(path.read_text(encoding="utf-8"))
	result = reviewed(story["sample"], **story["changes"])
	expected = story["expected"]
	assert [list(one) for one in codes(result)] == expected["findings"]
	price = result.as_dict()["price"]
	assert {key: price[key] for key in expected.get("price", {})} == expected.get("price", {})
	if "verdict" in expected:
		assert result.verdict == expected["verdict"]
	if "earliest_delivery" in expected:
		assert result.earliest_delivery.isoformat() == expected["earliest_delivery"]
	if "price_missing" in expected:
		assert price is None
	for option, is_chosen in expected.get("chosen", {}).items():
		assert (option in result.configuration) is is_chosen
