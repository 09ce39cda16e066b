"""Several orders in one contract, and one order in several contracts: each keeps its rate, its salesperson and its errors."""

from __future__ import annotations

import json
from typing import Any

import frappe
import pytest
from frappe.model.document import Document

from order_review.constants import INTENT_ORDER, QUALITY_ASSESSMENT, SALES_CONTRACT
from order_review.patches.v15_0 import lines_of_contracts
from order_review.services.production import entry_sales_order
from order_review.services.production.entry_settings import EntrySettings
from order_review.services.quality import assessment
from tests.site import contracting, contracts_raw, fulfilling
from tests.site.contracting import another, asked, contract, made, received, take, valid
from tests.site.reviewing import ready

pytestmark = pytest.mark.usefixtures("demo_site")

WRONG = [{"code": "PRICE_MISMATCH", "ref": "ENG-D247"}, {"code": "PRICE_MISMATCH", "ref": "STY-RL"}]


def found_wrong(order: str, *findings: dict[str, Any], listed: float = 0, claimed: float = 0) -> None:
	"""What an order's first submission was found to have; its first wrong option claimed so much."""
	claims = {"configuration": {findings[0]["ref"]: {"claimed_price": claimed}}} if findings else {}
	row = {"round_no": 1, "findings": json.dumps(findings), "content": json.dumps(claims)}
	document = frappe.get_doc(INTENT_ORDER, order)
	document.append("rounds", row).db_insert()
	for option in document.configuration:
		if findings and option.vehicle_option == findings[0]["ref"]:
			option.db_set("list_price", listed)


def colleague() -> str:
	"""A salesperson beside the one of the sample orders."""
	return str(
		frappe.get_doc(
			{
				"doctype": "Sales Person",
				"sales_person_name": "陈晓",
				"parent_sales_person": "Sales Team",
				"enabled": 1,
			}
			if frappe.db.exists("Sales Person", "Sales Team")
			else {"doctype": "Sales Person", "sales_person_name": "陈晓", "enabled": 1}
		)
		.insert(ignore_permissions=True)
		.name
	)


def sold(name: str, line: int) -> Document:
	"""The Sales Order a line would be released with."""
	fulfilling.settings()
	document = contract(name)
	settings = EntrySettings.read(document.company)
	own = document.lines[line - 1]
	return entry_sales_order.draft(frappe._dict(name=None), document, own, "VEHICLE", None, settings)


# --- rates --------------------------------------------------------------------------------------------------


def two_rates() -> str:
	first = valid("IO-04", dest_country="Kazakhstan")
	second = another(first, fx_rate=7.15)
	return made(first, second)


def test_each_line_keeps_the_rate_its_order_was_agreed_at() -> None:
	name = two_rates()
	document = contract(name)
	assert [row.fx_rate for row in document.lines] == [7.1, 7.15]
	worth = sum(row.amount * row.fx_rate for row in document.lines)
	assert document.fx_rate == pytest.approx(worth / document.total, abs=1e-6)
	assert [sold(name, line).conversion_rate for line in (1, 2)] == [7.1, 7.15]


def test_differing_rates_are_a_difference_finance_looks_at() -> None:
	name = two_rates()
	rows = [row for row in json.loads(contract(name).differences) if row["what"]["code"] == "fx_rate"]
	assert [(row["line_no"], row["before"]["code"], row["after"]["code"]) for row in rows] == [
		(2, "7.1", "7.15")
	]
	first = contract(name).lines[0].intent_order
	(said,) = [
		row for row in contract(name).findings if (row.code, row.ref) == ("CONTRACT_DIFFERS", "fx_rate")
	]
	assert (said.line_no, said.department) == (2, "FIN")
	assert first in said.message_en
	received(name)
	take(name, "Send to Opinions", "OA")
	assert "FIN" in asked(name)


def test_one_rate_is_no_difference() -> None:
	first = valid("IO-04", dest_country="Kazakhstan")
	document = contract(made(first, another(first)))
	assert document.fx_rate == 7.1
	assert not [row for row in json.loads(document.differences) if row["what"]["code"] == "fx_rate"]


# --- salespeople --------------------------------------------------------------------------------------------


