"""Who had a hand in a price or configuration at any time does not approve it; a price has one decision, a sealing one row."""

from __future__ import annotations

import frappe
import pytest
from frappe.permissions import add_permission

from order_review.constants import INTENT_ORDER, PRICE_APPROVAL, SALES_CONTRACT
from order_review.demo.people import address
from order_review.exceptions import (
	AdministratorError,
	PriceApprovalError,
	SelfApprovalError,
	StatusChangeError,
)
from order_review.services import guard, order_rounds, price_approval
from order_review.services.contracts import authority, signing
from tests.site import contracting
from tests.site.contracting import acting, change, contract, hand_in, made, received, sealed, valid
from tests.site.reviewing import order, step, to_received

pytestmark = pytest.mark.usefixtures("demo_site")


def both(code: str, *roles: str) -> str:
	"""A sample user who has further roles."""
	user = address(code)
	frappe.get_doc("User", user).add_roles(*roles)
	return user


def edited_by_two(sample: str = "IO-01") -> str:
	"""An order the operations manager changed, and the salesperson after him."""
	from tests.site.reviewing import change as change_order
	from tests.site.reviewing import ready

	name = ready(sample)
	both("SM", "Salesperson")
	change_order(name, "SM", deposit_pct=12)
	change_order(name, "SP", deposit_pct=10)
	return name


# --- hands --------------------------------------------------------------------------------------------------


def test_every_editor_is_written_down_beside_the_step_before() -> None:
	name = edited_by_two()
	row = order(name).events[-1]
	assert guard.editors_of(row) == [address("SM"), address("SP")]
	assert order(name).modified_by == address("SP")


def test_who_changed_an_order_before_others_did_does_not_approve_its_price() -> None:
	name = edited_by_two()
	step(name, "Submit for Review", "SP")
	step(name, "Receive", "OA")
	assert address("SM") in order_rounds.authors(order(name))
	with acting("SM"), pytest.raises(PriceApprovalError, match="had a hand"):
		price_approval.decide(name, "Approved", "可以")
	with acting("VP"):
		assert price_approval.decide(name, "Approved", "可以")


def test_who_changed_an_order_does_not_receive_it() -> None:
	name = edited_by_two()
	both("SM", "Order Administrator")
	step(name, "Submit for Review", "SP")
	with pytest.raises(SelfApprovalError):
		step(name, "Receive", "SM")


def test_a_client_neither_adds_nor_takes_away_an_editor() -> None:
	name = edited_by_two()
	with acting("SP"):
		document = order(name)
		document.events[-1].editors = ""
		document.save()
	assert address("SM") in guard.editors(order(name))


def test_who_priced_a_special_option_does_not_approve_the_price_of_its_order() -> None:
	document = order(frappe.db.get_value(INTENT_ORDER, {"external_id": "IO-06"}))
	assert address("MP") in price_approval.hands([document], document.specials)
	assert address("MM") not in price_approval.hands([document], document.specials)


def test_who_wrote_the_intent_order_does_not_approve_the_price_of_the_contract() -> None:
	source = valid("IO-01")
	both("SM", "Salesperson")
	frappe.db.set_value(INTENT_ORDER, source, "owner", address("SM"), update_modified=False)
	name = made(source)
	document = contract(name)
	document.lines[0].unit_price = 836_000
	with acting("SP"):
		document.save()
	received(name)
	with acting("SM"), pytest.raises(PriceApprovalError, match="had a hand"):
		authority.decide(name, "Approved", "可以")


def test_who_changed_a_contract_before_others_did_does_not_approve_its_price() -> None:
	name = made(valid("IO-01"))
	both("SM", "Salesperson")
	lines = [row.as_dict() | {"unit_price": 835_000} for row in contract(name).lines]
	change(name, "SM", lines=lines)
	change(name, "SP", lines=[row | {"unit_price": 836_000} for row in lines])
	received(name)
	with acting("SM"), pytest.raises(PriceApprovalError, match="had a hand"):
		authority.decide(name, "Approved", "可以")


# --- one decision -------------------------------------------------------------------------------------------


def standing(**filters: str) -> list[str]:
	return frappe.get_all(PRICE_APPROVAL, {"is_void": 0, **filters}, pluck="decision")


