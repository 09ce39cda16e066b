"""The small duties: calls, requirements, exception reports, enquiries, training, qualifications, tasks, ratings."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.model.document import Document
from frappe.model.workflow import apply_workflow
from frappe.utils import add_days, add_to_date, now_datetime, today

from order_review.api import small_records as api
from order_review.constants import (
	COMMUNICATION_LOG,
	CONFIGURATION_ENQUIRY,
	EXCEPTION_REPORT,
	INTENT_ORDER,
	QUALIFICATION_RECORD,
	REQUIREMENT_RECORD,
	REVIEW_SETTINGS,
	REVIEW_TASK,
	SALES_CONTRACT,
	SATISFACTION_RATING,
	TRAINING_SESSION,
)
from order_review.exceptions import (
	FieldLockedError,
	ReasonMissingError,
	SelfApprovalError,
	SmallRecordError,
	StatusChangeError,
)
from order_review.order_review.report.training_completion import training_completion
from order_review.patches.v15_0 import training_plan
from order_review.services import certificate_watch, exception_reports, guard, qualifications, trainings
from tests.site.contracting import made, valid
from tests.site.reviewing import acting, all_agree, order, ready, step, tasks, to_opinions, to_received
from tests.site.samples import order_of

pytestmark = pytest.mark.usefixtures("demo_site")

CALL: dict[str, Any] = {
	"channel": "Call",
	"direction": "Outgoing",
	"party": "Dealer",
	"contact_person": "刘经理",
	"subject": "座椅面料",
	"content": "客户要求改为仿皮,周五前回复。",
}


def south_order() -> str:
	"""A sample order the sample salesperson sees."""
	return ready("IO-01")


def foreign_order() -> str:
	"""A sample order of another market department."""
	return str(order_of("IO-07").name)


def told(name: str, code: str) -> bool:
	return bool(
		frappe.db.exists("Notification Log", {"document_name": name, "for_user": f"{code}@review.localhost"})
	)


# --- calls --------------------------------------------------------------------------------------------------


def call(name: str, code: str = "OA", **values: Any) -> str:
	with acting(code):
		return api.log_call(INTENT_ORDER, name, {**CALL, "occurred_at": str(now_datetime()), **values})


def test_a_call_is_logged_on_a_document_and_shown_to_those_who_see_it() -> None:
	name = south_order()
	record = call(name)
	with acting("SP"):
		assert [row["name"] for row in api.calls(INTENT_ORDER, name)] == [record]
	with acting("SP"):
		call(name, "SP", subject="另一件事")
		assert len(api.calls(INTENT_ORDER, name)) == 2


def test_calls_of_other_market_departments_are_not_shown() -> None:
	record = call(foreign_order())
	with acting("SP"):
		assert not frappe.get_list(COMMUNICATION_LOG, {"name": record})
		with pytest.raises(frappe.PermissionError):
			frappe.get_doc(COMMUNICATION_LOG, record).check_permission("read")
		with pytest.raises(frappe.PermissionError):
			api.log_call(INTENT_ORDER, foreign_order(), {**CALL, "occurred_at": str(now_datetime())})


def test_what_was_said_stays_as_it_was_logged() -> None:
	record = call(south_order())
	with acting("OA"):
		document = frappe.get_doc(COMMUNICATION_LOG, record)
		document.update({"follow_up": "寄样布", "is_done": 1})
		document.save()
		document.content = "客户同意原方案。"
		with pytest.raises(FieldLockedError, match="What Was Said"):
			document.save()
	with acting("OS"):
		document = frappe.get_doc(COMMUNICATION_LOG, record)
		document.is_done = 0
		with pytest.raises(FieldLockedError, match="oa@"):
			document.save()


def test_nothing_is_logged_before_it_happened_or_about_what_is_no_matter_of_orders() -> None:
	with pytest.raises(SmallRecordError, match="happened"):
		call(south_order(), occurred_at=str(add_to_date(now_datetime(), hours=2)))
	with acting("OA"), pytest.raises(SmallRecordError, match="Price Book"):
		api.log_call("Price Book", "PB-2026H2", {**CALL, "occurred_at": str(now_datetime())})


# --- customer requirements ----------------------------------------------------------------------------------


def requirement(name: str, code: str = "SP", **values: Any) -> Document:
	with acting(code):
		return frappe.get_doc(
			{
				"doctype": REQUIREMENT_RECORD,
				"intent_order": name,
				"route": "江州—云岭 420 km/日",
				"terrain": "Mountain",
				"must_haves": "缓速器\n卫生间",
				**values,
			}
		).insert()


def test_requirements_take_customer_and_model_from_their_order() -> None:
	name = south_order()
	record = requirement(name)
	wanted = order(name)
	assert (record.customer, record.model, record.use) == (wanted.customer, wanted.model, wanted.use)
	with acting("SP"), pytest.raises(frappe.PermissionError):
		requirement(foreign_order())


def test_a_confirmation_is_whole_and_not_of_tomorrow() -> None:
	name = south_order()
	with pytest.raises(SmallRecordError, match="Confirmed How"):
		requirement(name, confirmed_by="王总", confirmed_on=today())
	with pytest.raises(SmallRecordError, match="today"):
		requirement(name, confirmed_by="王总", confirmed_on=add_days(today(), 1), confirmed_how="Call")


def test_what_the_customer_confirmed_is_not_rewritten() -> None:
	record = requirement(
		south_order(), confirmed_by="王总", confirmed_on=today(), confirmed_how="Signed Paper"
	)
	with acting("SP"):
		document = frappe.get_doc(REQUIREMENT_RECORD, record.name)
		document.must_haves = "无"
		with pytest.raises(FieldLockedError, match="confirmed"):
			document.save()


# --- exception reports --------------------------------------------------------------------------------------


def report(name: str, code: str = "OA", **values: Any) -> Document:
	with acting(code):
		return frappe.get_doc(
			{
				"doctype": EXCEPTION_REPORT,
				"reference_doctype": INTENT_ORDER,
				"reference_name": name,
				"kind": "Other",
				"description": "客户要求倒签日期。",
				**values,
			}
		).insert()


def take(document: Document, action: str, code: str, reason: str = "") -> str:
	with acting(code), guard.because(reason):
		apply_workflow(frappe.get_doc(document.doctype, document.name), action)
	return str(frappe.db.get_value(document.doctype, document.name, "status"))


def test_an_exception_goes_up_and_comes_back_settled() -> None:
	exception = report(south_order())
	assert exception.raised_by == "oa@review.localhost"
	assert told(exception.name, "os")
	with pytest.raises(SmallRecordError, match="result"):
		take(exception, "Settle", "OS")
	with acting("OS"):
		document = frappe.get_doc(EXCEPTION_REPORT, exception.name)
		document.result = "不予受理,已向客户说明。"
		document.save()
	with pytest.raises((StatusChangeError, frappe.PermissionError, frappe.ValidationError)):
		take(exception, "Settle", "OA")
	assert take(exception, "Settle", "OS") == "Settled"
	document = frappe.get_doc(EXCEPTION_REPORT, exception.name)
	assert document.settled_by == "os@review.localhost"
	assert told(exception.name, "oa")
	with pytest.raises(ReasonMissingError):
		take(exception, "Open Again", "OS")
	assert take(exception, "Open Again", "OS", "客户再次提出") == "Open"


def test_a_report_is_passed_on_to_a_higher_one_who_is_told() -> None:
	exception = report(south_order())
	with acting("OS"):
		document = frappe.get_doc(EXCEPTION_REPORT, exception.name)
		document.recipient = "Marketing VP"
		document.save()
	assert told(exception.name, "vp")


def test_who_reports_sees_the_own_reports_only() -> None:
	own, other = report(south_order(), "TR"), report(south_order(), "OA", kind="Quality")
	with acting("TR"):
		assert frappe.get_list(EXCEPTION_REPORT, pluck="name") == [own.name]
		with pytest.raises(frappe.PermissionError):
			frappe.get_doc(EXCEPTION_REPORT, other.name).check_permission("read")
	with acting("SP"), pytest.raises(frappe.PermissionError):
		frappe.get_list(EXCEPTION_REPORT)


def test_a_price_below_the_floor_is_reported_and_sales_is_not_told() -> None:
	name = ready("IO-01", negotiated_unit=700000)
	step(name, "Submit for Review", "SP")
	step(name, "Receive", "OA")
	found = frappe.get_all(EXCEPTION_REPORT, {"reference_name": name, "kind": "Below Floor"}, pluck="name")
	assert len(found) == 1
	document = frappe.get_doc(EXCEPTION_REPORT, found[0])
	assert (document.is_automatic, document.raised_by, document.recipient) == (1, None, "Marketing VP")
	assert not [character for character in document.description if character.isdigit()]
	assert told(found[0], "vp")
	for code in ("sp", "mm", "ic", "tr"):
		assert not told(found[0], code)
		with acting(code.upper()):
			assert not frappe.has_permission(EXCEPTION_REPORT, "read", doc=document)
			assert not frappe.get_list("Document Event", {"parent": found[0]}, parent_doctype=INTENT_ORDER)


def test_a_price_at_the_floor_is_not_reported() -> None:
	name = to_received("IO-01")
	assert not frappe.db.exists(EXCEPTION_REPORT, {"reference_name": name})


def test_the_system_reports_once_while_the_report_is_open() -> None:
	document = order(south_order())
	first = exception_reports.raise_for(document, "CCC Gap After Signing", "证书暂停")
	assert first
	assert exception_reports.raise_for(document, "CCC Gap After Signing", "证书暂停") is None
	frappe.db.set_value(EXCEPTION_REPORT, first, "status", "Settled")
	assert exception_reports.raise_for(document, "CCC Gap After Signing", "证书再次暂停")


def test_twice_the_time_of_an_opinion_is_reported_to_the_manager() -> None:
	name = to_opinions("IO-01")
	assert exception_reports.watch_deadlines() == 0
	for task in tasks(name).values():
		frappe.db.set_value(REVIEW_TASK, task, "reminded_pct", 200)
	assert exception_reports.watch_deadlines() == 1
	assert exception_reports.watch_deadlines() == 0
	found = frappe.get_doc(EXCEPTION_REPORT, {"reference_name": name, "kind": "Deadline Overrun"})
	assert found.recipient == "Sales Operations Manager"
	assert told(found.name, "sm")


def test_a_signed_contract_no_certificate_covers_is_reported_to_the_manager() -> None:
	covered, gap = made(valid("IO-01")), made(valid("IO-11"))
	assert certificate_watch.watch_certificates() == 0
	for name in (covered, gap):
		frappe.db.set_value(SALES_CONTRACT, name, "status", "Signed")
	assert certificate_watch.watch_certificates() == 1
	assert certificate_watch.watch_certificates() == 0
	found = frappe.get_doc(EXCEPTION_REPORT, {"reference_name": gap})
	assert (found.kind, found.recipient) == ("CCC Gap After Signing", "Sales Operations Manager")


# --- enquiries ----------------------------------------------------------------------------------------------


def enquiry(question: str = "12米车可否选装液力缓速器?", code: str = "SP", **values: Any) -> Document:
	with acting(code):
		return frappe.get_doc({"doctype": CONFIGURATION_ENQUIRY, "question": question, **values}).insert()


def answer(document: Document, text: str = "可以,RET-HYD,高一级以上标配。", published: int = 1) -> None:
	with acting("TR"):
		fresh = frappe.get_doc(CONFIGURATION_ENQUIRY, document.name)
		fresh.update({"answer": text, "is_published": published})
		fresh.save()
	assert take(document, "Answer", "TR") == "Answered"


def test_an_enquiry_is_answered_and_who_asked_is_told() -> None:
	asked = enquiry()
	assert told(asked.name, "tr")
	with pytest.raises(SmallRecordError, match="answer"):
		take(asked, "Answer", "OA")
	with acting("SP"):
		document = frappe.get_doc(CONFIGURATION_ENQUIRY, asked.name)
		document.answer = "我自己回答"
		with pytest.raises(FieldLockedError):
			document.save()
	answer(asked)
	document = frappe.get_doc(CONFIGURATION_ENQUIRY, asked.name)
	assert (document.asked_by, document.answered_by) == ("sp@review.localhost", "tr@review.localhost")
	assert told(asked.name, "sp")


def test_a_published_answer_is_found_by_similar_words_and_counted() -> None:
	asked = enquiry(model="XQK6128H")
	answer(asked)
	hidden = enquiry("12米车可否选装液力缓速器,客户急要?")
	answer(hidden, published=0)
	with acting("MM"):
		found = [row["name"] for row in api.similar_enquiries("12米的车能不能选液力缓速器", "", "XQK6128H")]
		assert asked.name in found
		assert hidden.name not in found
		assert asked.name not in [row["name"] for row in api.similar_enquiries("校车限速是多少公里")]
		assert api.reuse_enquiry(asked.name) == 1
		assert api.reuse_enquiry(asked.name) == 2
		with pytest.raises(SmallRecordError):
			api.reuse_enquiry(hidden.name)


def test_published_answers_are_everybodys_and_open_questions_their_departments() -> None:
	asked = enquiry(code="OA", intent_order=foreign_order())
	with acting("SP"):
		assert not frappe.get_list(CONFIGURATION_ENQUIRY, {"name": asked.name})
	answer(asked)
	with acting("SP"):
		assert frappe.get_list(CONFIGURATION_ENQUIRY, {"name": asked.name})
		document = frappe.get_doc(CONFIGURATION_ENQUIRY, asked.name)
		document.question = "别的"
		with pytest.raises(frappe.PermissionError):
			document.save()


# --- training and qualification -----------------------------------------------------------------------------


def test_who_attended_and_scored_enough_has_passed() -> None:
	rows = [("sp", 1, 59.5), ("mm", 1, 60), ("ic", 0, 100)]
	with acting("OA"):
		session = frappe.get_doc(
			{
				"doctype": TRAINING_SESSION,
				"subject": "2027款配置与价格",
				"course": "Configuration and Prices",
				"held_on": today(),
				"pass_score": 60,
				"attendees": [
					{"user": f"{code}@review.localhost", "attended": attended, "quiz_score": score}
					for code, attended, score in rows
				],
			}
		).insert()
		assert [row.passed for row in session.attendees] == [0, 1, 0]
		assert (session.passed_count, session.average_score) == (1, 59.8)
		session.append("attendees", {"user": "sp@review.localhost"})
		with pytest.raises(SmallRecordError, match="already"):
			session.save()
		session.reload()
		session.attendees[-1].quiz_score = 101
		with pytest.raises(SmallRecordError, match="between 0 and 100"):
			session.save()


def qualify(user: str, role: str = "Order Administrator", code: str = "OS", **values: Any) -> Document:
	with acting(code):
		return frappe.get_doc(
			{
				"doctype": QUALIFICATION_RECORD,
				"user": user,
				"role": role,
				"result": "Passed",
				"score": 88,
				"qualified_on": today(),
				**values,
			}
		).insert()


def _demand(role: str) -> None:
	settings = frappe.get_single(REVIEW_SETTINGS)
	settings.append("qualified_roles", {"role": role})
	settings.save()


def _grant(user: str, role: str) -> None:
	document = frappe.get_doc("User", user)
	document.append("roles", {"role": role})
	document.save()


def test_a_role_that_demands_a_qualification_is_granted_only_with_one() -> None:
	user = "ca@review.localhost"
	_demand("Order Administrator")
	with pytest.raises(SmallRecordError, match="qualification"):
		_grant(user, "Order Administrator")
	qualify(user, result="Failed")
	qualify(user, qualified_on="2020-01-01", valid_to="2021-01-01")
	with pytest.raises(SmallRecordError, match="qualification"):
		_grant(user, "Order Administrator")
	_grant(user, "Catalogue Manager")
	qualify(user)
	_grant(user, "Order Administrator")
	assert "Order Administrator" in frappe.get_roles(user)


def test_roles_somebody_has_stay_and_without_a_demand_nothing_is_asked() -> None:
	_grant("ca@review.localhost", "Order Administrator")
	_demand("Order Administrator")
	document = frappe.get_doc("User", "ca@review.localhost")
	document.bio = "合同管理员"
	document.save()


def test_a_revoked_qualification_counts_no_more_and_a_result_is_not_rewritten() -> None:
	user = "ca@review.localhost"
	record = qualify(user)
	assert qualifications.holds(user, "Order Administrator")
	with acting("OS"):
		record = frappe.get_doc(QUALIFICATION_RECORD, record.name)
		record.score = 99
		with pytest.raises(FieldLockedError):
			record.save()
		record = frappe.get_doc(QUALIFICATION_RECORD, record.name)
		record.is_revoked = 1
		with pytest.raises((SmallRecordError, frappe.MandatoryError)):
			record.save()
		record = frappe.get_doc(QUALIFICATION_RECORD, record.name)
		record.update({"is_revoked": 1, "revoked_because": "泄露底价"})
		record.save()
	assert not qualifications.holds(user, "Order Administrator")


def test_nobody_qualifies_themselves() -> None:
	with pytest.raises(SelfApprovalError):
		qualify("os@review.localhost", "Sales Operations Manager")


COURSES = ("Company Culture", "Rules and Processes", "Product Knowledge")


def train(user: str, course: str, score: float = 80, code: str = "OA") -> Document:
	with acting(code):
		return frappe.get_doc(
			{
				"doctype": TRAINING_SESSION,
				"subject": f"入职培训 {course}",
				"course": course,
				"held_on": today(),
				"pass_score": 60,
				"attendees": [{"user": user, "attended": 1, "quiz_score": score}],
			}
		).insert()


def completion_of(user: str, **filters: Any) -> dict[str, Any]:
	rows = training_completion.execute({"role": "Order Administrator", **filters})[1]
	return next((row for row in rows if row["user"] == user), {})


def test_a_newcomer_passes_three_courses_is_proposed_and_qualified_by_the_supervisor() -> None:
	user = "ls@review.localhost"
	assert trainings.plan()["Order Administrator"] == COURSES
	assert completion_of(user) == {}
	train(user, COURSES[0], 90)
	train(user, COURSES[1], 50)
	row = completion_of(user)
	assert (row["done"], row["state"], row["course_1"]) == ("1 / 3", "In Training", "")
	train(user, COURSES[1], 70)
	last = train(user, COURSES[2], 80)
	assert told(last.name, "os")
	assert not told(last.name, "sm")
	row = completion_of(user)
	assert (row["done"], row["state"], row["has_role"]) == ("3 / 3", "To Be Qualified", 0)
	with acting("OA"), pytest.raises(frappe.PermissionError):
		api.qualify(user, "Order Administrator")
	with acting("OS"):
		record = frappe.get_doc(QUALIFICATION_RECORD, api.qualify(user, "Order Administrator"))
		with pytest.raises(SmallRecordError, match="already"):
			api.qualify(user, "Order Administrator")
	assert (record.score, record.training_session, record.examiner) == (80, last.name, "os@review.localhost")
	assert completion_of(user)["state"] == "Qualified"
	assert completion_of(user, open_only=1) == {}


def test_with_a_course_missing_nobody_is_qualified_and_the_course_is_named() -> None:
	user = "ls@review.localhost"
	train(user, COURSES[0])
	train(user, COURSES[1])
	with acting("OS"), pytest.raises(SmallRecordError, match="Product Knowledge"):
		api.qualify(user, "Order Administrator")
	with acting("OS"), pytest.raises(SmallRecordError, match="no course for the role"):
		api.qualify(user, "Price Committee")


def test_a_site_from_before_the_training_plan_gets_it_once() -> None:
	settings = frappe.get_single(REVIEW_SETTINGS)
	settings.set("training_plan", [])
	settings.save()
	training_plan.execute()
	training_plan.execute()
	settings = frappe.get_single(REVIEW_SETTINGS)
	assert [row.course for row in settings.training_plan] == list(COURSES)


# --- assigned tasks -----------------------------------------------------------------------------------------


def test_a_supervisor_gives_a_task_and_gets_the_result() -> None:
	name = south_order()
	with acting("OS"):
		task = api.assign_task(
			INTENT_ORDER, name, "oa@review.localhost", "核对客户开票信息", add_days(today(), 2)
		)
	document = frappe.get_doc("ToDo", task)
	assert (document.assigned_by, document.reference_name, document.is_assigned_task) == (
		"os@review.localhost",
		name,
		1,
	)
	assert told(task, "oa")
	with acting("OA"):
		document.status = "Closed"
		with pytest.raises(SmallRecordError, match="result"):
			document.save()
		document.reload()
		document.update({"status": "Closed", "task_result": "税号有误,已更正。"})
		document.save()
	assert told(task, "os")


@pytest.mark.parametrize(
	("user", "text", "days", "said"),
	[
		("oa@review.localhost", " ", 2, "what is to be done"),
		("oa@review.localhost", "核对", -1, "past"),
		("nobody@review.localhost", "核对", 2, "no user"),
		("dl@review.localhost", "核对", 2, "may not read"),
	],
)
def test_a_task_that_cannot_be_done_is_not_given(user: str, text: str, days: int, said: str) -> None:
	with acting("OS"), pytest.raises(SmallRecordError, match=said):
		api.assign_task(INTENT_ORDER, south_order(), user, text, add_days(today(), days))


def test_tasks_are_given_downwards_only() -> None:
	with acting("SP"), pytest.raises(frappe.PermissionError):
		api.assign_task(INTENT_ORDER, south_order(), "oa@review.localhost", "快点", add_days(today(), 2))


# --- satisfaction -------------------------------------------------------------------------------------------


def closed() -> tuple[str, str]:
	name = to_opinions("IO-02")
	all_agree(name)
	step(name, "Make Valid", "OA")
	rating = frappe.db.get_value(SATISFACTION_RATING, {"reference_name": name})
	return name, rating


def test_the_salesperson_is_asked_once_when_the_review_closes() -> None:
	name, rating = closed()
	with acting("SP"):
		assert api.rating_waiting(INTENT_ORDER, name) == rating
		api.rate(rating, 2, "等了三天")
		assert api.rating_waiting(INTENT_ORDER, name) is None
		with pytest.raises(SmallRecordError, match="already"):
			api.rate(rating, 5)
	document = frappe.get_doc(SATISFACTION_RATING, rating)
	assert (document.score, document.status, document.owner_oa) == (2, "Answered", "oa@review.localhost")
	assert told(rating, "oa")
	assert told(rating, "os")


@pytest.mark.parametrize("score", [0, 6, -1])
def test_a_score_lies_between_one_and_five(score: int) -> None:
	_name, rating = closed()
	with acting("SP"), pytest.raises(SmallRecordError, match="between 1 and 5"):
		api.rate(rating, score)


def test_nobody_else_rates_and_no_form_does() -> None:
	name, rating = closed()
	with acting("OA"):
		assert api.rating_waiting(INTENT_ORDER, name) is None
		with pytest.raises(frappe.PermissionError):
			api.rate(rating, 5)
	document = frappe.get_doc(SATISFACTION_RATING, rating)
	document.score = 5
	with pytest.raises(FieldLockedError):
		document.save()


def test_a_veto_is_asked_about_as_well() -> None:
	name = to_received("IO-01")
	step(name, "Veto", "OA", "VT-CUST 客户被列入黑名单")
	assert frappe.db.exists(SATISFACTION_RATING, {"reference_name": name, "round_outcome": "Vetoed"})