def of_two() -> tuple[str, str, str]:
	"""A contract on an order of the sample salesperson and one of a colleague; the two names."""
	first = valid("IO-01")
	own, other = frappe.db.get_value(INTENT_ORDER, first, "sales_person"), colleague()
	second = another(first, sales_person=other, qty=4)
	found_wrong(second, *WRONG)
	return made(first, second), str(own), other


def assessed(name: str) -> dict[str, Document]:
	names = frappe.get_all(QUALITY_ASSESSMENT, {"sales_contract": name}, pluck="name")
	documents = [frappe.get_doc(QUALITY_ASSESSMENT, one) for one in names]
	assert len({one.sales_person for one in documents}) == len(documents)
	return {one.sales_person: one for one in documents}


def test_each_line_is_sold_by_its_own_salesperson() -> None:
	name, own, other = of_two()
	assert contract(name).sales_person == own
	for line, person in ((1, own), (2, other)):
		team = sold(name, line).sales_team
		assert [(row.sales_person, row.allocated_percentage) for row in team] == [(person, 100)]


def test_an_error_is_charged_to_whose_line_it_is_on() -> None:
	name, own, other = of_two()
	received(name)
	take(name, "Return", "OA", "RT-PRICE 补充证明")
	take(name, "Submit for Review", "SP")
	take(name, "Receive", "OA")
	take(name, "Return", "OA", "RT-PRICE 还缺证明")
	frappe.db.set_value(SALES_CONTRACT, name, "status", "Effective")
	assert assessment.draft_for(name) == assessed(name)[own].name
	found = assessed(name)
	assert set(found) == {own, other}
	assert {one.sales_person: one.qty for one in found.values()} == {own: 10, other: 4}
	charged = {one.sales_person: {row.defect for row in one.defects} for one in found.values()}
	assert "DQ-B01" in charged[other]
	assert "DQ-B01" not in charged[own]
	assert (found[own].returns, found[other].returns) == (2, 0), "the contract is his whose it is"
	assessment.draft_for(name)
	assert len(assessed(name)) == 2


def test_who_sold_the_second_line_finds_his_assessment() -> None:
	name, own, other = of_two()
	frappe.db.set_value(SALES_CONTRACT, name, "status", "Effective")
	assessment.draft_for(name)
	found = assessed(name)
	frappe.db.set_value(QUALITY_ASSESSMENT, found[own].name, "sales_user", contracting_user("OS"))
	frappe.db.set_value(QUALITY_ASSESSMENT, found[other].name, "sales_user", contracting_user("SP"))
	with contracting.acting("SP"):
		assessment.check_look(contract(name))
	assessment.forget(name)
	assert not assessed(name)


def contracting_user(code: str) -> str:
	from order_review.demo.people import address

	return address(code)


# --- one order in two contracts -----------------------------------------------------------------------------


def test_two_contracts_of_an_order_share_its_errors_by_their_vehicles() -> None:
	order = ready("IO-01", qty=30)
	found_wrong(order, *WRONG, listed=16_000, claimed=15_000)
	parts = [contracts_raw.contract(order, qty=qty) for qty in (12, 18)]
	found = [frappe.get_doc(QUALITY_ASSESSMENT, assessment.draft_for(one.name)) for one in parts]
	rows = [row for one in found for row in one.defects if row.defect == "DQ-B01"]
	assert [(row.count, row.share, row.points) for row in rows] == [(2, 40, 4.8), (2, 60, 7.2)]
	assert [one.score for one in found] == [95.2, 92.8]
	assert [one.price_error_amount for one in found] == [12_000, 18_000]


def test_a_contract_on_the_whole_order_bears_its_errors_alone() -> None:
	order = ready("IO-01")
	found_wrong(order, *WRONG)
	found = frappe.get_doc(QUALITY_ASSESSMENT, assessment.draft_for(contracts_raw.contract(order).name))
	assert [(row.share, row.points) for row in found.defects if row.defect == "DQ-B01"] == [(100, 12)]


# --- contracts made before ----------------------------------------------------------------------------------


def test_lines_of_older_contracts_get_what_their_orders_say() -> None:
	name = two_rates()
	for row in contract(name).lines:
		row.db_set({"fx_rate": 0, "sales_person": None})
	for _again in range(2):
		lines_of_contracts.execute()
	document = contract(name)
	assert [row.fx_rate for row in document.lines] == [7.1, 7.15]
	assert {row.sales_person for row in document.lines} == {document.sales_person}