def test_a_price_of_an_order_has_one_decision_however_often_it_is_clicked() -> None:
	name = to_received("IO-01")
	with acting("MM"):
		price_approval.decide(name, "Approved", "可以")
		for _click in range(5):
			with pytest.raises(PriceApprovalError, match="decided already"):
				price_approval.decide(name, "Approved", "可以")
	with acting("VP"), pytest.raises(PriceApprovalError, match="decided already"):
		price_approval.decide(name, "Approved", "可以")
	assert standing(intent_order=name) == ["Approved"]
	assert frappe.db.count(PRICE_APPROVAL, {"intent_order": name}) == 1


def test_another_decision_takes_the_place_of_the_one_before() -> None:
	name = to_received("IO-01")
	for code, decision in (("MM", "Approved"), ("SM", "Rejected"), ("VP", "Approved")):
		with acting(code):
			price_approval.decide(name, decision, "再议")
		assert standing(intent_order=name) == [decision]
	assert price_approval.is_covered(order(name))


def test_a_price_asked_for_again_waits_for_a_new_decision() -> None:
	name = to_received("IO-01")
	with acting("MM"):
		price_approval.decide(name, "Rejected", "太低")
	with acting("OA"):
		assert price_approval.request(name) == "Needed"
	assert standing(intent_order=name) == []
	with acting("MM"):
		price_approval.decide(name, "Rejected", "仍太低")
	assert standing(intent_order=name) == ["Rejected"]


def test_a_price_of_a_contract_has_one_decision_however_often_it_is_clicked() -> None:
	name = made(valid("IO-01"))
	lines = [row.as_dict() | {"unit_price": 836_000} for row in contract(name).lines]
	change(name, lines=lines)
	received(name)
	with acting("SM"):
		authority.decide(name, "Approved", "可以")
		for decision in ("Approved", "Rejected"):
			with pytest.raises(PriceApprovalError):
				authority.decide(name, decision, "可以")
	assert standing(sales_contract=name) == ["Approved"]


# --- one row ------------------------------------------------------------------------------------------------


def test_a_sealing_is_one_row_however_often_it_is_written() -> None:
	name = contracting.approved(received(made(valid("IO-01"))))
	hand_in(name)
	with acting("AU"):
		for _click in range(4):
			signing.log_seal(name, "HT-0", 4)
	sealed(name)
	rows = contract(name).seals
	assert [(row.seal_no, row.copies, row.sealed_by) for row in rows] == [("HT-01", 4, address("AU"))]


# --- discarding ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("doctype", [INTENT_ORDER, "Special Option Request"])
def test_no_guarded_draft_is_discarded(doctype: str) -> None:
	document = frappe.get_last_doc(doctype, {"docstatus": 0})
	with pytest.raises(StatusChangeError, match="not discarded"):
		document.run_method("before_discard")


def test_every_document_that_is_guarded_against_cancelling_is_guarded_against_discarding() -> None:
	events = frappe.get_hooks("doc_events", app_name="order_review")
	for doctype, handlers in events.items():
		if "before_cancel" in handlers and doctype != "Payment Entry":  # there it locks, and guards nothing
			assert handlers["before_cancel"] == handlers["before_discard"], doctype
	assert hasattr(frappe.get_meta(SALES_CONTRACT) and frappe.new_doc(SALES_CONTRACT), "before_discard")


# --- administrators -----------------------------------------------------------------------------------------


def administrator(number: int = 1) -> str:
	"""A System Manager of the host, without any role of ours."""
	user = frappe.get_doc(
		{
			"doctype": "User",
			"email": f"sysmgr{number}@example.com",
			"first_name": "Admin",
			"send_welcome_email": 0,
			"roles": [{"role": "System Manager"}],
		}
	).insert(ignore_permissions=True)
	return str(user.name)


def test_nobody_gives_himself_a_role_that_reads_floor_or_cost() -> None:
	first, second = administrator(1), administrator(2)
	frappe.set_user(first)
	with pytest.raises(AdministratorError, match="himself"):
		frappe.get_doc("User", first).add_roles("Finance Reviewer")
	frappe.get_doc("User", first).add_roles("Accounts User")
	frappe.get_doc("User", second).add_roles("Finance Reviewer")
	assert "Finance Reviewer" in frappe.get_roles(second)


def test_no_role_gets_a_right_on_a_confidential_document_beyond_its_own() -> None:
	frappe.set_user(administrator())
	with pytest.raises(AdministratorError, match="confidential"):
		add_permission("Price Book Cost", "System Manager", 0)
	add_permission("Intent Order", "Accounts User", 0)
