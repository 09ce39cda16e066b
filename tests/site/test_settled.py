"""An error that was let pass is told to the form as covered, with what covers it."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_days, today

from tests.site import contracting
from tests.site.reviewing import all_agree, give, order, to_opinions

pytestmark = pytest.mark.usefixtures("demo_site")

EXTENSION = {
	"verdict_ccc": "Extension Needed",
	"condition_text": "CCC扩展",
	"condition_responsible": "认证科",
	"condition_before": "Contract Effective",
}


def settled(document: frappe.model.document.Document) -> dict[str, str]:
	"""What the form is told of the document's errors."""
	document.run_method("onload")
	return document.get_onload("settled") or {}


def test_a_gap_in_the_certificate_is_covered_by_the_condition_and_goes_on_with_the_contract() -> None:
	name = to_opinions("IO-11")
	assert settled(order(name)) == {}
	give(name, "TECH", "Agree With Condition", condition_due=add_days(today(), 60), **EXTENSION)
	all_agree(name)
	contracting.make_valid(name)
	assert "CCC扩展" in settled(order(name))["CCC_MISSING"]
	contract = contracting.contract(contracting.received(contracting.made(name)))
	assert contract.verdict == "error"
	assert "CCC扩展" in settled(contract)["CCC_MISSING"]


def test_an_order_without_errors_is_told_of_none() -> None:
	assert "settled" not in (order(to_opinions("IO-01")).get("__onload") or {})
