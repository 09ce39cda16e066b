"""Conditions of opinions as records: set at the join, met with evidence, waived in writing, asked by later documents."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.utils import add_days, today

from order_review.api import conditions as api
from order_review.constants import INTENT_ORDER, REVIEW_CONDITION
from order_review.demo.people import address
from order_review.exceptions import ReviewConditionError, ReviewTaskError
from order_review.patches.v15_0 import responsible_departments
from order_review.services import conditions, delegations, reminders
from order_review.services.opinion_routing import ROLE_OF
from tests.site.reviewing import acting, all_agree, change, give, order, step, to_opinions

pytestmark = pytest.mark.usefixtures("demo_site")

WARRANTY = {
	"condition_text": "电池质保条款由客户书面确认",
	"condition_responsible": address("SP"),
	"condition_due": "2027-06-30",
	"condition_before": "Release",
}
EXTENSION = {
	"condition_text": "CCC扩展",
	"condition_responsible": "认证科",
	"condition_due": "2027-06-30",
	"condition_before": "Contract Effective",
	"verdict_ccc": "Extension Needed",
}


def joined(sample: str = "IO-02", department: str = "SERVICE", **condition: Any) -> str:
	"""An order whose round is joined, with one condition."""
	name = to_opinions(sample)
	all_agree(name, department)
	give(name, department, "Agree With Condition", **(condition or WARRANTY))
	assert order(name).status == "Consolidating"
	return name


def of(name: str, **filters: Any) -> list[Any]:
	return frappe.get_all(REVIEW_CONDITION, {"reference_name": name, **filters}, ["*"], order_by="creation")


def before(name: str, stage: str) -> list[str]:
	return [row["department"] for row in conditions.open_before([(INTENT_ORDER, name)], stage)]


def test_the_join_makes_a_record_that_the_right_stages_wait_for() -> None:
	name = to_opinions("IO-02")
	all_agree(name, "SERVICE", "TECH")
	give(name, "SERVICE", "Agree With Condition", **WARRANTY)
	assert of(name) == []
	give(name, "TECH")
	(record,) = of(name)
	assert (record.status, record.department, record.due_before) == ("Open", "SERVICE", "Release")
	assert (record.responsible_user, record.role) == (address("SP"), "Service Reviewer")
	assert frappe.db.exists("Notification Log", {"document_name": record.name, "for_user": address("SP")})
	assert before(name, "Contract Effective") == []
	assert before(name, "Release") == before(name, "Delivery") == ["SERVICE"]
	assert order(name).conditions[0].condition_text == WARRANTY["condition_text"]


def test_the_responsible_meets_it_with_evidence_and_others_cannot() -> None:
	name = joined()
	(record,) = of(name)
	for code in ("PL", "FR"):
		with acting(code), pytest.raises(frappe.PermissionError):
			conditions.meet(record.name, "我觉得可以")
	with acting("SP"):
		with pytest.raises(ReviewConditionError, match="evidence"):
			conditions.meet(record.name, " ")
		conditions.meet(record.name, "客户确认函 2027-01-12")
		with pytest.raises(ReviewConditionError, match="no longer open"):
			conditions.meet(record.name, "又一次")
	stored = frappe.get_doc(REVIEW_CONDITION, record.name)
	assert (stored.status, stored.met_by, stored.evidence) == ("Met", address("SP"), "客户确认函 2027-01-12")
	assert stored.events[-1].to_status == "Met"
	assert before(name, "Delivery") == []


def uploaded(code: str, name: str = "确认函.txt") -> str:
	"""Address of a file a sample user has uploaded, as the form's dialog does: it hangs on nothing yet."""
	with acting(code):
		file = frappe.get_doc(
			{"doctype": "File", "file_name": name, "content": f"{name} {code}", "is_private": 1}
		).insert()
	return str(file.file_url)


def test_a_file_is_evidence_as_well_and_stays_with_its_condition() -> None:
	record = of(joined())[0].name
	url = uploaded("SP")
	with acting("OA"), pytest.raises(ReviewConditionError, match="upload the file here"):
		conditions.meet(record, "见附件", url)
	with acting("SP"):
		conditions.meet(record, "", url)
	stored = frappe.get_doc(REVIEW_CONDITION, record)
	assert (stored.status, stored.evidence_file, stored.events[-1].reason) == (
		"Met",
		url,
		url.rsplit("/")[-1],
	)
	file = frappe.get_doc("File", {"attached_to_doctype": REVIEW_CONDITION, "attached_to_name": record})
	with acting("CS"):
		file.check_permission("read")
	for code in ("SP", "OA"):
		with acting(code), pytest.raises((ReviewConditionError, frappe.PermissionError)):
			frappe.delete_doc("File", file.name)
	for code in ("SP", "OA"):
		with acting(code), pytest.raises((ReviewConditionError, frappe.PermissionError)):
			frappe.get_doc("File", file.name).update({"attached_to_name": None}).save()
	with pytest.raises(ReviewConditionError, match="stays as it is"):
		frappe.get_doc("File", file.name).update({"attached_to_name": None}).save()
	with acting("SP"):
		rows = api.of_document(INTENT_ORDER, stored.reference_name)
	assert rows[0]["evidence_file"] == url


