"""A signed contract becomes effective with its deposit, its conditions and its certification, and is locked from then on."""

from __future__ import annotations

import frappe
import pytest

from order_review.constants import INTENT_ORDER, REVIEW_CONDITION
from order_review.exceptions import ContractStepError, StatusChangeError
from order_review.services import conditions
from order_review.services.contracts import deposits, steps
from order_review.services.contracts.effect import is_effective, missing, try_effect
from tests.site.contracting import (
	acting,
	approved,
	confirm_deposit,
	contract,
	effective,
	hand_in,
	made,
	make_valid,
	pay_deposit,
	received,
	sealed,
	signed,
	valid,
)
from tests.site.reviewing import all_agree, give, to_opinions


def kinds(name: str) -> list[str]:
	return [row["kind"] for row in missing(contract(name))]


def test_a_signed_contract_waits_for_its_deposit(demo_site: str) -> None:
	name = signed("IO-01")
	assert kinds(name) == ["deposit"]
	pay_deposit(name, 400_000)
	assert contract(name).deposit_received == 400_000
	with acting("FR"), pytest.raises(ContractStepError, match="400,000"):
		deposits.confirm_deposit(name)
	pay_deposit(name, 448_000)
	with acting("OA"), pytest.raises(frappe.PermissionError):
		deposits.confirm_deposit(name)
	assert not try_effect(name)
	assert confirm_deposit(name)
	document = contract(name)
	assert is_effective(document)
	assert (document.status, document.docstatus, str(document.effective_on)) == (
		"Effective",
		1,
		frappe.utils.today(),
	)
	assert frappe.db.exists("Contract Quality Assessment", {"sales_contract": name})
	assert frappe.db.exists("Production Configuration", {"sales_contract": name, "line_no": 1})


def test_a_payment_of_another_customer_is_refused(demo_site: str) -> None:
	name = signed("IO-01")
	other = frappe.db.get_value("Customer", {"name": ["!=", contract(name).customer]})
	with pytest.raises(ContractStepError, match="Choose the contract of this party"):
		pay_deposit(name, party=other)


def test_a_payment_that_is_taken_back_is_no_longer_confirmed(demo_site: str) -> None:
	name = approved(received(made(valid("IO-01"))))
	payment = pay_deposit(name)
	confirm_deposit(name)
	assert contract(name).deposit_confirmed
	payment.cancel()
	document = contract(name)
	assert (document.deposit_received, document.deposit_confirmed) == (0, 0)


def test_a_condition_of_the_order_holds_its_contract_up(demo_site: str) -> None:
	source = to_opinions("IO-01")
	terms = {
		"condition_text": "客户提供等级评定申请",
		"condition_responsible": "周敏",
		"condition_due": "2099-12-31",
		"condition_before": "Contract Effective",
	}
	give(source, "TECH", "Agree With Condition", **terms)
	all_agree(source, "TECH")
	name = approved(received(made(make_valid(source))))
	hand_in(name)
	sealed(name)
	pay_deposit(name)
	assert not confirm_deposit(name)
	assert kinds(name) == ["condition"]
	condition = frappe.db.get_value(
		REVIEW_CONDITION, {"reference_doctype": INTENT_ORDER, "reference_name": source}
	)
	with acting("OA"):
		conditions.meet(condition, "申请表已收到")
	assert try_effect(name)


def test_a_gap_of_the_certificate_lets_the_intent_order_pass_and_never_the_contract(demo_site: str) -> None:
	"""DOMAIN scenario 4."""
	source = to_opinions("IO-11")
	terms = {
		"condition_text": "CCC扩展",
		"condition_responsible": "技术中心",
		"condition_due": "2099-12-31",
		"condition_before": "Contract Effective",
		"verdict_ccc": "Extension Needed",
	}
	give(source, "TECH", "Agree With Condition", **terms)
	all_agree(source, "TECH")
	name = approved(received(made(make_valid(source))))
	hand_in(name)
	sealed(name)
	pay_deposit(name)
	assert not confirm_deposit(name)
	assert set(kinds(name)) == {"condition", "certification"}
	condition = frappe.db.get_value(
		REVIEW_CONDITION, {"reference_doctype": INTENT_ORDER, "reference_name": source}
	)
	with acting("OA"):
		conditions.meet(condition, "扩展申请已提交")
	assert not try_effect(name)
	gap = next(row for row in missing(contract(name)) if row["kind"] == "certification")
	enter_coverage(contract(name).lines[0].model)
	assert gap["reference"] not in [row["reference"] for row in missing(contract(name))]
	assert try_effect(name)
	assert contract(name).status == "Effective"


def enter_coverage(code: str) -> None:
	"""The extension came: what was not covered yet is covered."""
	model = frappe.get_doc("Vehicle Model", code)
	for row in model.coverage:
		row.valid_from = row.valid_from or "2026-11-01"
	model.save()


def test_an_effective_contract_changes_by_nobodys_hand(demo_site: str) -> None:
	name = effective("IO-01")
	rows = frappe.get_all("Sales Contract Option", {"parent": name}, pluck="docstatus")
	assert set(rows) == {1}
	for code in ("SP", "OA", "SM"):
		document = contract(name)
		document.lines[0].unit_price = 1
		with acting(code), pytest.raises((frappe.ValidationError, frappe.PermissionError)):
			document.save()
	for code in ("OA", "SP", "SM"):
		with acting(code), pytest.raises((StatusChangeError, frappe.PermissionError)):
			contract(name).cancel()
	with pytest.raises(StatusChangeError):
		contract(name).cancel()


def test_the_contract_goes_on_with_its_fulfilment(demo_site: str, monkeypatch: pytest.MonkeyPatch) -> None:
	from order_review.services.fulfilment import progress

	name = effective("IO-01")
	assert steps.progress(name) == "Effective"
	frappe.db.set_value(
		"Sales Contract Line", contract(name).lines[0].name, "released_on", "2026-11-24 10:00"
	)
	assert steps.progress(name) == "In Fulfilment"
	changed = contract(name).modified
	assert steps.progress(name) == "In Fulfilment"
	assert contract(name).modified == changed  # nothing new, nothing written
	reached = {"line_no": 1, "delivered": 10, "is_delivered": True, "is_paid": True}
	whole = {"lines": [reached], "delivered": True, "paid": True}
	monkeypatch.setattr(progress, "of", lambda contract: whole)
	assert steps.progress(name) == "Completed"
	assert contract(name).lines[0].delivered_qty == 10
