"""Opinions of departments: who is asked, who answers, how a round is joined, and what holds for the next one."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from order_review.constants import INTENT_ORDER, REVIEW_SETTINGS, REVIEW_TASK
from order_review.demo.people import address
from order_review.exceptions import IntentOrderStepError, ReviewTaskError, RoutingError
from order_review.services import guard, review_tasks
from tests.site.contracting import make_valid
from tests.site.reviewing import (
	AGREED,
	acting,
	all_agree,
	change,
	give,
	order,
	step,
	tasks,
	to_opinions,
	to_received,
)

pytestmark = pytest.mark.usefixtures("demo_site")

WARRANTY = {
	"condition_text": "电池质保条款由客户书面确认",
	"condition_responsible": "何志强",
	"condition_due": "2027-06-30",
	"condition_before": "Contract Effective",
}


def test_io_02_becomes_valid_with_five_departments_one_of_them_under_a_condition() -> None:
	name = to_opinions("IO-02")
	assert set(tasks(name)) == {"TECH", "PLAN", "FIN", "PRODMGT", "SERVICE"}
	all_agree(name, "SERVICE")
	assert order(name).status == "Under Opinions"
	assert give(name, "SERVICE", "Agree With Condition", **WARRANTY) == "Consolidating"
	assert step(name, "Make Valid", "OA") == "Valid"
	document = order(name)
	condition = document.conditions[0]
	assert (condition.department, condition.due_before) == ("SERVICE", "Contract Effective")
	joined = next(row for row in document.events if row.to_status == "Consolidating")
	assert joined.is_system


def test_after_a_price_change_the_second_round_asks_finance_only() -> None:
	name = to_opinions("IO-02")
	all_agree(name, "SERVICE")
	give(name, "SERVICE", "Agree With Condition", **WARRANTY)
	step(name, "Return", "OA", "RT-PRICE 客户要求重新议价")
	change(name, negotiated_unit=1280000)
	for action, code in (("Submit for Review", "SP"), ("Receive", "OA")):
		step(name, action, code)
	shown = {row["department"]: row["carried_from"] for row in review_tasks.preview(order(name))}
	assert [department for department, carried in shown.items() if not carried] == ["FIN"]
	step(name, "Send to Opinions", "OA")
	assert set(tasks(name, status="Open")) == {"FIN"}
	carried = frappe.get_doc(REVIEW_TASK, tasks(name)["SERVICE"])
	assert (carried.status, carried.opinion, carried.condition_text) == (
		"Answered",
		"Agree With Condition",
		WARRANTY["condition_text"],
	)
	assert carried.carried_from
	assert carried.events[-1].reason == "Carried over from round 1"
	assert give(name, "FIN") == "Consolidating"
	assert order(name).conditions[0].review_task == carried.name


def test_a_special_option_asks_five_more_and_the_order_waits_for_its_price() -> None:
	name = to_opinions("IO-10")
	assert {"MKTPLAN", "SUPPLY", "PRODMGT", "QA"} <= set(tasks(name))
	all_agree(name)
	with pytest.raises(IntentOrderStepError, match="SPC-2026-0044"):
		step(name, "Make Valid", "OA")


def test_a_missing_certificate_passes_under_the_technical_centres_condition_only() -> None:
	name = to_opinions("IO-11")
	extension = {
		"condition_text": "CCC扩展",
		"condition_responsible": "认证科",
		"condition_due": "2027-06-30",
	}
	with pytest.raises(ReviewTaskError, match="extension"):
		give(name, "TECH", verdict_ccc="Extension Needed")
	give(
		name,
		"TECH",
		"Agree With Condition",
		verdict_ccc="Extension Needed",
		condition_before="Contract Effective",
		**extension,
	)
	all_agree(name)
	assert review_tasks.lets_pass(order(name), "TECH")
	assert step(name, "Make Valid", "OA") == "Valid"


@pytest.mark.parametrize(
	("department", "answer", "said"),
	[
		("TECH", {"opinion": "Maybe"}, "Choose an opinion"),
		("TECH", {"opinion": None}, "Choose an opinion"),
		("TECH", {"evidence_ccc": " "}, "Evidence: CCC"),
		("TECH", {"evidence_ccc": None}, "Evidence: CCC"),
		("TECH", {"verdict_grade": "Not Met"}, "verdict says no"),
		("TECH", {"verdict_grade": "Perhaps"}, "not one of the choices"),
		("TECH", {"opinion": "Not Concerned"}, "always concerned"),
		("FIN", {"price_ok": "Wrong"}, "verdict says no"),
		("FIN", {"opinion": "Object"}, "Reason Code, Acceptable If"),
		("PLAN", {"proposed_date": None}, "Proposed Delivery Date"),
		("PLAN", {"proposed_date": "2010-03-20"}, "in the past"),
		("SERVICE", {"opinion": "Agree With Condition"}, "Condition, Responsible, Due"),
		("SERVICE", {"opinion": "Object", "reason_code": "VT-LEGAL", "acceptable_if": "x"}, "no reason code"),
		(
			"SERVICE",
			{**WARRANTY, "opinion": "Agree With Condition", "condition_due": "2020-01-01"},
			"in the past",
		),
	],
)
def test_an_answer_that_is_not_complete_or_contradicts_itself_is_refused(
	department: str, answer: dict[str, Any], said: str
) -> None:
	name = to_opinions("IO-02")
	with pytest.raises(ReviewTaskError, match=said):
		give(name, department, **{"opinion": "Agree", **answer})
	assert department in tasks(name, status="Open")


@pytest.mark.parametrize("code", ["OA", "OS", "SM", "SP", "FR", "VP"])
def test_nobody_answers_for_another_department(code: str) -> None:
	name = to_opinions("IO-02")
	task = tasks(name)["TECH"]
	with acting(code), pytest.raises(frappe.PermissionError):
		review_tasks.answer(task, {**AGREED["TECH"], "opinion": "Agree"})
	assert frappe.db.get_value(REVIEW_TASK, task, "status") == "Open"


def test_an_opinion_is_given_once_and_never_edited_by_any_path() -> None:
	name = to_opinions("IO-02")
	task = tasks(name)["TECH"]
	give(name, "TECH")
	with acting("TR"), pytest.raises(ReviewTaskError, match="no longer open"):
		review_tasks.answer(task, {**AGREED["TECH"], "opinion": "Object"})
	for code in ("TR", "OA", "OS"):
		with acting(code):
			document = frappe.get_doc(REVIEW_TASK, task)
			document.opinion = "Object"
			with pytest.raises(frappe.PermissionError):
				document.save()
	document = frappe.get_doc(REVIEW_TASK, task)
	for values in ({"opinion": "Object"}, {"status": "Open"}, {"docstatus": 1}):
		attempt = frappe.get_doc(REVIEW_TASK, task).update(values)
		with pytest.raises((frappe.ValidationError, frappe.PermissionError)):
			attempt.save()
	with pytest.raises((frappe.ValidationError, frappe.PermissionError)):
		frappe.copy_doc(document).insert()
	with pytest.raises(ReviewTaskError):
		document.delete()
	assert frappe.get_doc(REVIEW_TASK, task).opinion == "Agree"


def test_an_opinion_is_withdrawn_and_given_again_before_the_join_with_its_history_kept() -> None:
	name = to_opinions("IO-02")
	first = tasks(name)["TECH"]
	give(name, "TECH")
	with acting("TR"):
		with pytest.raises(ReviewTaskError, match="reason"):
			review_tasks.withdraw(first, " ")
		second = review_tasks.withdraw(first, "图纸有误")
	assert frappe.db.get_value(REVIEW_TASK, first, ["status", "opinion"]) == ("Withdrawn", "Agree")
	assert tasks(name, status="Open")["TECH"] == second
	all_agree(name)
	assert order(name).status == "Consolidating"
	with acting("TR"), pytest.raises(ReviewTaskError, match="is over"):
		review_tasks.withdraw(second, "too late")


def test_an_opinion_on_a_superseded_round_is_refused() -> None:
	name = to_opinions("IO-02")
	old = tasks(name)["PLAN"]
	give(name, "FIN", "Object", price_ok="Wrong", reason_code="OB-PRICE", acceptable_if="按评审价")
	assert step(name, "Return", "OA", "RT-OBJ 财务反对") == "Returned"
	assert frappe.db.get_value(REVIEW_TASK, old, "status") == "Cancelled"
	with acting("PL"), pytest.raises(ReviewTaskError, match="no longer open"):
		review_tasks.answer(old, {**AGREED["PLAN"], "opinion": "Agree"})
	frappe.db.set_value(REVIEW_TASK, old, "status", "Open")
	with acting("PL"), pytest.raises(ReviewTaskError, match="is over"):
		review_tasks.answer(old, {**AGREED["PLAN"], "opinion": "Agree"})


def test_a_round_is_not_ended_early_without_a_blocking_objection() -> None:
	name = to_opinions("IO-02")
	give(name, "SERVICE", "Object", reason_code="OB-SERV", acceptable_if="标准质保")
	with pytest.raises(IntentOrderStepError, match="none of them blocks"):
		step(name, "Return", "OA", "RT-OBJ x")


@pytest.mark.parametrize(("department", "is_told"), [("FIN", True), ("SERVICE", False)])
def test_the_order_administrator_hears_at_once_of_an_objection_nobody_overrules(
	department: str, is_told: bool
) -> None:
	name = to_opinions("IO-02")
	price = {"price_ok": "Wrong"} if department == "FIN" else {}
	give(name, department, "Object", reason_code="OB-OTHER", acceptable_if="按评审价", **price)
	told = {"document_name": name, "for_user": address("OA"), "subject": ["like", f"%{department}%"]}
	assert bool(frappe.db.exists("Notification Log", told)) is is_told
	assert review_tasks.is_objected(order(name)), "the form and the sheet say so before the round is over"


def test_the_manager_overrules_in_writing_but_never_technology_or_finance() -> None:
	name = to_opinions("IO-02")
	give(name, "SERVICE", "Object", reason_code="OB-SERV", acceptable_if="标准质保")
	give(name, "TECH", "Object", verdict_feasible="No", reason_code="OB-FEAS", acceptable_if="换电池")
	all_agree(name)
	assert order(name).has_objections
	service, technical = tasks(name)["SERVICE"], tasks(name)["TECH"]
	with acting("OA"), pytest.raises(frappe.PermissionError):
		review_tasks.overrule(service, "x")
	with acting("SM"):
		with pytest.raises(ReviewTaskError, match="in writing"):
			review_tasks.overrule(service, "")
		review_tasks.overrule(service, "客户已同意差异条款")
		with pytest.raises(ReviewTaskError, match="overruled by nobody"):
			review_tasks.overrule(technical, "赶时间")
	stored = frappe.get_doc(REVIEW_TASK, service)
	assert (stored.is_overruled, stored.overruled_by, stored.opinion) == (1, "sm@review.localhost", "Object")
	assert review_tasks.standing_objections(order(name)) == ["TECH"]
	with pytest.raises(IntentOrderStepError, match="TECH"):
		step(name, "Make Valid", "OA")


def routing(code: str, **values: Any) -> None:
	settings = frappe.get_doc(REVIEW_SETTINGS)
	row = next(r for r in settings.opinion_routing if (r.process_name, r.department) == ("intent", code))
	row.update(values)
	settings.flags.ignore_mandatory = True
	settings.save()


def test_an_administrator_changes_the_routing_and_the_next_order_follows_it() -> None:
	routing("QA", condition="qty >= 30 and order_type == Tender")
	name = to_received("IO-02")
	assert "QA" in {row["department"] for row in review_tasks.preview(order(name))}


@pytest.mark.parametrize(
	("values", "said"),
	[
		({"condition": "has_ufo or qty >= 3"}, "row .*QA.*has_ufo is not known"),
		({"condition": "qty >= lots"}, "lots is not a number"),
		({"department": "MOON", "role": None}, "state the role"),
	],
)
def test_routing_that_cannot_be_understood_is_refused_by_row(values: dict[str, Any], said: str) -> None:
	with pytest.raises(RoutingError, match=said):
		routing("QA", **values)


def test_a_department_without_users_keeps_the_order_and_says_so() -> None:
	name = to_received("IO-02")
	frappe.db.set_value("User", "cs@review.localhost", "enabled", 0)
	with pytest.raises(RoutingError, match="Nobody can answer for SERVICE"):
		step(name, "Send to Opinions", "OA")
	assert order(name).status == "Received"


def test_a_changed_price_of_a_special_option_voids_what_was_said_of_the_old_one() -> None:
	name = to_opinions("IO-10")
	give(name, "FIN")
	before = tasks(name)["FIN"]
	request = frappe.get_doc("Special Option Request", "SPC-2026-0044")
	guard_free = {"status": "Priced", "list_price": 15300, "valid_to": "2027-03-31", "lead_days": 5}
	request.db_set(guard_free)
	order(name).save()
	assert frappe.db.get_value(REVIEW_TASK, before, "status") == "Void"
	assert "FIN" in tasks(name, status="Open")
	assert frappe.get_doc(REVIEW_TASK, before).events[-1].is_system


def special_priced(name: str) -> None:
	"""The special option an order waits for gets its price, and the order takes it."""
	request = frappe.get_doc("Special Option Request", "SPC-2026-0044")
	request.db_set({"status": "Priced", "list_price": 15300, "valid_to": "2027-03-31", "lead_days": 5})
	order(name).save()


@pytest.mark.parametrize("opinion", ["Agree", "Object"])
def test_a_price_that_comes_after_the_join_is_judged_once_more_and_the_order_goes_on(opinion: str) -> None:
	name = to_opinions("IO-10")
	all_agree(name)
	assert order(name).status == "Consolidating"
	special_priced(name)
	assert set(tasks(name, status="Open")) == {"FIN", "MKTPLAN"}
	with pytest.raises(IntentOrderStepError, match="FIN"):
		step(name, "Make Valid", "OA")
	why = {"reason_code": "OB-PRICE", "acceptable_if": "价格重新核定"} if opinion == "Object" else {}
	give(name, "MKTPLAN", opinion, **why)
	assert give(name, "FIN") == "Consolidating"
	assert order(name).has_objections == int(opinion == "Object")
	told = {"document_name": name, "for_user": address("OA"), "subject": ["like", "%all opinions are given%"]}
	assert frappe.db.count("Notification Log", told) == 1
	if opinion == "Object":
		with pytest.raises(IntentOrderStepError, match="MKTPLAN"):
			step(name, "Make Valid", "OA")
	else:
		make_valid(name)


def test_a_salesperson_reads_the_opinions_on_orders_of_the_own_department_only() -> None:
	name = to_opinions("IO-02")
	task = tasks(name)["TECH"]
	with acting("SP"):
		assert frappe.has_permission(REVIEW_TASK, "read", doc=task)
		assert task in frappe.get_list(REVIEW_TASK, pluck="name", limit=0)
	north = frappe.db.get_value("Department", {"department_code": "MARKET-N"})
	frappe.db.set_value(INTENT_ORDER, name, "market_department", north)
	with acting("SP"):
		assert not frappe.has_permission(REVIEW_TASK, "read", doc=task)
		assert task not in frappe.get_list(REVIEW_TASK, pluck="name", limit=0)
	with acting("KM"), pytest.raises(frappe.PermissionError):
		frappe.get_list(REVIEW_TASK)


def test_an_answer_counts_its_working_hours_and_leaves_a_sealed_step() -> None:
	name = to_opinions("IO-02")
	task = frappe.get_doc(REVIEW_TASK, tasks(name)["TECH"])
	assert task.due_at > task.received_at
	give(name, "TECH")
	task.reload()
	assert task.hours_used >= 0
	assert [row.to_status for row in task.events] == ["Open", "Answered"]
	assert task.events[-1].content_hash == guard.content_hash(task)
