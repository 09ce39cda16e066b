"""Sales contracts from valid intent orders: vehicles counted, differences caught, prices covered, vetoes kept."""

from __future__ import annotations

import json
from typing import Any

import frappe
import pytest
from frappe.model.workflow import WorkflowTransitionError

from order_review.constants import CONTRACT_PRICE_REVIEW, INTENT_ORDER, PRICE_APPROVAL
from order_review.demo.people import address
from order_review.exceptions import (
	ContractError,
	ContractStepError,
	FieldLockedError,
	IntentOrderStepError,
	PriceApprovalError,
	ReasonMissingError,
	SelfApprovalError,
	StatusChangeError,
)
from order_review.services.contracts import authority, make
from tests.site import contracting
from tests.site.contracting import (
	acting,
	approved,
	asked,
	change,
	choose,
	contract,
	made,
	received,
	take,
	valid,
)
from tests.site.reviewing import order


def findings(name: str) -> list[tuple[int, str, str]]:
	return [(row.line_no, row.code, row.ref) for row in contract(name).findings]


# --- made of orders -----------------------------------------------------------------------------------------


def test_a_contract_says_what_the_order_said_and_the_order_is_converted(demo_site: str) -> None:
	source = valid("IO-01")
	name = made(source)
	document, origin = contract(name), order(source)
	assert (document.customer, document.dealer, document.total) == (origin.customer, origin.dealer, 8_480_000)
	assert (document.deposit_kind, document.deposit_amount) == ("Earnest Money", 848_000)
	assert document.lines[0].configuration_hash == origin.configuration_hash
	assert len(document.options) == len(origin.configuration) == 47
	assert (origin.status, origin.contracted_qty) == ("Converted", 10)
	assert document.verdict == "clear"
	assert json.loads(document.differences) == []


def test_several_contracts_share_the_vehicles_of_an_order(demo_site: str) -> None:
	source = valid("IO-01")
	first = made(source, **{source: 6})
	assert (order(source).status, order(source).contracted_qty) == ("Valid", 6)
	with (
		acting("SP"),
		pytest.raises(ContractError, match="5 vehicles are wanted; this contract can have 4 of the 10"),
	):
		make.make([source], {source: 5})
	second = made(source, **{source: 4})
	assert order(source).status == "Converted"
	document = contract(first)
	document.lines[0].qty = 7
	frappe.db.savepoint("more")
	with acting("SP"), pytest.raises(IntentOrderStepError):
		document.save()
	frappe.db.rollback(save_point="more")
	take(second, "Withdraw", "SP")
	assert (order(source).status, order(source).contracted_qty) == ("Valid", 6)
	document = contract(first)
	document.lines[0].qty = 10
	with acting("SP"):
		document.save()
	assert order(source).status == "Converted"


def test_what_comes_back_after_the_time_is_over_stays_closed(demo_site: str) -> None:
	source = valid("IO-01")
	name = made(source)
	frappe.db.set_value(INTENT_ORDER, source, "valid_until", "2026-11-01")
	take(name, "Withdraw", "SP")
	assert (order(source).status, order(source).contracted_qty) == ("Expired", 0)
	with acting("SP"), pytest.raises(IntentOrderStepError, match="Expired"):
		make.make([source])


def test_no_contract_on_an_order_whose_time_is_over(demo_site: str) -> None:
	source = valid("IO-01")
	frappe.db.set_value(INTENT_ORDER, source, "valid_until", "2026-11-01")
	with acting("SP"), pytest.raises(IntentOrderStepError, match="valid until"):
		make.make([source])


def test_no_contract_on_an_order_that_is_not_valid(demo_site: str) -> None:
	draft = frappe.db.get_value(INTENT_ORDER, {"external_id": "IO-08"})
	with acting("SP"), pytest.raises(IntentOrderStepError, match="Draft"):
		make.make([draft])


def test_no_contract_on_an_internal_order_whose_prices_tell_its_cost(demo_site: str) -> None:
	with acting("SP"), pytest.raises(ContractError, match="no customer outside"):
		make.make([valid("IO-05")])


