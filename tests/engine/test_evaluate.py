"""The plain evaluator: three-valued, exact, dated."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest

from order_review.engine import Catalogue
from order_review.engine.evaluate import Facts, evaluate
from order_review.engine.language import parse
from order_review.engine.order import context


def truth(
	catalogue: Catalogue, text: str, chosen: str = "", model: str = "XQK6128H", **given: Any
) -> bool | None:
	on = given.pop("on", date(2026, 11, 16))
	facts = Facts(catalogue, catalogue.models[model], context(**given), on, frozenset(chosen.split()))
	return evaluate(parse(text), facts)


@pytest.mark.parametrize(
	("text", "chosen", "expected"),
	[
		("ENG-D220", "ENG-D220", True),
		("ENG-D220", "", False),
		("any(AVS)", "AVS-R", True),
		("none(AVS)", "AVS-R", False),
		("count(AVS) == 2", "AVS-R AVS-D1", True),
		("attr(ENG.power_kw) >= 220", "ENG-D220", True),
		("attr(ENG.power_kw) >= 220", "", None),
		("attr(ENG.power_kw) >= 220", "ENG-D220 ENG-D247", None),
		("attr(ENG.colour) == 1", "ENG-D220", None),
		("attr(MOT.power_kw) >= 1", "ENG-D220", None),
		("!(attr(ENG.power_kw) >= 220)", "", None),
		("ENG-D220 & attr(TRN.torque_nm) > 1", "ENG-D220", None),
		("ENG-D247 & attr(TRN.torque_nm) > 1", "ENG-D220", False),
		("ENG-D220 | attr(TRN.torque_nm) > 1", "ENG-D220", True),
		("ENG-D247 | attr(TRN.torque_nm) > 1", "ENG-D220", None),
		("sum(mass_kg) == 0", "", True),
		("order.qty >= 5", "", None),
		("order.market == domestic", "", None),
		("model.colour == red", "", None),
		("model.energy == diesel", "", True),
		("model.energy >= diesel", "", None),
		("model.length_mm == diesel", "", None),
		("attr(ENG.power_kw) / (model.gvw_kg - model.gvw_kg) > 1", "ENG-D220", None),
		("ccc_ok(ENG)", "ENG-D220", True),
		("ccc_ok(ENG)", "ENG-D294", False),
		("ccc_ok(ENG)", "", True),
		("ccc_ok(WIN)", "WIN-P", True),
		("ann_ok(ENG)", "ENG-D294", True),
		("ccc_valid() & ann_valid()", "", True),
	],
)
def test_meaning(catalogue: Catalogue, text: str, chosen: str, expected: bool | None) -> None:
	assert truth(catalogue, text, chosen) is expected


@pytest.mark.parametrize(
	("grade", "expected"), [("G2", True), ("G1", False), ("G3", True), (None, None), ("X9", None)]
)
def test_grades_have_an_order(catalogue: Catalogue, grade: str | None, expected: bool | None) -> None:
	assert truth(catalogue, "order.grade >= G2", grade=grade) is expected


def test_ratios_are_exact(catalogue: Catalogue) -> None:
	assert truth(catalogue, "0.1 + 0.2 == 0.3") is True
	assert truth(catalogue, "attr(ENG.power_kw) / 3 * 3 == 220", "ENG-D220") is True


def test_certificates_have_a_first_and_a_last_day(catalogue: Catalogue) -> None:
	assert truth(catalogue, "ccc_valid()", on=date(2029, 2, 28)) is True
	assert truth(catalogue, "ccc_valid()", on=date(2029, 3, 1)) is False
	assert truth(catalogue, "ccc_ok(RAX)", "RAX-115H", on=date(2026, 11, 30)) is False
	assert truth(catalogue, "ccc_ok(RAX)", "RAX-115H", on=date(2026, 12, 1)) is True
	assert truth(catalogue, "ccc_valid()", model="XQK6128EX") is False


def test_a_scope_over_a_sum_depends_on_the_choice(catalogue_data: dict[str, Any], reviewed: Any) -> None:
	data = copy.deepcopy(catalogue_data)
	new = {"code": "R-NEW", "scope": "sum(seats) > 5", "if": None, "then": "ENG-D118"}
	data["rules"]["rules"].append({**data["rules"]["rules"][0], **new})
	assert [found.ref for found in reviewed("IO-01", on=Catalogue.from_data(data)).findings] == ["R-NEW"]