def test_evidence_goes_with_the_order_when_it_is_deleted() -> None:
	name = joined()
	record = of(name)[0].name
	url = uploaded("SP", "随订单删除.txt")
	with acting("SP"):
		conditions.meet(record, "", url)
	conditions.forget(order(name))
	assert not frappe.db.exists("File", {"file_url": url})


@pytest.mark.parametrize("said", ["SUPPLY", "供应部", "Supply"])
def test_a_department_is_responsible_in_either_language_and_its_users_are_told_and_may_meet_it(
	said: str,
) -> None:
	name = joined(**{**WARRANTY, "condition_responsible": said})
	(record,) = of(name)
	assert (record.responsible_user, record.responsible_role) == (None, "Supply Reviewer")
	assert frappe.db.exists("Notification Log", {"document_name": record.name, "for_user": address("SU")})
	assert reminded(record.name) == [address("SU")]
	with acting("OA"):
		assert api.of_document(INTENT_ORDER, name)[0]["responsible_name"] == "Supply"
	with acting("SU"):
		conditions.meet(record.name, "到货单 2027-01-12")
	assert of(name)[0].status == "Met"


def test_where_nobody_of_the_house_is_named_the_department_that_set_it_is_reminded() -> None:
	(record,) = of(joined(**{**WARRANTY, "condition_responsible": "国家客车质检中心"}))
	assert (record.responsible_user, record.responsible_role) == (None, None)
	assert reminded(record.name) == [address("CS")]


def reminded(name: str) -> list[str]:
	"""Whom the clock tells of a condition."""
	clock = next(one for one in reminders.clocks() if one.doctype == REVIEW_CONDITION)
	(row,) = frappe.get_all(REVIEW_CONDITION, {"name": name}, ["status", *clock.extra])
	return list(clock.assignees(row, delegations.users_with))


def test_the_people_of_the_order_are_offered_first_then_departments_then_everybody() -> None:
	name = joined()
	with acting("CS"):
		offered = [row["value"] for row in api.responsible_choices(INTENT_ORDER, name)]
	assert offered[:2] == [address("SP"), address("OA")]
	assert offered[2:12] == sorted([*ROLE_OF, "SALESOPS"])
	assert {address("SU"), address("VP")} < set(offered[12:])
	assert not {"Administrator", "Guest", address("DL")} & set(offered)


def test_conditions_set_before_departments_could_be_named_get_theirs() -> None:
	(record,) = of(joined(**{**WARRANTY, "condition_responsible": "供应部"}))
	frappe.db.set_value(REVIEW_CONDITION, record.name, "responsible_role", None)
	responsible_departments.execute()
	assert frappe.db.get_value(REVIEW_CONDITION, record.name, "responsible_role") == "Supply Reviewer"
	assert record.responsible == frappe.db.get_value(REVIEW_CONDITION, record.name, "responsible")


@pytest.mark.parametrize("code", ["OA", "OS", "CS"])
def test_the_department_and_those_who_keep_the_orders_settle_it_too(code: str) -> None:
	name = joined()
	with acting(code):
		conditions.meet(of(name)[0].name, "见附件")
	assert of(name)[0].status == "Met"


def test_only_the_manager_waives_and_in_writing() -> None:
	name = joined()
	record = of(name)[0].name
	for code in ("OA", "SP", "OS"):
		with acting(code), pytest.raises(frappe.PermissionError):
			conditions.waive(record, "赶时间")
	with acting("SM"):
		with pytest.raises(ReviewConditionError, match="in writing"):
			conditions.waive(record, "")
		conditions.waive(record, "客户放弃该条款")
	assert frappe.db.get_value(REVIEW_CONDITION, record, ["status", "waive_reason"]) == (
		"Waived",
		"客户放弃该条款",
	)