def test_a_call_sent_twice_makes_one_contract(demo_site: str) -> None:
	source = valid("IO-01")
	with acting("SP"):
		first = make.make([source], {source: 4}, "click-1")
		assert make.make([source], {source: 4}, "click-1") == first
		assert make.make([source], {source: 4}, "click-2") != first
	assert order(source).contracted_qty == 8


def test_orders_of_different_customers_do_not_go_into_one_contract(demo_site: str) -> None:
	first, second = valid("IO-01"), valid("IO-03")
	with acting("SP"), pytest.raises(ContractError, match="do not fit into one contract"):
		make.make([first, second])


def test_orders_of_one_customer_make_a_framework_contract(demo_site: str) -> None:
	first = valid("IO-01")
	second = contracting.another(first, qty=5)
	name = made(first, second)
	document = contract(name)
	assert [(row.line_no, row.intent_order, row.qty) for row in document.lines] == [
		(1, first, 10),
		(2, second, 5),
	]
	assert document.total_qty == 15
	assert len(document.options) == 94
	choose(name, "SLY-1249", line=2)
	rows = json.loads(contract(name).differences)
	assert [(row["line_no"], row["what"]["code"]) for row in rows] == [(2, "SLY")]


def test_nobody_makes_a_contract_from_nothing(demo_site: str) -> None:
	source = valid("IO-01")
	name = made(source)
	copy = frappe.copy_doc(contract(name))
	with acting("SP"), pytest.raises((ContractError, FieldLockedError, frappe.ValidationError)):
		copy.insert()
	with acting("OA"), pytest.raises(frappe.PermissionError):
		make.make([source])


def test_a_line_stays_the_line_of_its_order(demo_site: str) -> None:
	source = valid("IO-01")
	name = made(source, **{source: 4})
	document = contract(name)
	other = frappe.db.get_value(INTENT_ORDER, {"external_id": "IO-02"})
	document.lines[0].update({"model": "XQK6108H", "intent_order": other, "delivered_qty": 4})
	with acting("SP"):
		document.save()
	row = contract(name).lines[0]
	assert (row.model, row.intent_order, row.delivered_qty) == ("XQK6128H", source, 0)
	document = contract(name)
	document.append("lines", {"qty": 1, "unit_price": 1, "delivery_date": "2027-01-01"})
	with acting("SP"), pytest.raises(ContractError, match="comes with its intent order"):
		document.save()


def test_a_department_sees_its_own_contracts_only(demo_site: str) -> None:
	name = made(valid("IO-01"))
	north = frappe.db.get_value("Department", {"department_code": "MARKET-N"})
	with acting("SP"):
		assert name in frappe.get_list("Sales Contract", pluck="name")
	frappe.db.set_value("Sales Contract", name, "market_department", north)
	with acting("SP"):
		assert name not in frappe.get_list("Sales Contract", pluck="name")
		assert not frappe.has_permission("Sales Contract", "read", doc=name)
		rows = frappe.get_list("Sales Contract Line", {"parent": name}, parent_doctype="Sales Contract")
		assert rows == []


# --- compared -----------------------------------------------------------------------------------------------


def test_a_changed_seat_layout_is_caught_and_asked_of_the_technical_centre(demo_site: str) -> None:
	name = made(valid("IO-01"))
	choose(name, "SLY-1249")
	received(name)
	assert (1, "CONTRACT_DIFFERS", "SLY") in findings(name)
	frozen = json.loads(contract(name).rounds[0].findings)
	assert ("CONTRACT_DIFFERS", "SLY", 1) in [(row["code"], row["ref"], row["line_no"]) for row in frozen]
	take(name, "Send to Opinions", "OA")
	assert set(asked(name)) == {"FIN", "TECH"}


def test_the_letter_to_the_order_administrators_says_what_differs(demo_site: str) -> None:
	name = made(valid("IO-01"))
	choose(name, "SLY-1249")
	take(name, "Submit for Review", "SP")
	told = {"reference_name": name, "user": address("OA")}
	(letter,) = frappe.get_all("Outbox Message", told, pluck="message")
	assert "SLY-1251" in letter.split("SLY-1249")[0].splitlines()[-1]


