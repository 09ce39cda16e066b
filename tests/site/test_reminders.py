"""Reminders and escalation: each rung told once, to whom the settings name, over every clock that runs."""

from __future__ import annotations

from datetime import timedelta

import frappe
import pytest
from frappe.utils import now_datetime

from order_review.constants import (
	INTENT_ORDER,
	PRODUCTION_CONFIGURATION,
	REVIEW_SETTINGS,
	REVIEW_TASK,
	SALES_CONTRACT,
	TECHNICAL_ISSUE,
	WORK_QUALITY,
)
from order_review.demo.people import address
from order_review.exceptions import OrderReviewError
from order_review.services import deadlines, reminders
from tests.site import contracting, producing
from tests.site.reviewing import acting, all_agree, order, step, tasks, to_opinions, to_received
from tests.site.test_technical_issues import ask

pytestmark = pytest.mark.usefixtures("demo_site")


def used(doctype: str, name: str, pct: float, since: str = "step_since") -> None:
	"""Let a clock of eight working hours have begun so long ago that a share of it is used."""
	start = now_datetime()
	while deadlines.working_time().hours_between(start, now_datetime()) < 8 * pct / 100:
		start -= timedelta(minutes=5)
	values = {since: start, "due_at": deadlines.working_time().after(start, 8)}
	if doctype == REVIEW_TASK:
		values["hours_allowed"] = 8
	frappe.db.set_value(doctype, name, values, update_modified=False)


def told(name: str) -> dict[str, list[str]]:
	"""Role code of the receiver → subjects of the notices about a document."""
	rows = frappe.get_all(
		"Notification Log",
		{"document_name": name, "subject": ["like", "% %"]},
		["for_user", "subject"],
		order_by="creation",
	)
	found: dict[str, list[str]] = {}
	for row in rows:
		if "due soon" in row.subject or "overdue" in row.subject:
			found.setdefault(row.for_user.split("@")[0].upper(), []).append(row.subject)
	return found


@pytest.fixture(autouse=True)
def english_users() -> None:
	for code in ("TR", "OS", "SM", "OA", "SP", "FR", "AU", "MM"):
		frappe.db.set_value("User", address(code), "language", "en")
		frappe.clear_document_cache("User", address(code))


@pytest.mark.parametrize(
	("pct", "receivers"), [(70, set()), (85, {"TR"}), (110, {"TR", "OS"}), (210, {"TR", "OS", "SM"})]
)
def test_each_share_of_the_time_reaches_those_the_settings_name(pct: float, receivers: set[str]) -> None:
	task = tasks(to_opinions("IO-02"))["TECH"]
	used(REVIEW_TASK, task, pct, "received_at")
	reminders.run()
	assert set(told(task)) == receivers
	assert frappe.db.get_value(REVIEW_TASK, task, "is_overdue") == int(pct >= 100)


def test_a_rung_is_told_once_however_often_the_job_runs_and_the_next_one_again() -> None:
	task = tasks(to_opinions("IO-02"))["TECH"]
	used(REVIEW_TASK, task, 85, "received_at")
	for _run in range(3):
		reminders.run()
	assert {code: len(subjects) for code, subjects in told(task).items()} == {"TR": 1}
	used(REVIEW_TASK, task, 105, "received_at")
	for _run in range(3):
		reminders.run()
	assert {code: len(subjects) for code, subjects in told(task).items()} == {"TR": 2, "OS": 1}


def test_who_was_told_of_a_row_meanwhile_by_another_scheduler_is_not_told_again() -> None:
	task = tasks(to_opinions("IO-02"))["TECH"]
	used(REVIEW_TASK, task, 85, "received_at")
	clock = next(one for one in reminders.clocks() if one.doctype == REVIEW_TASK)
	reached = reminders._reached(clock, reminders.ladder(), now_datetime(), deadlines.working_time())
	assert task in {row["name"] for row, _rungs in reached}
	reminders.run()
	assert task not in {row["name"] for row, _rungs in reminders._claim(clock, reached)}


def test_an_opinion_whose_clock_stands_is_not_reminded_of() -> None:
	name = to_opinions("IO-02")
	task = tasks(name)["TECH"]
	ask(name, "QA")
	used(REVIEW_TASK, task, 150, "received_at")
	reminders.run()
	assert told(task) == {}


