"""The form says of each discount why it counts or why not, to those who may know."""

from __future__ import annotations

from typing import Any

import frappe

from order_review.api.review import get_panel


def policies_seen(code: str, order: str) -> dict[str, dict[str, Any]]:
	name = frappe.db.get_value("Intent Order", {"external_id": order}, "name")
	frappe.set_user(f"{code}@review.localhost")
	return {policy["code"]: policy for policy in get_panel(name)["policies"]}


def test_the_form_says_why_a_discount_counts_and_another_does_not(demo_site: str) -> None:
	frappe.local.lang = "en"
	seen = policies_seen("sp", "IO-01")
	assert (seen["POL-26-CASH"]["state"], seen["POL-26-CASH"]["amount"]) == ("counts", 8862)
	assert seen["POL-26-OLD4NEW"]["why"] == "needs evidence = scrap_certificate"
	frappe.local.lang = "zh"
	assert policies_seen("oa", "IO-01")["POL-26-VOLE"]["why"] == "不含车型XQK6128H"


def test_on_internal_orders_the_policies_tell_cost_and_are_for_cost_readers(demo_site: str) -> None:
	assert policies_seen("oa", "IO-05") == {}
	assert policies_seen("fr", "IO-05")["POL-26-INTERNAL"]["amount"] == 30305