def test_what_did_not_change_is_asked_of_finance_only(demo_site: str) -> None:
	name = received(made(valid("IO-01")))
	assert [row for row in findings(name) if row[1] == "CONTRACT_DIFFERS"] == []
	take(name, "Send to Opinions", "OA")
	assert set(asked(name)) == {"FIN"}


@pytest.mark.parametrize(
	("values", "asked_too"),
	[
		({"service_terms": "质保五年"}, "SERVICE"),
		({"delivery_date": "2027-02-20"}, "PLAN"),
	],
)
def test_departments_are_asked_where_the_contract_differs(
	demo_site: str, values: dict[str, Any], asked_too: str
) -> None:
	name = made(valid("IO-01"))
	document = contract(name)
	if "delivery_date" in values:
		document.lines[0].delivery_date = values["delivery_date"]
	else:
		document.update(values)
	with acting("SP"):
		document.save()
	received(name)
	take(name, "Send to Opinions", "OA")
	assert set(asked(name)) == {"FIN", asked_too}


def test_production_rows_of_a_difference_are_for_their_readers(demo_site: str) -> None:
	from order_review.api import contracts as api

	name = made(valid("IO-01"))
	choose(name, "SLY-1249")
	with acting("OA"):
		assert "7000010-C12-1249" in api.differences(name)
	with acting("SP"):
		table = api.differences(name)
		assert "SLY-1249" in table
		assert "7000010" not in table


def test_a_second_round_tells_what_changed_since_the_first(demo_site: str) -> None:
	name = received(made(valid("IO-01")))
	with pytest.raises(ReasonMissingError):
		take(name, "Return", "OA", "配置写错")
	take(name, "Return", "OA", "RT-CONF 配置写错")
	assert contract(name).stop_reason.startswith("RT-CONF")
	choose(name, "SLY-1249")
	change(name, acceptance="按样车验收")
	received(name)
	document = contract(name)
	assert document.review_round == 2
	changed = {row["what"]["code"]: row["after"]["code"] for row in json.loads(document.rounds[1].changes)}
	assert changed == {"SLY": "SLY-1249", "acceptance": "按样车验收"}
	assert document.rounds[0].reason_code == "RT-CONF"


def test_missing_evidence_of_a_dealer_is_told(demo_site: str) -> None:
	name = made(valid("IO-01"))
	change(name, dealer_authorisation=None)
	assert (0, "EVIDENCE_MISSING", "dealer_authorisation") in findings(name)


# --- prices -------------------------------------------------------------------------------------------------


def test_a_lower_price_needs_an_approval_of_its_own(demo_site: str) -> None:
	source = valid("IO-01")
	name = made(source)
	document = contract(name)
	document.lines[0].unit_price = 836_000
	with acting("SP"):
		document.save()
	received(name)
	assert (1, "AUTHORITY_EXCEEDED", source) in findings(name)
	assert contract(name).price_approval == "Needed"
	take(name, "Send to Opinions", "OA")
	contracting.give(name, "FIN")
	with pytest.raises(ContractStepError, match="not covered"):
		take(name, "Approve for Signing", "OA")
	with acting("MM"), pytest.raises(frappe.PermissionError):  # −2.33 % is above L1
		authority.decide(name, "Approved", "可以")
	with acting("SM"):
		decision = authority.decide(name, "Approved", "淡季,保产量")
	assert frappe.db.get_value(PRICE_APPROVAL, decision, ["sales_contract", "approval_level"]) == (name, "L2")
	assert contract(name).price_approval == "Approved"
	take(name, "Approve for Signing", "OA")
	assert contract(name).status == "Approved for Signing"


@pytest.mark.parametrize(("price", "is_covered"), [(847_500, False), (848_000, True), (849_000, True)])
def test_an_approval_covers_the_price_it_was_given_for_and_better_ones(
	demo_site: str, price: float, is_covered: bool
) -> None:
	name = made(valid("IO-01"))
	document = contract(name)
	document.lines[0].unit_price = price  # all of them within the same level
	with acting("SP"):
		document.save()
	received(name)
	assert bool(contract(name).price_approval) is not is_covered