def test_an_extension_of_the_certificate_is_waived_by_nobody_and_put_off_to_no_later_stage() -> None:
	name = to_opinions("IO-11")
	for stage in ("Release", "Delivery"):
		with pytest.raises(ReviewTaskError, match="before the contract becomes effective"):
			give(name, "TECH", "Agree With Condition", **{**EXTENSION, "condition_before": stage})
	give(name, "TECH", "Agree With Condition", **EXTENSION)
	all_agree(name)
	record = of(name)[0]
	assert (record.is_certificate, record.due_before) == (1, "Contract Effective")
	with acting("SM"), pytest.raises(ReviewConditionError, match="Nobody waives"):
		conditions.waive(record.name, "赶时间")
	assert before(name, "Contract Effective") == ["TECH"]


def test_a_condition_goes_on_as_the_same_record_when_its_opinion_is_carried_over() -> None:
	name = joined()
	first = of(name)[0]
	with acting("SP"):
		conditions.meet(first.name, "确认函")
	step(name, "Return", "OA", "RT-PRICE 重新议价")
	change(name, negotiated_unit=1280000)
	for action, code in (("Submit for Review", "SP"), ("Receive", "OA"), ("Send to Opinions", "OA")):
		step(name, action, code)
	assert give(name, "FIN") == "Consolidating"
	(record,) = of(name)
	assert (record.name, record.status, record.review_round) == (first.name, "Met", 2)
	assert record.review_task != first.review_task


def test_a_condition_of_an_opinion_that_no_longer_stands_is_void() -> None:
	name = joined()
	step(name, "Return", "OA", "RT-CONF 质保")
	change(name, service_terms="整车质保五年")
	for action, code in (("Submit for Review", "SP"), ("Receive", "OA"), ("Send to Opinions", "OA")):
		step(name, action, code)
	give(name, "SERVICE")
	all_agree(name)
	(record,) = of(name)
	assert record.status == "Void"
	assert before(name, "Delivery") == []
	assert not order(name).conditions


def test_a_vetoed_order_leaves_no_condition_open() -> None:
	name = joined()
	step(name, "Veto", "OA", "VT-CUST 黑名单")
	assert [row.status for row in of(name)] == ["Void"]


def test_a_condition_is_set_by_hand_where_the_order_is_kept() -> None:
	name = joined()
	values = {
		"condition_text": "付清首付款",
		"responsible": "何志强",
		"due_date": add_days(today(), 9),
		"due_before": "Delivery",
	}
	with acting("SP"), pytest.raises(frappe.PermissionError):
		conditions.add(order(name), values)
	with acting("OA"):
		with pytest.raises(ReviewConditionError, match="not complete: Responsible"):
			conditions.add(order(name), {**values, "responsible": ""})
		with pytest.raises(ReviewConditionError, match="no stage"):
			conditions.add(order(name), {**values, "due_before": "Someday"})
		with pytest.raises(ReviewConditionError, match="in the past"):
			conditions.add(order(name), {**values, "due_date": "2020-01-01"})
		conditions.add(order(name), values)
	assert len(of(name, status="Open")) == 2
	assert len(conditions.open_before([(INTENT_ORDER, name)], "Release")) == 1


@pytest.mark.parametrize("code", ["SP", "OA", "SM", "Administrator"])
def test_no_path_edits_settles_or_deletes_a_condition(code: str) -> None:
	name = joined()
	record = of(name)[0].name
	before_row = frappe.db.get_value(REVIEW_CONDITION, record, "*")
	frappe.set_user(code if code == "Administrator" else address(code))
	for values in (
		{"status": "Met"},
		{"status": "Waived"},
		{"due_date": "2030-01-01"},
		{"is_certificate": 1},
	):
		with pytest.raises((frappe.PermissionError, frappe.ValidationError)):
			frappe.get_doc(REVIEW_CONDITION, record).update(values).save()
	with pytest.raises((frappe.PermissionError, frappe.ValidationError)):
		frappe.delete_doc(REVIEW_CONDITION, record)
	with pytest.raises((frappe.PermissionError, frappe.ValidationError)):
		frappe.copy_doc(frappe.get_doc(REVIEW_CONDITION, record)).insert()
	assert frappe.db.get_value(REVIEW_CONDITION, record, "*") == before_row


def test_a_salesperson_sees_the_conditions_of_the_own_department_only() -> None:
	name = joined()
	record = of(name)[0].name
	with acting("SP"):
		assert record in frappe.get_list(REVIEW_CONDITION, pluck="name", limit=0)
	north = frappe.db.get_value("Department", {"department_code": "MARKET-N"})
	frappe.db.set_value(INTENT_ORDER, name, "market_department", north)
	with acting("SP"):
		assert record not in frappe.get_list(REVIEW_CONDITION, pluck="name", limit=0)
		with pytest.raises(frappe.PermissionError):
			conditions.meet(record, "x")
