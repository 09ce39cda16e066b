"""Order entry: the sales configuration is translated, audited by somebody else, confirmed and released."""

from __future__ import annotations

import frappe
import pytest

from order_review.constants import REVIEW_TASK, SALES_CONTRACT, WORK_QUALITY
from order_review.demo.people import address
from order_review.exceptions import ProductionStepError, SelfApprovalError, StatusChangeError
from order_review.services.production import configuration, translation
from tests.site.producing import (
	add_line,
	audited,
	begun,
	change,
	confirm,
	confirmed,
	handed_to_audit,
	mark,
	pcf,
	released,
	take,
	tick_all,
)
from tests.site.reviewing import acting
from tests.site.samples import order_of


@pytest.fixture
def translating() -> str:
	return begun("IO-01")


def test_the_rules_give_the_51_assemblies_of_the_sample_order(translating: str) -> None:
	document = pcf(translating)
	expected = set(order_of("IO-01")["expected"]["production"]["assemblies"])
	assert {row.assembly_no for row in document.lines} == expected
	assert len(document.lines) == 51
	assert not document.gaps and not document.doubles
	assert document.translator == address("OA")
	assert translation.trace(document).is_closed


def test_released_it_is_a_submitted_sales_order_with_its_bom() -> None:
	name = released("IO-01")
	document = pcf(name)
	assert (document.status, document.docstatus) == ("Released", 1)
	order = frappe.get_doc("Sales Order", document.sales_order)
	assert (order.docstatus, order.sales_contract) == (1, document.sales_contract)
	bom = frappe.get_doc("BOM", document.bom)
	assert {row.item_code for row in bom.items} == {row.assembly_no for row in document.lines}
	contract = frappe.get_doc(SALES_CONTRACT, document.sales_contract)
	assert contract.status == "In Fulfilment"
	assert contract.lines[0].sales_order == document.sales_order
	assert contract.lines[0].production_configuration == name
	assert document.planned_week == "2027-W10"