def test_a_refused_price_sends_the_contract_back_and_an_approval_of_another_price_is_void(
	demo_site: str,
) -> None:
	name = made(valid("IO-01"))

	def ask(price: float) -> None:
		document = contract(name)
		document.lines[0].unit_price = price
		with acting("SP"):
			document.save()
		received(name)

	ask(836_000)
	with acting("SM"), pytest.raises(PriceApprovalError, match="reason"):
		authority.decide(name, "Rejected", " ")
	with acting("SM"):
		authority.decide(name, "Rejected", "太低")
	assert contract(name).status == "Returned"
	ask(838_000)
	with acting("SM"):
		given = authority.decide(name, "Approved", "可以")
	take(name, "Return", "OA", "RT-PRICE 还可再谈")
	ask(837_000)
	assert contract(name).price_approval == "Needed"
	assert frappe.db.get_value(PRICE_APPROVAL, given, "is_void")


def test_a_policy_that_no_longer_applies_takes_the_authority_away(demo_site: str) -> None:
	source = valid("IO-01")
	name = made(source, **{source: 4})
	assert (1, "POLICY_NOT_APPLICABLE", "POL-26-VOLC") in findings(name)
	document = contract(name)
	document.set("claims", [row for row in document.claims if row.entry != "POL-26-VOLC"])
	with acting("SP"):
		document.save()
	received(name)
	assert contract(name).price_approval == "Needed"


@pytest.mark.parametrize(
	("day", "is_protected"), [("2026-12-30", True), ("2027-01-05", True), ("2027-01-15", False)]
)
def test_a_book_that_covered_the_quotation_counts_for_thirty_days(
	demo_site: str, day: str, is_protected: bool
) -> None:
	name = made(valid("IO-01", quotation_date="2026-12-10"))
	change(name, contract_date=day)
	expired = (1, "PRICE_BOOK_EXPIRED", "PB-2026H2") in findings(name)
	assert expired is not is_protected


def test_a_price_below_the_floor_is_known_to_its_readers_only(demo_site: str) -> None:
	name = made(valid("IO-01"))
	document = contract(name)
	document.lines[0].unit_price = 824_000
	with acting("SP"):
		document.save()
	received(name)
	kept = frappe.get_doc(CONTRACT_PRICE_REVIEW, name)
	assert (kept.approval_level, kept.below_floor) == ("L4", 1)
	with acting("SP"):
		seen = json.dumps(contract(name).as_dict(), default=str)
		assert not frappe.has_permission(CONTRACT_PRICE_REVIEW, "read")
		assert "AUTHORITY_EXCEEDED" in seen
		for secret in ("BELOW_FLOOR", "825200", "825,200", "L4", "floor"):
			assert secret not in seen


def test_a_wrong_option_price_keeps_the_contract_from_its_opinions(demo_site: str) -> None:
	name = made(valid("IO-01"))
	document = contract(name)
	next(row for row in document.options if row.vehicle_option == "ENG-D247").claimed_price = 15_000
	with acting("SP"):
		document.save()
	received(name)
	with pytest.raises(ContractStepError, match="PRICE_MISMATCH ENG-D247"):
		take(name, "Send to Opinions", "OA")


# --- deposit and schedule -----------------------------------------------------------------------------------


def test_earnest_money_is_capped_and_an_advance_payment_is_not(demo_site: str) -> None:
	name = made(valid("IO-01"))
	with pytest.raises(ContractStepError, match="at most 20 %"):
		change(name, deposit_pct=25)
	change(name, deposit_pct=25, deposit_kind="Advance Payment")
	assert contract(name).deposit_amount == 2_120_000


def test_a_deposit_below_the_models_minimum_is_an_error(demo_site: str) -> None:
	name = made(valid("IO-01"))
	change(name, deposit_pct=5)
	assert (1, "DEPOSIT_LOW", "") in findings(name)


def test_a_payment_schedule_adds_up(demo_site: str) -> None:
	name = made(valid("IO-01"))
	change(name, payments=[{"milestone": "Signing", "pct": 10}, {"milestone": "Before Delivery", "pct": 80}])
	with pytest.raises(ContractStepError, match="90 %"):
		take(name, "Submit for Review", "SP")


