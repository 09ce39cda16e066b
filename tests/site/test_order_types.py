"""What each order type asks for, who approves stock orders, new and barred customers, and the gate to a contract."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.utils import add_days, today

from order_review.api import order_types as api
from order_review.constants import INTENT_ORDER, REVIEW_SETTINGS
from order_review.exceptions import IntentOrderInputError, IntentOrderStepError
from order_review.services import intent_steps, order_types, price_approval, review_tasks
from order_review.services.review_intent_order import review_order
from order_review.services.stock_orders import bracket, stock_orders
from tests.site.reviewing import acting, all_agree, give, order, ready, step, tasks, to_opinions, to_received

pytestmark = pytest.mark.usefixtures("demo_site")

STOCK: dict[str, Any] = {
	"order_type": "Stock",
	"customer": None,
	"dealer": None,
	"customer_is_new": 0,
	"sales_plan": "2027年一季度华南备货计划",
}


@pytest.mark.parametrize(
	("sample", "values", "said"),
	[
		("IO-02", {"bid_file": None}, "Bid File"),
		("IO-02", {"tender_no": None}, "Tender Number"),
		("IO-02", {"bid_file": "/private/files/not-there.pdf"}, "not-there.pdf"),
		("IO-08", {**STOCK, "sales_plan": None}, "Sales Plan"),
		("IO-08", {"order_type": "Stock", "sales_plan": "备货"}, "no customer"),
		("IO-04", {"incoterm": "FOB", "dest_country": None}, "Destination Country"),
		("IO-04", {"incoterm": "FOB", "dest_country": "Peru", "dest_emission_stage": 0}, "Emission Stage"),
		("IO-05", {"internal_cost_centre": None}, "Cost Centre"),
		("IO-05", {"deposit_pct": 10}, "deposit"),
		("IO-01", {"dealer": None}, "Dealer"),
	],
)
def test_an_order_says_what_its_type_still_needs(sample: str, values: dict[str, Any], said: str) -> None:
	name = ready(sample, **values)
	with pytest.raises(IntentOrderStepError, match=said):
		step(name, "Submit for Review", "SP")
	assert order(name).status == "Draft"


@pytest.mark.parametrize(
	("sample", "values"),
	[
		("IO-02", {}),
		("IO-08", STOCK),
		("IO-04", {"incoterm": "FOB", "dest_country": "Peru"}),
		("IO-05", {}),
		("IO-01", {}),
	],
)
def test_a_complete_order_of_each_type_is_submitted(sample: str, values: dict[str, Any]) -> None:
	assert step(ready(sample, **values), "Submit for Review", "SP") == "Submitted"


@pytest.mark.parametrize(
	("lang", "values", "said"),
	[
		("en", {"qty": 0}, "Quantity is 0. Expected: a whole number from 1 to 9999."),
		("zh", {"qty": 0}, "数量为 0。应为:1 至 9999 的整数。"),
		("zh", {"model": None}, "缺少车型。"),
		(
			"zh",
			{"requested_delivery": "2027-13-99"},
			"要求交货期:'2027-13-99' 不是日期。应为:日期,如 2026-11-16。",
		),
	],
)
def test_what_is_wrong_is_said_in_one_language_with_the_fields_name(
	lang: str, values: dict[str, Any], said: str
) -> None:
	document = order(ready("IO-01"))
	document.update(values)
	frappe.local.lang = lang
	with pytest.raises(IntentOrderInputError) as refused:
		review_order(document)
	assert str(refused.value) == said


def test_a_missing_family_is_called_by_its_name() -> None:
	name = ready("IO-01")
	document = order(name)
	document.set("configuration", [row for row in document.configuration if row.family != "ENG"])
	document.save()
	with pytest.raises(IntentOrderStepError, match=r"an option of Engine \(ENG\)"):
		step(name, "Submit for Review", "SP")


def test_an_internal_order_has_its_fixed_level() -> None:
	name = to_received("IO-05")
	level = frappe.db.get_value("Intent Order Price Review", {"intent_order": name}, "approval_level")
	assert level == "L2"


def test_an_order_of_a_barred_customer_is_stopped_at_submission_and_before_it_becomes_valid() -> None:
	name = ready("IO-02")
	customer = order(name).customer
	frappe.db.set_value("Customer", customer, "customer_blacklisted", 1)
	with pytest.raises(IntentOrderStepError, match="blacklist"):
		step(name, "Submit for Review", "SP")
	frappe.db.set_value("Customer", customer, "customer_blacklisted", 0)
	step(name, "Submit for Review", "SP")
	step(name, "Receive", "OA")
	step(name, "Send to Opinions", "OA")
	all_agree(name)
	frappe.db.set_value("Customer", customer, "customer_blacklisted", 1)
	with pytest.raises(IntentOrderStepError, match="blacklist"):
		step(name, "Make Valid", "OA")
	assert order(name).status == "Consolidating"


# --- stock orders -------------------------------------------------------------------------------------------


def _stock() -> str:
	"""A stock order under opinions; the policies of its sample are for sold vehicles."""
	name = ready("IO-02", **STOCK)
	frappe.db.delete("Intent Order Policy", {"parent": name})
	for action, code in (("Submit for Review", "SP"), ("Receive", "OA"), ("Send to Opinions", "OA")):
		step(name, action, code)
	return name


def _price_allowed(name: str) -> None:
	"""Let the price pass, whatever level it needs."""
	if price_approval.is_covered(order(name)):
		return
	step(name, "Send to Price Approval", "OA")
	level = frappe.db.get_value("Intent Order Price Review", {"intent_order": name}, "approval_level")
	with acting({"L1": "MM", "L2": "SM", "L3": "VP", "L4": "PC"}[level]):
		price_approval.decide(name, "Approved", "备货")


def test_a_stock_order_becomes_valid_with_the_approval_of_market_management() -> None:
	name = _stock()
	assert "MKTMGT" in tasks(name, is_required=1)
	all_agree(name)
	_price_allowed(name)
	assert step(name, "Make Valid", "OA") == "Valid"


def test_market_management_that_is_not_concerned_has_not_approved() -> None:
	name = _stock()
	all_agree(name, "MKTMGT")
	give(name, "MKTMGT", "Not Concerned")
	_price_allowed(name)
	with pytest.raises(IntentOrderStepError, match="Market Management"):
		step(name, "Make Valid", "OA")


def test_a_stock_order_waits_for_the_approval_even_when_nobody_was_asked() -> None:
	settings = frappe.get_single(REVIEW_SETTINGS)
	settings.opinion_routing = [row for row in settings.opinion_routing if row.department != "MKTMGT"]
	settings.save()
	name = _stock()
	assert "MKTMGT" not in tasks(name)
	all_agree(name)
	_price_allowed(name)
	with pytest.raises(IntentOrderStepError, match="Market Management"):
		step(name, "Make Valid", "OA")


def test_market_management_is_asked_again_when_the_sales_plan_has_changed() -> None:
	name = _stock()
	give(name, "MKTMGT")
	task = tasks(name)["MKTMGT"]
	frappe.db.set_value(INTENT_ORDER, name, "sales_plan", "2027年二季度计划")
	review_tasks.void_changed(order(name))
	assert frappe.db.get_value("Review Task", task, "status") == "Void"
	assert "MKTMGT" in tasks(name, status="Open")


@pytest.mark.parametrize(
	("days", "wanted"),
	[(0, "0–30"), (30, "0–30"), (31, "31–90"), (90, "31–90"), (180, "91–180"), (181, "> 180")],
)
def test_age_brackets(days: int, wanted: str) -> None:
	assert bracket(days) == wanted


def test_the_age_report_lists_what_nobody_has_bought() -> None:
	name = ready("IO-08", **STOCK, order_date=add_days(today(), -100), contracted_qty=1)
	row = next(row for row in stock_orders({}) if row["name"] == name)
	assert (row["age_days"], row["bracket"], row["remaining"]) == (100, "91–180", row["qty"] - 1)
	assert not [row for row in stock_orders({"older_than": 101}) if row["name"] == name]
	frappe.db.set_value(INTENT_ORDER, name, "contracted_qty", row["qty"])
	assert not [row for row in stock_orders({}) if row["name"] == name]


# --- new customers ------------------------------------------------------------------------------------------


def _new_customer() -> str:
	name = ready("IO-08", customer_is_new=1)
	frappe.db.set_value("Customer", order(name).customer, "customer_info_verified", 0)
	step(name, "Submit for Review", "SP")
	step(name, "Receive", "OA")
	return name


def test_market_management_is_asked_for_a_new_customers_data_when_the_order_is_received() -> None:
	name = _new_customer()
	told = {"document_name": name, "for_user": "mg@review.localhost", "subject": ["like", "%new customer%"]}
	assert frappe.db.exists("Notification Log", told)
	with acting("OA"), pytest.raises(frappe.PermissionError):
		api.verify_customer(name)
	with acting("MG"):
		api.verify_customer(name)
	assert not order_types.awaits_customer_check(order(name))


def test_no_contract_is_made_before_a_new_customers_data_are_checked() -> None:
	name = valid_order()
	customer = order(name).customer
	frappe.db.set_value(INTENT_ORDER, name, "customer_is_new", 1)
	frappe.db.set_value("Customer", customer, "customer_info_verified", 0)
	with pytest.raises(IntentOrderStepError, match="not checked"):
		intent_steps.check_contractable(order(name))
	with acting("MG"):
		api.verify_customer(name)
	intent_steps.check_contractable(order(name))


# --- gate to the contract -----------------------------------------------------------------------------------


def valid_order() -> str:
	name = to_opinions("IO-02")
	all_agree(name)
	step(name, "Make Valid", "OA")
	return name


def test_a_contract_is_made_of_a_valid_order_in_its_time_only() -> None:
	name = to_opinions("IO-02")
	with pytest.raises(IntentOrderStepError, match="Under Opinions"):
		intent_steps.check_contractable(order(name))
	all_agree(name)
	step(name, "Make Valid", "OA")
	document = order(name)
	intent_steps.check_contractable(document)
	intent_steps.check_contractable(document, document.valid_until)
	with pytest.raises(IntentOrderStepError, match="valid until"):
		intent_steps.check_contractable(document, add_days(document.valid_until, 1))


def test_contracts_take_vehicles_until_none_are_left_and_give_them_back() -> None:
	name = valid_order()
	qty, until = order(name).qty, order(name).valid_until
	assert (order(name).contracted_qty, order(name).remaining_qty) == (0, qty)
	intent_steps.note_contracted(name, 12)
	document = order(name)
	assert (document.status, document.remaining_qty, intent_steps.remaining(document)) == (
		"Valid",
		qty - 12,
		qty - 12,
	)
	intent_steps.note_contracted(name, qty)
	assert order(name).status == "Converted"
	with pytest.raises(IntentOrderStepError):
		intent_steps.check_contractable(order(name))
	with pytest.raises(IntentOrderStepError, match="cannot be under contract"):
		intent_steps.note_contracted(name, qty + 1)
	intent_steps.note_contracted(name, 12)
	document = order(name)
	assert (document.status, document.remaining_qty, document.valid_until) == ("Valid", qty - 12, until)


def test_vehicles_given_back_after_the_time_is_over_leave_an_expired_order() -> None:
	name = valid_order()
	intent_steps.note_contracted(name, order(name).qty)
	frappe.db.set_value(INTENT_ORDER, name, "valid_until", add_days(today(), -1))
	intent_steps.note_contracted(name, 0)
	assert order(name).status == "Expired"


def test_nobody_writes_the_contracted_quantity_by_hand() -> None:
	name = valid_order()
	for code in ("SP", "OA"):
		with acting(code):
			document = order(name)
			document.contracted_qty = 30
			document.save()
		assert order(name).contracted_qty == 0
