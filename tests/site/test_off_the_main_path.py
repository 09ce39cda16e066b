"""Turns off the main path: what was promised stays promised as long as somebody relies on it, and no longer."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.utils import add_days, getdate, today

from order_review.constants import DELIVERY_COMMITMENT, INTENT_ORDER, REVIEW_CONDITION, SALES_CONTRACT
from order_review.demo.people import address
from order_review.services import intent_steps
from tests.site import contracting
from tests.site.committed import at_once, committed_orders, meanwhile
from tests.site.reviewing import AGREED, all_agree, give, order, step, tasks, to_opinions

pytestmark = pytest.mark.usefixtures("demo_site")

WARRANTY = {
	"condition_text": "电池质保条款由客户书面确认",
	"condition_responsible": address("SP"),
	"condition_due": "2027-06-30",
	"condition_before": "Release",
}
TAKEN = 12
"""Vehicles of the thirty of IO-02 that a contract takes."""


def valid_with_a_condition() -> str:
	name = to_opinions("IO-02")
	all_agree(name, "SERVICE")
	give(name, "SERVICE", "Agree With Condition", **WARRANTY)
	contracting.make_valid(name)
	return name


def condition(name: str) -> str:
	return str(frappe.db.get_value(REVIEW_CONDITION, {"reference_name": name}, "status"))


def date_of(name: str) -> Any:
	(found,) = frappe.get_all(
		DELIVERY_COMMITMENT, {"reference_name": name}, ["name", "status", "qty", "committed_date"]
	)
	return found


def expire(name: str) -> None:
	frappe.db.set_value(INTENT_ORDER, name, "valid_until", add_days(today(), -1))
	intent_steps.expire_orders()


def contracted_in_part() -> tuple[str, str]:
	name = valid_with_a_condition()
	contract = contracting.made(name, **{name: TAKEN})
	expire(name)
	assert order(name).status == "Expired"
	return name, contract


def test_what_a_contract_stands_on_outlives_the_order_and_the_rest_is_given_back() -> None:
	name, _contract = contracted_in_part()
	assert condition(name) == "Open"
	date = date_of(name)
	assert date.status in ("Proposed", "Accepted", "Confirmed")
	assert (date.qty, bool(date.committed_date)) == (TAKEN, True)


def test_with_lots_the_last_vehicles_are_given_back() -> None:
	name = valid_with_a_condition()
	found = frappe.get_doc(DELIVERY_COMMITMENT, date_of(name).name)
	first, last = found.committed_date, getdate(add_days(found.committed_date, 14))
	for qty, day in ((10, first), (20, last)):
		row = found.append("lots", {"qty": qty, "delivery_date": day})
		row.set_new_name()
		row.db_insert()
	contracting.made(name, **{name: TAKEN})
	expire(name)
	lots = frappe.get_doc(DELIVERY_COMMITMENT, found.name).lots
	assert [(row.qty, getdate(row.delivery_date)) for row in lots] == [(10, getdate(first)), (2, last)]


def test_with_the_last_contract_on_it_an_expired_order_ends() -> None:
	name, contract = contracted_in_part()
	contracting.take(contract, "Withdraw", "SP")
	assert condition(name) == "Void"
	assert date_of(name).status == "Withdrawn"


def test_an_order_nobody_contracted_ends_with_its_time() -> None:
	name = valid_with_a_condition()
	expire(name)
	assert condition(name) == "Void"
	assert date_of(name).status == "Withdrawn"


def test_a_contract_whose_veto_is_lifted_has_its_vehicles_back_from_an_expired_order() -> None:
	name, contract = contracted_in_part()
	contracting.take(contract, "Submit for Review", "SP")
	contracting.take(contract, "Veto", "OA", "VT-OTHER 客户撤项")
	assert (order(name).contracted_qty, condition(name)) == (0, "Void")
	contracting.take(contract, "Lift Veto", "SM", "客户重新确认")
	assert (order(name).contracted_qty, condition(name)) == (TAKEN, "Open")
	assert order(name).status == "Expired"
	assert frappe.db.get_value(SALES_CONTRACT, contract, "status") not in ("Vetoed", "Withdrawn")
	assert date_of(name).status == "Requested", "Planning's capacity was free meanwhile"


def test_a_lifted_veto_brings_the_conditions_back() -> None:
	name = to_opinions("IO-11")
	all_agree(name, "TECH")
	extension = {
		"condition_text": "CCC扩展",
		"condition_responsible": "技术中心",
		"condition_due": "2027-06-30",
		"condition_before": "Contract Effective",
		"verdict_ccc": "Extension Needed",
	}
	give(name, "TECH", "Agree With Condition", **{**AGREED["TECH"], **extension})
	assert condition(name) == "Open"
	step(name, "Veto", "OA", "VT-OTHER 客户撤项")
	assert condition(name) == "Void"
	step(name, "Lift Veto", "SM", "客户重新确认")
	assert condition(name) == "Open", "nobody waives the extension of a certificate"


def test_two_departments_with_conditions_at_once_are_both_kept(demo_site: str) -> None:
	from order_review.services import review_tasks

	with committed_orders("Under Opinions") as (name,):
		open_tasks = tasks(name)
		all_agree(name, "SERVICE", "FIN")
		frappe.db.commit()
		frappe.db.get_value(INTENT_ORDER, name, "status")  # this transaction's view of the data is fixed

		def answers(department: str) -> Any:
			said = {**AGREED.get(department, {}), **WARRANTY, "opinion": "Agree With Condition"}
			return lambda: review_tasks.answer(open_tasks[department], said)

		assert at_once(demo_site, (address("CS"), answers("SERVICE")), (address("FR"), answers("FIN"))) == [
			None,
			None,
		]
		records = frappe.get_all(
			REVIEW_CONDITION, {"reference_name": name, "status": "Open"}, pluck="department"
		)
		assert sorted(records) == ["FIN", "SERVICE"]


def test_a_question_asked_while_a_veto_waits_is_closed_with_it(demo_site: str) -> None:
	from order_review.constants import TECHNICAL_ISSUE
	from order_review.services import technical_issues

	with committed_orders("Under Opinions") as (name,):
		frappe.db.get_value(INTENT_ORDER, name, "status")
		question = {"question": "请确认客户的用途?", "blocking": 1}
		meanwhile(address("TR"), lambda: technical_issues.ask(INTENT_ORDER, name, question))
		step(name, "Veto", "OA", "VT-OTHER 客户撤项")
		frappe.db.commit()
		assert frappe.get_all(TECHNICAL_ISSUE, {"reference_name": name}, pluck="status") == ["Closed"]
