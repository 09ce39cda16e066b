"""An intent order on the site: what it refuses, in which words, and what saving it works out."""

from __future__ import annotations

import json
from typing import Any

import frappe
import pytest

from order_review.api.configuration import get_defaults, search_options
from order_review.constants import INTENT_ORDER, PRICE_REVIEW
from order_review.exceptions import ForeignRowError, IntentOrderInputError, StatusChangeError
from tests.site.samples import choose, codes, copy_of, order_of

pytestmark = pytest.mark.usefixtures("demo_site")


def test_an_order_without_rows_starts_with_the_standard_configuration() -> None:
	order = copy_of("IO-01", configuration=[], policies=[]).insert()
	assert all(row.is_standard for row in order.configuration)
	assert len(order.configuration) == len(get_defaults(order.model)["configuration"])
	assert order.options_list == 0


def test_choosing_another_engine_finds_the_rule_it_breaks() -> None:
	order = order_of("IO-01")
	choose(order, "TRN-AT6")
	order.save()
	assert ("CFG_RULE", "R-P02") in codes(order)
	assert order.verdict == "error"


def test_leaving_a_family_out_or_filling_it_twice_is_a_finding() -> None:
	order = order_of("IO-01")
	order.configuration = [row for row in order.configuration if row.family != "ENG"]
	order.append("configuration", {"vehicle_option": "TRN-MT6"})
	order.save()
	assert ("CFG_MISSING", "ENG") in codes(order)
	assert ("CFG_DOUBLE", "TRN") in codes(order)


def test_a_standard_option_beside_its_replacement_is_double() -> None:
	order = order_of("IO-01")
	order.append("configuration", {"vehicle_option": "ENG-D220"})  # the model's standard engine
	order.save()
	assert ("CFG_DOUBLE", "ENG") in codes(order)


def test_an_option_the_model_does_not_offer_is_a_finding() -> None:
	order = order_of("IO-01")
	choose(order, "ENG-D118")
	order.save()
	assert ("CFG_NOT_OFFERED", "ENG-D118") in codes(order)


@pytest.mark.parametrize(
	("changes", "said"),
	[
		({"qty": -3}, "Quantity"),
		({"qty": 0}, "Quantity"),
		({"qty": 1_000_000}, "Quantity"),
		({"grade": "G9"}, "Grade"),
		({"negotiated_unit": -1}, "Negotiated Price per Vehicle"),
		({"deposit_pct": 140}, "Deposit"),
		({"currency": "USD", "fx_rate": -7}, "Exchange Rate"),
		({"services": [{"service": "freight", "amount": -5}]}, "Services, row freight"),
	],
)
def test_a_value_that_makes_no_sense_is_refused_by_field_and_expectation(
	changes: dict[str, Any], said: str
) -> None:
	with pytest.raises(IntentOrderInputError, match=said) as refused:
		copy_of("IO-04", **changes).insert()
	assert "Expected" in str(refused.value)


def test_the_refusal_speaks_chinese_to_a_chinese_user() -> None:
	frappe.local.lang = "zh"
	with pytest.raises(IntentOrderInputError, match=r"数量.*应为"):
		copy_of("IO-01", qty=-3).insert()


def test_an_option_that_stands_twice_is_refused_with_both_rows() -> None:
	order = order_of("IO-01")
	order.append("configuration", {"vehicle_option": "ENG-D247"})
	with pytest.raises(IntentOrderInputError, match=r"rows 1 and 48: option ENG-D247 stands twice"):
		order.save()


def test_an_unknown_option_is_refused() -> None:
	order = order_of("IO-01")
	order.append("configuration", {"vehicle_option": "ENG-NONE"})
	with pytest.raises(frappe.LinkValidationError, match="ENG-NONE"):
		order.save()


def test_a_model_that_is_not_sold_is_refused() -> None:
	model = frappe.get_doc("Vehicle Model", "XQK6128H")
	model.status = "phased_out"
	model.save()
	with pytest.raises(IntentOrderInputError, match=r"Vehicle Model.*XQK6128H"):
		copy_of("IO-01").insert()


def test_the_status_cannot_be_set_by_hand() -> None:
	order = order_of("IO-01")
	order.status = "Valid"
	with pytest.raises(StatusChangeError):
		order.save()
	with pytest.raises(StatusChangeError):
		copy_of("IO-01", status="Valid").insert()


