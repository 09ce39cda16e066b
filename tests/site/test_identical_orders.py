"""One answer for identical orders: who is offered, what each order gets, and what is told of those left out."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from order_review.api import review_tasks as api
from order_review.constants import INTENT_ORDER, REVIEW_TASK
from order_review.demo.people import address
from order_review.services import identical_orders
from tests.site.committed import at_once, committed_orders
from tests.site.reviewing import AGREED, WHO, acting, bid_file, give, order, step, tasks
from tests.site.samples import copy_of

pytestmark = pytest.mark.usefixtures("demo_site")


def like(sample: str = "IO-02", **values: Any) -> str:
	"""Another order of the sample's configuration, under opinions."""
	south = frappe.db.get_value("Department", {"department_code": "MARKET-S"})
	common = {"market_department": south, "tender_no": "TB-9", "external_id": None, "bid_file": bid_file()}
	name = str(copy_of(sample, **{**common, **values}).insert().name)
	for action, code in (("Submit for Review", "SP"), ("Receive", "OA"), ("Send to Opinions", "OA")):
		step(name, action, code)
	return name


def offered(name: str, department: str) -> set[str]:
	with acting(WHO[department]):
		return {row["reference_name"] for row in api.identical(tasks(name)[department])}


def answer(name: str, department: str, *others: str, **values: Any) -> dict[str, Any]:
	with acting(WHO[department]):
		return identical_orders.answer(
			tasks(name)[department],
			[tasks(other)[department] for other in others],
			{**AGREED.get(department, {}), "opinion": "Agree", **values},
		)


def test_each_department_is_offered_the_orders_that_are_the_same_to_it() -> None:
	first, same, dearer, more = like(), like(), like(negotiated_unit=1299000), like(qty=31)
	other = like("IO-01", order_type="Direct", dealer=None)
	assert offered(first, "TECH") == {same, dearer, more}
	assert offered(first, "FIN") == {same}
	assert offered(first, "PLAN") == {same, dearer}
	assert other not in offered(first, "TECH")
	give(same, "TECH")
	assert offered(first, "TECH") == {dearer, more}


def test_every_order_gets_a_task_of_its_own_answered_and_sealed() -> None:
	first, second, third = like(), like(), like()
	result = answer(first, "TECH", second, third)
	assert sorted(result["answered"]) == sorted(tasks(name)["TECH"] for name in (first, second, third))
	assert result["refused"] == []
	for name in (first, second, third):
		task = frappe.get_doc(REVIEW_TASK, tasks(name)["TECH"])
		assert (task.status, task.user, task.opinion) == ("Answered", address("TR"), "Agree")
		assert task.events[-1].content_hash
		assert order(name).status == "Under Opinions"


def test_what_is_no_longer_possible_is_told_and_left_as_it_was() -> None:
	first, second, third = like(), like(), like()
	give(second, "TECH", "Object", verdict_feasible="No", reason_code="OB-FEAS", acceptable_if="换车型")
	result = answer(first, "TECH", second, third)
	assert [row["document"] for row in result["refused"]] == [second]
	assert "no longer" in result["refused"][0]["reason"]
	assert frappe.db.get_value(REVIEW_TASK, tasks(second)["TECH"], "opinion") == "Object"
	assert frappe.db.get_value(REVIEW_TASK, tasks(third)["TECH"], "opinion") == "Agree"


def test_an_order_the_answer_is_refused_for_keeps_nothing_of_the_attempt() -> None:
	first, second = like(), like()
	frappe.db.set_value(INTENT_ORDER, second, "owner", address("TR"))
	result = answer(first, "TECH", second)
	assert [row["document"] for row in result["refused"]] == [second]
	assert "had a hand" in result["refused"][0]["reason"]
	assert frappe.db.get_value(REVIEW_TASK, tasks(second)["TECH"], "status") == "Open"
	assert not frappe.local.message_log


def test_an_incomplete_answer_answers_none() -> None:
	first, second = like(), like()
	with pytest.raises(frappe.ValidationError, match="not complete"):
		answer(first, "TECH", second, evidence_ccc=" ")
	assert {frappe.db.get_value(REVIEW_TASK, tasks(name)["TECH"], "status") for name in (first, second)} == {
		"Open"
	}


def test_tasks_nobody_offered_are_not_answered_by_naming_them() -> None:
	first, other = like(), like(qty=31)
	result = answer(first, "FIN", other)
	assert [row["document"] for row in result["refused"]] == [other]
	assert frappe.db.get_value(REVIEW_TASK, tasks(other)["FIN"], "status") == "Open"


def test_two_departments_answering_the_same_orders_in_opposite_order_both_succeed(demo_site: str) -> None:
	with committed_orders("Under Opinions", copies=4) as names:

		def many(department: str, first: str) -> tuple[str, Any]:
			open_tasks = {name: tasks(name)[department] for name in names}
			given = {**AGREED.get(department, {}), "opinion": "Agree"}
			others = [task for name, task in open_tasks.items() if name != first]
			return (
				address(WHO[department]),
				lambda: identical_orders.answer(open_tasks[first], others, given),
			)

		ends = at_once(
			frappe.local.site, many("TECH", names[0]), many("PLAN", names[-1]), many("FIN", names[1])
		)
		assert ends == [None, None, None]
		for name in names:
			found = frappe.get_all(
				REVIEW_TASK, {"reference_name": name, "status": "Answered"}, pluck="department"
			)
			assert sorted(found) == ["FIN", "PLAN", "TECH"]
