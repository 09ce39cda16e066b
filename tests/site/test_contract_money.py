"""Money that comes in wrong: shares of a schedule, exchange rates, special options priced for more vehicles."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.model.document import Document

from order_review.constants import INTENT_ORDER, REVIEW_SETTINGS, SPECIAL_COST
from order_review.exceptions import ContractStepError, IntentOrderStepError, SpecialOptionError
from order_review.services import exchange_rates, intent_steps, settled
from tests.site import contracting
from tests.site.contracting import acting, approved, change, contract, made, received, take, valid
from tests.site.reviewing import all_agree, give, order, ready, step, to_opinions
from tests.site.samples import codes, copy_of, order_of

pytestmark = pytest.mark.usefixtures("demo_site")

CONDITION = {
	"condition_text": "按签约日银行牌价结算",
	"condition_responsible": "财务部",
	"condition_due": "2027-01-31",
	"condition_before": "Contract Effective",
}


def paid(*shares: tuple[str, float]) -> list[dict[str, Any]]:
	return [{"milestone": milestone, "pct": pct} for milestone, pct in shares]


def found(name: str) -> set[str]:
	return {row.code for row in contract(name).findings}


# --- schedule -----------------------------------------------------------------------------------------------


def test_the_amounts_of_a_schedule_are_exact_and_the_last_one_takes_the_remainder() -> None:
	source = valid("IO-01")
	name = made(source, **{source: 3})
	document = contract(name)
	document.lines[0].unit_price = 889_033.33
	document.payments = []
	for row in paid(("Signing", 10), ("Before Delivery", 45), ("After Delivery", 45)):
		document.append("payments", row)
	with acting("SP"):
		document.save()
	assert [row.amount for row in contract(name).payments] == [266_710.00, 1_200_195.00, 1_200_194.99]
	assert contract(name).deposit_amount == 266_710.00


@pytest.mark.parametrize(
	("shares", "said"),
	[
		((("Signing", 90.004), ("Before Delivery", 10)), "100.004 %"),
		((("Signing", 90), ("Before Delivery", 9.999)), "99.999 %"),
	],
)
def test_shares_that_are_not_whole_are_not_submitted(
	shares: tuple[tuple[str, float], ...], said: str
) -> None:
	name = made(valid("IO-01"))
	change(name, payments=paid(*shares))
	with pytest.raises(ContractStepError, match=said):
		take(name, "Submit for Review", "SP")


@pytest.mark.parametrize("shares", [((("Signing", 110), ("Before Delivery", -10))), ((("Signing", 0), ("Before Delivery", 100)))])  # fmt: skip
def test_a_share_of_nothing_or_more_than_all_is_not_saved(shares: tuple[tuple[str, float], ...]) -> None:
	name = made(valid("IO-01"))
	with pytest.raises(ContractStepError, match="row 1"):
		change(name, payments=paid(*shares))


def test_a_schedule_that_pays_late_for_a_cash_discount_is_finances_to_let_stand() -> None:
	source = valid("IO-01")
	name = made(source)
	change(
		name,
		payment_mode="full_before_delivery",
		payments=paid(("Signing", 10), ("Before Delivery", 45), ("After Delivery", 45)),
	)
	assert "PAYMENT_CONFLICT" in found(name)
	received(name)
	take(name, "Send to Opinions", "OA")
	assert "PAYMENT_CONFLICT" not in settled.of_contract(contract(name))
	contracting.give(name, "FIN")
	assert "let it stand" in settled.of_contract(contract(name))["PAYMENT_CONFLICT"]
	assert contract(approved(name)).status == "Approved for Signing"


def test_a_schedule_below_the_deposit_is_a_finding() -> None:
	name = made(valid("IO-01"))
	change(name, payments=paid(("Signing", 5), ("Before Delivery", 95)))
	assert "PAYMENT_CONFLICT" in found(name)


# --- exchange rates -----------------------------------------------------------------------------------------


def export(**values: Any) -> Document:
	return copy_of("IO-04", external_id=None, **values).insert()


def test_the_sample_export_order_has_the_rate_on_record() -> None:
	order = order_of("IO-04")
	assert exchange_rates.listed("USD", order.order_date) == 7.1
	assert codes(export()) == []


def test_an_order_in_another_currency_takes_the_rate_on_record_where_it_states_none() -> None:
	assert export(fx_rate=1).fx_rate == 7.1


def test_an_order_in_yuan_has_the_rate_1() -> None:
	document = copy_of("IO-01", external_id=None, fx_rate=50).insert()
	assert document.fx_rate == 1


@pytest.mark.parametrize(("rate", "is_found"), [(7.17, False), (7.18, True), (7.03, False), (50, True)])
def test_a_rate_beyond_the_tolerance_is_a_finding(rate: float, is_found: bool) -> None:
	assert (("FX_RATE", "USD") in codes(export(fx_rate=rate))) is is_found


def test_the_tolerance_is_a_setting() -> None:
	frappe.db.set_single_value(REVIEW_SETTINGS, "fx_tolerance_pct", 0.5)
	assert ("FX_RATE", "USD") in codes(export(fx_rate=7.17))


def test_a_day_without_any_rate_is_a_finding() -> None:
	frappe.db.delete("Currency Exchange", {"from_currency": "USD", "to_currency": "CNY"})
	found = export()
	assert ("FX_RATE", "USD") in codes(found)
	assert "no exchange rate" in found.findings[0].message_en


def test_a_rate_of_its_own_making_holds_the_order_until_finance_lets_it_pass() -> None:
	name = ready("IO-04", dest_country="Kazakhstan")
	with acting("SP"):
		document = order(name)
		document.fx_rate = 50
		document.save()
	assert ("FX_RATE", "USD") in codes(order(name))
	step(name, "Submit for Review", "SP")
	step(name, "Receive", "OA")
	step(name, "Send to Opinions", "OA")
	all_agree(name, "FIN")
	give(name, "FIN")
	assert "FX_RATE USD" in intent_steps.open_errors(order(name))
	with pytest.raises(IntentOrderStepError, match="FX_RATE"):
		step(name, "Make Valid", "OA")


def test_finance_lets_a_rate_pass_under_a_condition() -> None:
	name = ready("IO-04", dest_country="Kazakhstan")
	with acting("SP"):
		document = order(name)
		document.fx_rate = 7.3
		document.save()
	step(name, "Submit for Review", "SP")
	step(name, "Receive", "OA")
	step(name, "Send to Opinions", "OA")
	all_agree(name, "FIN")
	give(name, "FIN", "Agree With Condition", **CONDITION)
	assert intent_steps.open_errors(order(name)) == []
	assert "FX_RATE" in settled.of_order(order(name))


# --- special options ----------------------------------------------------------------------------------------


def priced_for(vehicles: int, number: str = "SPC-2026-0031") -> None:
	"""The released price of a special option was made for so many vehicles."""
	frappe.db.set_value(SPECIAL_COST, number, "qty", vehicles)
	frappe.db.set_value("Special Option Released Cost", {"parent": number}, "qty", vehicles)


def test_a_special_option_priced_for_more_vehicles_is_a_finding() -> None:
	priced_for(12)
	document = order_of("IO-06")
	document.save()
	row = next(row for row in document.findings if row.code == "SPECIAL_QTY_BELOW")
	assert (row.ref, row.department, row.severity, row.blocks_sending) == (
		"SPC-2026-0031",
		"MKTPLAN",
		"error",
		0,
	)
	assert "12 vehicles, this is for 3" in row.message_en


def test_a_special_option_used_for_one_vehicle_is_decided_by_those_who_priced_it() -> None:
	priced_for(12)
	name = to_opinions("IO-06")
	all_agree(name, "MKTPLAN")
	assert "SPECIAL_QTY_BELOW SPC-2026-0031" in intent_steps.open_errors(order(name))
	give(name, "MKTPLAN", "Agree With Condition", **CONDITION)
	assert intent_steps.open_errors(order(name)) == []


def test_a_special_option_of_another_customer_is_not_named() -> None:
	other = frappe.db.get_value("Customer", {"name": ["!=", order_of("IO-06").customer]})
	document = copy_of("IO-06", external_id=None, customer=other)
	with pytest.raises(SpecialOptionError, match="another customer"):
		document.insert()


def test_a_special_option_of_another_department_is_not_named() -> None:
	own = order_of("IO-06").market_department
	other = frappe.db.get_value("Department", {"is_market_department": 1, "name": ["!=", own]})
	document = copy_of("IO-06", external_id=None, market_department=other)
	with pytest.raises(SpecialOptionError, match="another customer or market department") as refused:
		document.insert()
	assert str(own) not in str(refused.value)


def test_a_request_for_nobody_in_particular_is_open_to_all() -> None:
	assert not frappe.db.get_value("Special Option Request", "SPC-2026-0039", "intent_order")
	document = copy_of("IO-10", external_id=None).insert()
	assert document.name
	assert frappe.db.exists(INTENT_ORDER, document.name)