# --- guarded ------------------------------------------------------------------------------------------------


def test_what_was_submitted_is_locked(demo_site: str) -> None:
	name = made(valid("IO-01"))
	take(name, "Submit for Review", "SP")
	for values in ({"deposit_pct": 15}, {"acceptance": "另议"}, {"contract_date": "2026-11-21"}):
		with pytest.raises(FieldLockedError):
			change(name, **values)
	with pytest.raises(FieldLockedError):
		choose(name, "SLY-1249")
	with pytest.raises(FieldLockedError):
		change(name, code="OA", service_terms="质保五年")


def test_what_the_server_computes_is_not_taken_from_a_client(demo_site: str) -> None:
	name = made(valid("IO-01"))
	change(
		name, total=1, deposit_received=848_000, deposit_confirmed=1, verdict="clear", version=9, findings=[]
	)
	document = contract(name)
	assert (document.total, document.deposit_received, document.deposit_confirmed) == (8_480_000, 0, 0)
	assert document.version == 1


def test_no_step_is_left_out(demo_site: str) -> None:
	name = made(valid("IO-01"))
	for status in ("Approved for Signing", "Signed", "Effective"):
		document = contract(name)
		document.status = status
		with acting("OA"), pytest.raises(StatusChangeError):
			document.save()
	for code in ("SP", "OA", "AU"):
		with acting(code), pytest.raises((StatusChangeError, frappe.PermissionError)):
			contract(name).submit()


def test_who_wrote_it_does_not_review_it(demo_site: str) -> None:
	name = made(valid("IO-01"))
	take(name, "Submit for Review", "SP")
	frappe.get_doc("User", "sp@review.localhost").add_roles("Order Administrator")
	with pytest.raises(SelfApprovalError):
		take(name, "Receive", "SP")


def test_a_veto_blocks_the_seal_and_only_the_manager_lifts_it(demo_site: str) -> None:
	source = valid("IO-01")
	name = approved(received(made(source)))
	contracting.hand_in(name)
	with pytest.raises(ReasonMissingError):
		take(name, "Veto", "OA", "不能造")
	take(name, "Veto", "OA", "VT-BUILD 座椅布置无法制造")
	assert contract(name).stop_reason.startswith("VT-BUILD")
	assert (order(source).status, order(source).contracted_qty) == ("Valid", 0)
	with pytest.raises((StatusChangeError, WorkflowTransitionError)):
		take(name, "Seal", "AU")
	with acting("AU"), pytest.raises(ContractStepError):
		contracting.signing.log_seal(name, "HT-01", 2)
	assert frappe.db.exists("Contract Quality Assessment", {"sales_contract": name})
	with pytest.raises((StatusChangeError, WorkflowTransitionError)):
		take(name, "Lift Veto", "OA", "请再看")
	take(name, "Lift Veto", "SM", "技术中心确认可以制造")
	assert contract(name).owner_oa == address("OA")
	assert (contract(name).status, order(source).status) == ("Received", "Converted")


def test_a_lifted_veto_finds_its_vehicles_taken(demo_site: str) -> None:
	source = valid("IO-01")
	name = received(made(source))
	take(name, "Veto", "OA", "VT-OTHER 客户反悔")
	made(source, **{source: 3})
	with pytest.raises(ContractError, match="7 of the 10"):
		take(name, "Lift Veto", "SM", "客户又要了")


def test_an_objection_of_finance_holds_and_returns_early(demo_site: str) -> None:
	name = received(made(valid("IO-01")))
	take(name, "Send to Opinions", "OA")
	with pytest.raises(ContractStepError, match="opinions of FIN"):
		take(name, "Return", "OA", "RT-OTHER 等不及")
	contracting.give(
		name, "FIN", "Object", price_ok="Wrong", reason_code="OB-PRICE", acceptable_if="按评审价"
	)
	with pytest.raises(ContractStepError, match="Objections stand: FIN"):
		take(name, "Approve for Signing", "OA")
	assert take(name, "Return", "OA", "RT-OBJ 财务反对") == "Returned"