def test_an_order_is_not_submitted_by_hand() -> None:
	with pytest.raises(StatusChangeError):
		order_of("IO-01").submit()


def test_a_customer_stays_with_the_order() -> None:
	order = order_of("IO-01")
	order.customer = order_of("IO-02").customer
	with pytest.raises(frappe.CannotChangeConstantError):
		order.save()


def test_computed_fields_sent_by_a_client_are_computed_again() -> None:
	order = order_of("IO-08")
	order.update({"verdict": "clear", "review_price": 1, "findings": [], "total": 5})
	order.save()
	assert (order.verdict, order.review_price, order.total) == ("error", 633140, 3090000)
	assert len(order.findings) == 2


def test_a_row_is_not_saved_inserted_or_deleted_without_its_order() -> None:
	row = order_of("IO-01").configuration[0]
	lone = frappe.get_doc(row.doctype, row.name)
	lone.claimed_price = 1
	with pytest.raises(ForeignRowError):
		lone.save()
	with pytest.raises(ForeignRowError):
		frappe.get_doc({**lone.as_dict(), "name": None, "vehicle_option": "ENG-D265"}).insert()
	with pytest.raises(ForeignRowError):
		frappe.delete_doc(row.doctype, row.name)


def test_a_row_of_another_order_cannot_be_pulled_over() -> None:
	victim = order_of("IO-12")
	order = order_of("IO-01")
	order.append("configuration", {"vehicle_option": "AVS-D2"})
	order.configuration[-1].name = victim.configuration[0].name
	with pytest.raises(ForeignRowError):
		order.save()


def test_deleting_an_order_takes_its_price_review_along() -> None:
	order = copy_of("IO-01").insert()
	assert frappe.db.exists(PRICE_REVIEW, order.name)
	order.delete()
	assert not frappe.db.exists(PRICE_REVIEW, order.name)


def test_what_stays_the_same_keeps_its_configuration_hash() -> None:
	order = order_of("IO-01")
	before = order.configuration_hash
	order.qty = 12
	order.save()
	assert order.configuration_hash == before
	choose(order, "SFB-L")
	order.save()
	assert order.configuration_hash != before


def test_the_entry_form_knows_standard_grades_and_price_book() -> None:
	defaults = get_defaults("XQK6128H", "2026-11-16")
	assert defaults["price_book"] == "PB-2026H2"
	assert defaults["grades"] == ["ZJ", "G1", "G2", "G3"] or "G1" in defaults["grades"]
	assert {row["vehicle_option"] for row in defaults["configuration"]} >= {"ENG-D220", "TRN-MT6"}


def test_the_option_search_offers_what_the_model_takes() -> None:
	found = search_options("Vehicle Option", "", "name", 0, 50, {"model": "XQK6128H", "family": "ENG"})
	assert [code for code, _names in found] == ["ENG-D220", "ENG-D247", "ENG-D265", "ENG-D294"]
	assert [
		code for code, _n in search_options("Vehicle Option", "265", "name", 0, 50, {"model": "XQK6128H"})
	] == ["ENG-D265"]


def test_reviewing_all_orders_again_reports_changed_verdicts_and_skips_unreadable_ones() -> None:
	from order_review.services.review_intent_order import recheck_all

	option = frappe.get_doc("Vehicle Option", "ENG-D247")
	option.lead_days = 300
	option.save()
	frappe.db.set_value(INTENT_ORDER, order_of("IO-02").name, "grade", "??")
	orders = frappe.db.count(INTENT_ORDER, {"docstatus": 0})
	outcome = recheck_all(lambda *_: None)
	assert (order_of("IO-01").name, "clear", "error") in outcome.changed
	assert (outcome.reviewed, outcome.skipped) == (orders - 1, 1)


def test_the_kept_review_is_plain_json_with_every_figure() -> None:
	kept = json.loads(frappe.db.get_value(PRICE_REVIEW, order_of("IO-01").name, "review"))
	assert kept["price"]["floor_price"] == 825200
	assert {step["figure"] for step in kept["price"]["trace"]} >= {
		"base_list",
		"options_list",
		"discounts",
		"review_price",
	}