def test_a_late_order_administrator_is_told_and_has_it_in_the_work_quality_record() -> None:
	name = to_received("IO-02")
	used(INTENT_ORDER, name, 120)
	reminders.run()
	reminders.run()
	assert set(told(name)) == {"OA", "OS"}
	assert order(name).is_overdue == 1
	record = {"reference_name": name, "user": address("OA"), "work_quality_type": "WQ-03"}
	assert frappe.db.count(WORK_QUALITY, record) == 1


@pytest.mark.parametrize(
	("status", "owner", "code"),
	[
		("Submitted", None, "OA"),
		("Received", "OA", "OA"),
		("Returned", "OA", "SP"),
		("Seal Pending", "OA", "AU"),
	],
)
def test_of_a_contract_whoever_has_to_act_is_reminded(status: str, owner: str | None, code: str) -> None:
	name = contracting.made(contracting.valid("IO-01"))
	owner_oa = owner and address(owner)
	frappe.db.set_value(SALES_CONTRACT, name, {"status": status, "owner_oa": owner_oa})
	used(SALES_CONTRACT, name, 85)
	reminders.run()
	assert set(told(name)) == {code}


def test_of_an_audit_the_auditor_is_reminded_and_not_the_translator() -> None:
	name = producing.handed_to_audit(producing.begun("IO-01"))
	used(PRODUCTION_CONFIGURATION, producing.not_drawn(name), 85)
	reminders.run()
	assert set(told(name)) == {"AU"}


def test_of_a_price_the_role_of_its_level_is_reminded() -> None:
	name = to_opinions("IO-01")
	all_agree(name)
	step(name, "Send to Price Approval", "OA")
	used(INTENT_ORDER, name, 85)
	reminders.run()
	assert set(told(name)) == {"MM"}


def test_the_next_step_begins_with_a_clean_clock() -> None:
	name = to_received("IO-02")
	used(INTENT_ORDER, name, 120)
	reminders.run()
	with acting("OA"):
		document = order(name)
		frappe.model.workflow.apply_workflow(document, "Send to Opinions")
	assert (order(name).is_overdue, order(name).reminded_pct) == (0, 0)


def test_a_question_nobody_answers_is_reminded_of() -> None:
	issue = ask(to_opinions("IO-02"))
	used(TECHNICAL_ISSUE, issue, 130)
	reminders.run()
	assert {"SP", "OS"} <= set(told(issue))


def test_shares_and_receivers_are_data() -> None:
	settings = frappe.get_single(REVIEW_SETTINGS)
	settings.set("escalation", [{"at_pct": 50, "recipient": "finance_reviewer"}])
	settings.save()
	task = tasks(to_opinions("IO-02"))["PLAN"]
	used(REVIEW_TASK, task, 60, "received_at")
	reminders.run()
	assert set(told(task)) == {"FR"}


def test_what_is_overdue_is_flagged_and_told_to_who_acts_whatever_the_settings_say() -> None:
	settings = frappe.get_single(REVIEW_SETTINGS)
	settings.set("escalation", [{"at_pct": 300, "recipient": "order_supervisor"}])
	settings.save()
	task = tasks(to_opinions("IO-02"))["TECH"]
	used(REVIEW_TASK, task, 105, "received_at")
	reminders.run()
	assert set(told(task)) == {"TR"}
	assert frappe.db.get_value(REVIEW_TASK, task, "is_overdue") == 1


@pytest.mark.parametrize(
	("pct", "recipient"), [(80, "the boss"), (0, "assignee"), (-5, "assignee"), (80, None)]
)
def test_a_rung_that_reaches_nobody_is_refused(pct: float, recipient: str | None) -> None:
	settings = frappe.get_single(REVIEW_SETTINGS)
	settings.append("escalation", {"at_pct": pct, "recipient": recipient})
	with pytest.raises(OrderReviewError, match="row 4"):
		settings.save()


def test_overtime_days_count_for_deadlines() -> None:
	settings = frappe.get_single(REVIEW_SETTINGS)
	settings.append("extra_working_days", {"day": "2026-11-28", "note": "调休"})
	settings.save()
	friday = frappe.utils.get_datetime("2026-11-27 16:30")
	assert str(deadlines.working_time().after(friday, 2)) == "2026-11-28 09:30:00"


def test_one_e_mail_lists_what_a_user_is_reminded_of() -> None:
	name = to_opinions("IO-02")
	for task in tasks(name).values():
		used(REVIEW_TASK, task, 120, "received_at")
	frappe.db.delete("Outbox Message")
	reminders.run()
	mails = frappe.get_all("Outbox Message", {"user": address("OS")}, ["subject", "message"])
	assert len(mails) == 1
	assert all(task in mails[0].message for task in tasks(name).values())
