"""Technical issues and questions: asked by reviewers, answered by the salesperson, in the way of the join."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import frappe
import frappe.client
import pytest
from frappe.model.workflow import WorkflowTransitionError
from frappe.utils import get_datetime, now_datetime

from order_review.api import technical_issues as api
from order_review.constants import INTENT_ORDER, REVIEW_TASK, SALES_CONTRACT, TECHNICAL_ISSUE
from order_review.demo.people import address
from order_review.exceptions import (
	FieldLockedError,
	IntentOrderStepError,
	ReasonMissingError,
	TechnicalIssueError,
)
from order_review.services import clocks, technical_issues
from tests.site import contracting
from tests.site.reviewing import (
	acting,
	all_agree,
	change,
	give,
	order,
	ready,
	step,
	tasks,
	to_opinions,
	to_received,
)

pytestmark = pytest.mark.usefixtures("demo_site")


def ask(name: str, code: str = "TR", **values: Any) -> str:
	question = {"question": "轮距与空调是否相容?", "blocking": 1, **values}
	with acting(code):
		return api.ask(INTENT_ORDER, name, question)


def answer(issue: str, code: str = "SP", **values: Any) -> None:
	with acting(code):
		api.answer(issue, {"answer": "客户同意改用铝合金轮毂", **values})


def close(issue: str, code: str = "TR", *, accept: bool = True, reason: str | None = None) -> None:
	with acting(code):
		api.close(issue, accept, reason)


def stored(issue: str) -> Any:
	return frappe.get_doc(TECHNICAL_ISSUE, issue)


def notices_to(code: str, issue: str) -> list[str]:
	filters = {"for_user": address(code), "document_type": TECHNICAL_ISSUE, "document_name": issue}
	return frappe.get_all("Notification Log", filters=filters, pluck="subject")


def test_a_blocking_question_keeps_the_opinions_from_being_joined_until_its_raiser_closes_it() -> None:
	name = to_opinions("IO-02")
	issue = ask(name, family="WHL")
	all_agree(name, "SERVICE")
	give(name, "SERVICE", "Agree")
	assert order(name).status == "Under Opinions"
	answer(issue)
	assert stored(issue).status == "Answered"
	assert order(name).status == "Under Opinions", "an answer nobody has accepted settles nothing"
	close(issue)
	assert order(name).status == "Consolidating"
	steps = [(row.to_status, row.actor) for row in stored(issue).events]
	assert steps == [("Open", address("TR")), ("Answered", address("SP")), ("Closed", address("TR"))]


def test_a_question_that_does_not_block_is_no_obstacle() -> None:
	name = to_opinions("IO-02")
	ask(name, "OA", kind="Question", blocking=0, field_name="requested_delivery")
	all_agree(name)
	assert order(name).status == "Consolidating"
	assert order(name).name in {row.name for row in frappe.get_all(INTENT_ORDER, {"status": "Consolidating"})}


def test_the_salesperson_is_told_and_the_answer_comes_back_to_who_asked() -> None:
	name = to_opinions("IO-02")
	issue = ask(name, family="WHL")
	assert len(notices_to("SP", issue)) == 1
	answer(issue)
	assert len(notices_to("TR", issue)) == 1
	with acting("TR"):
		api.reopen(issue, "图纸没有附上")
	assert len(notices_to("SP", issue)) == 2
	assert stored(issue).due_at > now_datetime()


def test_only_who_asked_closes_or_reopens_and_the_supervisor_when_that_user_is_gone() -> None:
	name = to_opinions("IO-02")
	issue = ask(name)
	answer(issue)
	for code in ("OA", "QA", "OS"):
		with pytest.raises(TechnicalIssueError, match="who asked"):
			close(issue, code)
	with pytest.raises(WorkflowTransitionError):
		close(issue, "SP")
	frappe.db.set_value("User", address("TR"), "enabled", 0)
	frappe.clear_document_cache("User", address("TR"))
	close(issue, "OS")
	assert stored(issue).status == "Closed"


def test_a_question_is_taken_back_with_a_reason_only() -> None:
	issue = ask(to_opinions("IO-02"))
	with pytest.raises(ReasonMissingError):
		close(issue)
	close(issue, reason="已在图纸中查到")
	assert stored(issue).events[-1].reason == "已在图纸中查到"


@pytest.mark.parametrize(
	("code", "values"),
	[
		("OA", {"question": "?"}),
		("SP", {"question": "?"}),
		("TR", {"answer": "自答"}),
		("OA", {"is_accepted": 1}),
	],
)
def test_nobody_writes_what_is_anothers(code: str, values: dict[str, Any]) -> None:
	issue = ask(to_opinions("IO-02"))
	document = stored(issue)
	document.update(values)
	with acting(code), pytest.raises((FieldLockedError, TechnicalIssueError)):
		document.save()


@pytest.mark.parametrize("code", ["SP", "FR", "PL", "MM"])
def test_who_may_not_ask_is_refused(code: str) -> None:
	name = to_opinions("IO-02")
	with pytest.raises(frappe.PermissionError):
		ask(name, code)


def test_another_market_departments_salesperson_does_not_see_the_question() -> None:
	name = to_opinions("IO-02")
	issue = ask(name)
	north = frappe.db.get_value("Department", {"department_code": "MARKET-N"})
	frappe.db.set_value(INTENT_ORDER, name, "market_department", north)
	with acting("SP"):
		assert issue not in frappe.get_list(TECHNICAL_ISSUE, pluck="name")
		with pytest.raises(frappe.PermissionError):
			api.answer(issue, {"answer": "?"})
	with acting("OA"):
		assert issue in frappe.get_list(TECHNICAL_ISSUE, pluck="name")


@pytest.mark.parametrize(
	("values", "said"),
	[
		({"question": " "}, "Write the question"),
		({"field_name": "floor_price"}, "no field"),
		({"field_name": "configuration"}, "no field"),
		({"family": "WHL", "field_name": "qty"}, "not on both"),
	],
)
def test_a_question_about_nothing_is_refused(values: dict[str, Any], said: str) -> None:
	name = to_opinions("IO-02")
	with pytest.raises(TechnicalIssueError, match=said):
		ask(name, **values)


def test_nothing_is_asked_about_a_draft_or_an_order_that_is_done() -> None:
	with pytest.raises(TechnicalIssueError, match="not under review"):
		ask(ready("IO-02"))
	name = to_received("IO-02")
	step(name, "Veto", "OA", "VT-LEGAL 客户在黑名单")
	with pytest.raises(TechnicalIssueError, match="not under review"):
		ask(name)


def test_what_is_open_on_a_vetoed_order_is_closed_with_it() -> None:
	name = to_opinions("IO-02")
	issue = ask(name)
	step(name, "Veto", "OA", "VT-LEGAL 客户在黑名单")
	assert stored(issue).status == "Closed"
	assert stored(issue).events[-1].is_system


def test_an_open_question_keeps_an_order_from_becoming_valid() -> None:
	name = to_opinions("IO-02")
	all_agree(name)
	issue = ask(name, "OA")
	with pytest.raises(IntentOrderStepError, match="not closed"):
		step(name, "Make Valid", "OA")
	close(issue, "OA", reason="自行查清")
	assert step(name, "Make Valid", "OA") == "Valid"


def test_the_steps_keep_every_answer_of_the_thread() -> None:
	issue = ask(to_opinions("IO-02"))
	answer(issue, answer="第一次答复")
	with acting("TR"):
		api.reopen(issue, "没有图号")
	answer(issue, answer="图号 C12-310")
	said = [row.reason for row in stored(issue).events if row.reason]
	assert said == ["第一次答复", "没有图号", "图号 C12-310"]


@pytest.mark.parametrize("code", ["SP", "TR", "OA", "OS"])
def test_no_other_path_changes_a_status_or_takes_a_question_away(code: str) -> None:
	issue = ask(to_opinions("IO-02"))
	with acting(code):
		with pytest.raises((frappe.ValidationError, frappe.PermissionError)):
			frappe.client.set_value(TECHNICAL_ISSUE, issue, "status", "Closed")
		with pytest.raises((frappe.ValidationError, frappe.PermissionError)):
			frappe.client.set_value(TECHNICAL_ISSUE, issue, {"status": "Answered", "answer": "自答"})
		with pytest.raises((frappe.ValidationError, frappe.PermissionError)):
			frappe.client.delete(TECHNICAL_ISSUE, issue)
	assert (stored(issue).status, stored(issue).answer) == ("Open", None)


def test_a_question_begins_open_by_who_asks_whatever_the_client_says() -> None:
	name = to_opinions("IO-02")
	values = {
		"doctype": TECHNICAL_ISSUE,
		"reference_doctype": INTENT_ORDER,
		"reference_name": name,
		"question": "?",
	}
	with acting("TR"):
		with pytest.raises(frappe.ValidationError):
			frappe.get_doc({**values, "status": "Closed"}).insert()
		forged = {"raised_by": address("OA"), "answer": "自答", "is_accepted": 1, "due_at": "2030-01-01"}
		issue = frappe.get_doc({**values, **forged}).insert()
	assert (issue.raised_by, issue.answer, issue.is_accepted) == (address("TR"), None, 0)
	assert issue.due_at < now_datetime() + timedelta(days=10)


# --- proposed values ----------------------------------------------------------------------------------------


def test_an_accepted_proposal_changes_the_order_only_when_the_salesperson_takes_it_over_after_the_return() -> (
	None
):
	name = to_opinions("IO-02")
	before = {row.family: row.vehicle_option for row in order(name).configuration}
	new = other_option(order(name), "WHL")
	issue, date = ask(name, family="WHL"), ask(name, "OA", field_name="requested_delivery")
	answer(issue, answer_option=new)
	answer(date, answer_value="2027-09-30")
	close(issue)
	close(date, "OA")
	assert {row.family: row.vehicle_option for row in order(name).configuration} == before
	with acting("SP"), pytest.raises(FieldLockedError):
		api.take_over(INTENT_ORDER, name)
	all_agree(name)
	step(name, "Return", "OA", "RT-CONF 按答复改配置")
	with acting("SP"):
		assert api.take_over(INTENT_ORDER, name) == [issue, date]
	document = order(name)
	assert [row.vehicle_option for row in document.configuration if row.family == "WHL"] == [new]
	assert str(document.requested_delivery) == "2027-09-30"
	assert stored(issue).taken_over_by == address("SP")
	with acting("SP"), pytest.raises(TechnicalIssueError, match="no accepted proposal"):
		api.take_over(INTENT_ORDER, name)


def test_a_proposal_that_was_not_accepted_is_not_taken_over() -> None:
	name = to_opinions("IO-02")
	issue = ask(name, family="WHL")
	answer(issue, answer_option=other_option(order(name), "WHL"))
	close(issue, accept=False)
	assert technical_issues.proposals(INTENT_ORDER, name) == []


@pytest.mark.parametrize(
	("hangs_on", "proposed", "said"),
	[
		({"family": "WHL"}, {"answer_option": "ENG-D247"}, "no option of WHL"),
		({"field_name": "qty"}, {"answer_value": "ten"}, "does not fit"),
		({"field_name": "use"}, {"answer_value": "moon"}, "does not fit"),
		({"field_name": "requested_delivery"}, {"answer_value": "soon"}, "does not fit"),
		({}, {"answer_value": "10"}, "hangs on no field"),
		({}, {"answer": " "}, "Write the answer"),
	],
)
def test_an_answer_that_fits_nothing_is_refused(
	hangs_on: dict[str, Any], proposed: dict[str, Any], said: str
) -> None:
	issue = ask(to_opinions("IO-02"), **hangs_on)
	with pytest.raises(TechnicalIssueError, match=said):
		answer(issue, **proposed)
	assert stored(issue).status == "Open"


def other_option(document: Any, family: str) -> str:
	chosen = {row.vehicle_option for row in document.configuration}
	options = frappe.get_all("Vehicle Option", {"family": family, "name": ["not in", chosen]}, pluck="name")
	return str(options[0])


# --- clocks -------------------------------------------------------------------------------------------------


def test_deadlines_of_the_opinions_wait_while_the_salesperson_has_the_ball() -> None:
	name = to_opinions("IO-02")
	task = tasks(name)["TECH"]
	due = get_datetime(frappe.db.get_value(REVIEW_TASK, task, "due_at"))
	issue = ask(name)
	assert clocks.ball_holder(order(name)) == "dealer"
	back_by_days(task, 7)
	answer(issue)
	row = frappe.db.get_value(REVIEW_TASK, task, ["paused_since", "paused_hours", "due_at"], as_dict=True)
	assert row.paused_since is None
	assert row.paused_hours == pytest.approx(40, abs=0.1), "a week has five days of eight hours"
	assert abs(get_datetime(row.due_at) - (due + timedelta(days=7))) < timedelta(minutes=2)
	assert clocks.ball_holder(order(name)) == "ours"


def back_by_days(task: str, days: int) -> None:
	"""Let the pause have begun so many days ago."""
	since = frappe.db.get_value(REVIEW_TASK, task, "paused_since")
	assert since, "the clock of an opinion stands still"
	frappe.db.set_value(REVIEW_TASK, task, "paused_since", get_datetime(since) - timedelta(days=days))


def test_two_questions_and_the_clock_runs_only_after_both_answers() -> None:
	name = to_opinions("IO-02")
	first, second = ask(name), ask(name, "QA")
	answer(first)
	task = tasks(name)["TECH"]
	assert frappe.db.get_value(REVIEW_TASK, task, "paused_since")
	answer(second)
	assert not frappe.db.get_value(REVIEW_TASK, task, "paused_since")


def test_hours_of_an_opinion_given_while_the_clock_stands_leave_the_pause_out() -> None:
	name = to_opinions("IO-02")
	task = tasks(name)["FIN"]
	received = now_datetime() - timedelta(days=14)
	frappe.db.set_value(
		REVIEW_TASK, task, {"received_at": received, "paused_since": now_datetime() - timedelta(days=7)}
	)
	ask(name)
	give(name, "FIN")
	row = frappe.db.get_value(REVIEW_TASK, task, ["hours_used", "paused_since"], as_dict=True)
	assert row.hours_used == pytest.approx(40, abs=0.1)
	assert row.paused_since is None


def test_an_opinion_asked_while_a_question_waits_begins_with_its_clock_standing() -> None:
	name = to_received("IO-02")
	ask(name)
	step(name, "Send to Opinions", "OA")
	assert frappe.db.get_value(REVIEW_TASK, tasks(name)["TECH"], "paused_since")


def test_a_return_is_the_dealers_time_and_the_sides_add_up() -> None:
	name = to_received("IO-02")
	step(name, "Return", "OA", "RT-PRICE 价格有误")
	events = frappe.get_all(
		"Document Event", {"parent": name, "parenttype": INTENT_ORDER}, ["name", "to_status"], order_by="idx"
	)
	ago = {"Draft": 40, "Submitted": 35, "Received": 28, "Returned": 14}
	for row in events:
		moment = now_datetime() - timedelta(days=ago[row.to_status])
		frappe.db.set_value("Document Event", row.name, "occurred_at", moment)
	hours = clocks.time_split(order(name))
	assert hours == {"ours": pytest.approx(120, abs=0.1), "dealer": pytest.approx(80, abs=0.1), "supplier": 0}
	with acting("SP"):
		change(name, negotiated_unit=1290000)


# --- on a contract ------------------------------------------------------------------------------------------


def test_a_question_on_a_contract_blocks_its_opinions_and_its_salesperson_answers() -> None:
	name = contracting.received(contracting.made(contracting.valid("IO-02")))
	contracting.take(name, "Send to Opinions", "OA")
	with acting("TR"):
		issue = api.ask(
			SALES_CONTRACT, name, {"question": "交付地点的海拔?", "blocking": 1, "field_name": "title"}
		)
	for department in contracting.asked(name, status="Open"):
		contracting.give(name, department)
	assert not contracting.contract(name).opinions_joined
	assert len(notices_to("SP", issue)) == 1
	answer(issue, answer="4200 米")
	close(issue)
	assert contracting.contract(name).opinions_joined


# --- evidence -----------------------------------------------------------------------------------------------


def upload(code: str) -> str:
	with acting(code):
		file = frappe.get_doc({"doctype": "File", "file_name": "proof.txt", "content": code, "is_private": 1})
		return str(file.insert().file_url)


def test_evidence_is_a_file_one_has_uploaded_not_the_name_of_anothers() -> None:
	name = to_opinions("IO-02")
	foreign, own = upload("FR"), upload("TR")
	for url in (foreign, "/private/files/contract-of-somebody.pdf", "https://example.com/x"):
		with pytest.raises(TechnicalIssueError, match="upload the file"):
			ask(name, evidence=url)
	issue = ask(name, evidence=own)
	assert stored(issue).evidence == own
	with pytest.raises(TechnicalIssueError, match="upload the file"):
		answer(issue, answer_evidence=foreign)
	answer(issue, answer_evidence=upload("SP"))


def test_an_accepted_option_goes_onto_the_lines_of_a_returned_contract() -> None:
	name = contracting.received(contracting.made(contracting.valid("IO-02")))
	with acting("TR"):
		issue = api.ask(SALES_CONTRACT, name, {"question": "轮毂?", "blocking": 1, "family": "WHL"})
	document = contracting.contract(name)
	new = frappe.get_all(
		"Vehicle Option",
		{"family": "WHL", "name": ["not in", [row.vehicle_option for row in document.options]]},
		pluck="name",
	)[0]
	answer(issue, answer_option=new)
	close(issue)
	contracting.take(name, "Return", "OA", "RT-CONF 轮毂改选")
	with acting("SP"):
		assert api.take_over(SALES_CONTRACT, name) == [issue]
	chosen = {row.vehicle_option for row in contracting.contract(name).options if row.family == "WHL"}
	assert chosen == {new}
