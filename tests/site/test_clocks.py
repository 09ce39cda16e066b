"""Clocks of documents on a site: whose ball it was, expected finish from the queue."""

from __future__ import annotations

from datetime import timedelta

import frappe
import pytest
from frappe.utils import get_datetime, now_datetime

from order_review.api import technical_issues as api
from order_review.constants import INTENT_ORDER, REVIEW_TASK, SPECIAL_REQUEST, TECHNICAL_ISSUE
from order_review.demo.people import address
from order_review.services import clocks, deadlines, forecast, review_tasks
from tests.site.reviewing import acting, order, tasks, to_opinions, to_received
from tests.site.test_technical_issues import answer, ask

pytestmark = pytest.mark.usefixtures("demo_site")

WEEK = pytest.approx(40, abs=0.2)
"""Working hours of seven days in a row."""


def moved(doctype: str, name: str, days: dict[str, int]) -> None:
	"""Let the steps of a document have been taken so many days ago, by the state they led to."""
	for row in frappe.get_all(
		"Document Event", {"parenttype": doctype, "parent": name}, ["name", "to_status"]
	):
		if row.to_status in days:
			moment = now_datetime() - timedelta(days=days[row.to_status])
			frappe.db.set_value("Document Event", row.name, "occurred_at", moment)


def test_while_a_question_waits_for_its_answer_the_time_is_the_dealers() -> None:
	name = to_received("IO-02")
	moved(INTENT_ORDER, name, {"Draft": 30, "Submitted": 28, "Received": 28})
	issue = ask(name)
	answer(issue)
	moved(TECHNICAL_ISSUE, issue, {"Open": 21, "Answered": 14})
	hours = clocks.time_split(order(name))
	assert (hours["dealer"], hours["supplier"]) == (WEEK, 0)
	assert hours["ours"] == pytest.approx(3 * 40, abs=0.2)


def test_a_question_that_does_not_block_stops_no_clock() -> None:
	name = to_received("IO-02")
	ask(name, "OA", blocking=0)
	assert clocks.ball_holder(order(name)) == "ours"


def test_while_a_special_option_is_costed_the_time_is_the_suppliers() -> None:
	name = to_received("IO-10")
	request = order(name).specials[0].request_no
	steps = frappe.get_all(
		"Document Event", {"parenttype": SPECIAL_REQUEST, "parent": request}, pluck="to_status"
	)
	moved(INTENT_ORDER, name, {"Draft": 30, "Submitted": 14, "Received": 14})
	for status, days in (("Technical", 10), ("Costing", 7)):
		if status not in steps:
			add_step(request, status, days)
	assert clocks.ball_holder(order(name)) == "supplier"
	hours = clocks.time_split(order(name))
	assert hours["supplier"] == WEEK
	assert sum(hours.values()) == pytest.approx(80, abs=0.4)


def add_step(request: str, status: str, days: int) -> None:
	last = frappe.db.count("Document Event", {"parenttype": SPECIAL_REQUEST, "parent": request})
	row = frappe.get_doc(
		{
			"doctype": "Document Event",
			"parenttype": SPECIAL_REQUEST,
			"parent": request,
			"parentfield": "events",
			"idx": last + 1,
			"to_status": status,
			"occurred_at": now_datetime() - timedelta(days=days),
		}
	)
	row.db_insert()


def test_who_may_read_the_order_is_told_of_its_time_others_are_not() -> None:
	name = to_received("IO-02")
	with acting("OA"):
		assert api.time_split(INTENT_ORDER, name)["ball"] == "ours"
	north = frappe.db.get_value("Department", {"department_code": "MARKET-N"})
	frappe.db.set_value(INTENT_ORDER, name, "market_department", north)
	with acting("SP"), pytest.raises(frappe.PermissionError):
		api.time_split(INTENT_ORDER, name)


def test_the_preview_says_when_each_department_will_have_answered() -> None:
	frappe.db.delete(REVIEW_TASK)
	name = to_received("IO-02")
	rows = {row["department"]: row for row in review_tasks.preview(order(name))}
	time = deadlines.working_time()
	assert rows["TECH"]["expected_at"] == time.after(now_datetime(), 8).replace(microsecond=0) or abs(
		rows["TECH"]["expected_at"] - time.after(now_datetime(), 8)
	) < timedelta(seconds=5)


def test_a_longer_queue_is_a_later_finish_and_quick_answers_an_earlier_one() -> None:
	frappe.db.delete(REVIEW_TASK)
	asked = {"TECH": ("Technical Reviewer", 8.0)}
	alone = forecast.expected_finish(asked)["TECH"]
	to_opinions("IO-02")
	behind = forecast.expected_finish(asked)["TECH"]
	time = deadlines.working_time()
	assert time.hours_between(alone, behind) == pytest.approx(8, abs=0.1)
	begun = get_datetime("2026-11-02 09:00:00")
	frappe.get_doc(
		{
			"doctype": REVIEW_TASK,
			"name": "RT-PAST",
			"department": "TECH",
			"role": "Technical Reviewer",
			"status": "Answered",
			"user": address("TR"),
			"received_at": begun,
			"answered_at": begun + timedelta(hours=1),
		}
	).db_insert()
	assert forecast.expected_finish(asked)["TECH"] < alone


def test_an_order_in_review_says_when_its_opinions_will_be_there() -> None:
	name = to_opinions("IO-02")
	assert forecast.of_document(order(name)) > now_datetime()
	assert set(tasks(name, status="Open"))
	frappe.db.set_value(REVIEW_TASK, {"reference_name": name}, "status", "Answered")
	assert forecast.of_document(order(name)) is None
