"""Contract quality: drafted from what happened, completed by people, appealed, closed by the month (DOMAIN 7, scenario 9)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
import pytest
from frappe.model.document import Document
from frappe.model.workflow import WorkflowTransitionError, apply_workflow

from order_review.api import quality as api
from order_review.constants import (
	CONFIDENTIAL_DEFECT,
	MONTHLY_SCORE,
	PRICE_REVIEW,
	QUALITY_ASSESSMENT,
	QUALITY_MONTH,
	REVIEW_SETTINGS,
)
from order_review.demo.people import address
from order_review.exceptions import (
	FieldLockedError,
	QualityError,
	ReasonMissingError,
	SelfApprovalError,
	StatusChangeError,
)
from order_review.services import guard
from order_review.services.quality import appeals, assessment, months, own_errors, quality_sheet, scores
from tests.site.clock import Clock, clock_at
from tests.site.contracts_raw import contract
from tests.site.reviewing import acting, order, ready, step, to_received

pytestmark = pytest.mark.usefixtures("demo_site")


@pytest.fixture(autouse=True)
def clock() -> Iterator[Clock]:
	"""A Monday morning in November, without the months of the demo."""
	for doctype in (MONTHLY_SCORE, QUALITY_MONTH):
		frappe.db.delete(doctype)
	with clock_at("2026-11-23 09:00") as one:
		yield one


def assessed(name: str) -> Document:
	return frappe.get_doc(QUALITY_ASSESSMENT, name)


def charges(name: str) -> dict[str, tuple[int, float]]:
	return {row.defect: (row.count, row.points) for row in assessed(name).defects}


def take(name: str, action: str, code: str, reason: str = "", doctype: str = QUALITY_ASSESSMENT) -> str:
	with acting(code), guard.because(reason):
		apply_workflow(frappe.get_doc(doctype, name), action)
	return str(frappe.db.get_value(doctype, name, "status"))


def add(name: str, *rows: tuple[str, int], code: str = "OA", evidence: str = "合同正本第3页") -> None:
	"""Manual defects, by a role."""
	with acting(code):
		document = assessed(name)
		for defect, count in rows:
			document.append("defects", {"defect": defect, "count": count, "evidence": evidence})
		document.save()


def row_of(name: str, defect: str) -> str:
	return str(next(row.name for row in assessed(name).defects if row.defect == defect))


def confirmed(name: str) -> str:
	assert take(name, "Confirm Assessment", "OA") == "Confirmed"
	return name


def io_08() -> str:
	"""The draft of a contract whose intent order came twice with two wrong option prices and was returned twice."""
	name = to_received("IO-08")
	step(name, "Return", "OA", "RT-PRICE 选装价不对")
	step(name, "Submit for Review", "SP")
	step(name, "Receive", "OA")
	step(name, "Return", "OA", "RT-PRICE 还是不对")
	step(name, "Submit for Review", "SP")
	return assessment.draft_for(contract(name).name)


def month_of_three() -> list[str]:
	"""周敏's month: 100 for ten vehicles, 83 for five, 72 for two."""
	clean = assessment.draft_for(contract(ready("IO-01"), qty=10, sales_person="周敏").name)
	returned = io_08()
	poor = assessment.draft_for(contract(ready("IO-02"), qty=2, sales_person="周敏").name)
	add(poor, ("DQ-C04", 1), ("DQ-D03", 1), ("DQ-C03", 1), ("DQ-C05", 1))
	return [confirmed(name) for name in (clean, returned, poor)]


def close(clock: Clock, day: str = "2026-12-04 00:05") -> Document:
	clock.set(day)
	months.close_due()
	return frappe.get_doc(QUALITY_MONTH, "2026-11")


# --- the draft ----------------------------------------------------------------------------------------------


def test_two_wrong_prices_and_a_second_return_make_83_and_c() -> None:
	name = io_08()
	assert charges(name) == {"DQ-B01": (2, 12.0), "DQ-E01": (1, 5.0)}
	document = assessed(name)
	assert (document.score, document.grade, document.status) == (83.0, "C", "Draft")
	assert (document.qty, document.returns, document.sales_user) == (5, 2, address("SP"))
	evidence = {row.defect: row.evidence for row in document.defects}
	assert "ENG-D199" in evidence["DQ-B01"]
	assert "STY-RL" in evidence["DQ-B01"]
	assert document.price_error_amount > 0


def test_a_contract_has_one_assessment_however_often_it_is_drafted() -> None:
	signed = contract(ready("IO-01"))
	first = assessment.draft_for(signed.name)
	add(first, ("DQ-C03", 1))
	assert assessment.draft_for(signed.name) == first
	assert charges(first) == {"DQ-C03": (1, 5.0)}
	assert frappe.db.count(QUALITY_ASSESSMENT, {"sales_contract": signed.name}) == 1


def test_what_is_mended_later_still_counts_because_the_first_submission_had_it() -> None:
	name = to_received("IO-08")
	step(name, "Return", "OA", "RT-PRICE")
	with acting("SP"):
		document = order(name)
		for row in document.configuration:
			row.update({"claimed_price": 0, "is_claimed": 0})
		document.save()
	step(name, "Submit for Review", "SP")
	assert not order(name).findings
	found = assessment.draft_for(contract(name).name)
	assert charges(found) == {"DQ-B01": (2, 12.0)}


def test_a_return_left_lying_is_a_defect(clock: Clock) -> None:
	name = to_received("IO-01")
	step(name, "Return", "OA", "RT-DATA")
	clock.set("2026-11-30 10:00")  # 24 working hours are over
	step(name, "Submit for Review", "SP")
	assert charges(assessment.draft_for(contract(name).name)) == {"DQ-E02": (1, 4.0)}


def test_a_vetoed_contract_scores_nothing_until_the_veto_is_lifted(clock: Clock) -> None:
	signed = contract(ready("IO-01"), steps=[("Vetoed", clock.time)])
	name = assessment.draft_for(signed.name)
	assert (assessed(name).score, assessed(name).grade, assessed(name).is_vetoed) == (0.0, "D", 1)
	confirmed(name)
	frappe.db.set_value("Sales Contract", signed.name, "status", "Effective")
	assert assessment.draft_for(signed.name) == name
	document = assessed(name)
	assert (document.score, document.grade, document.status) == (100.0, "A", "Draft")


def test_a_contract_that_is_not_signed_is_not_assessed_by_hand() -> None:
	signed = contract(ready("IO-01"), steps=[("Received", frappe.utils.now_datetime())])
	with acting("OA"), pytest.raises(QualityError, match="once it is effective or vetoed"):
		api.draft(signed.name)
	with acting("SP"), pytest.raises(frappe.PermissionError):
		api.draft(signed.name)


def test_points_and_caps_are_the_administrators_records() -> None:
	settings = frappe.get_single(REVIEW_SETTINGS)
	row = next(row for row in settings.defects if row.code == "DQ-C03")
	row.update({"points": 40, "cap": 60})
	settings.flags.ignore_mandatory = True
	settings.save()
	name = assessment.draft_for(contract(ready("IO-01")).name)
	add(name, ("DQ-C03", 2))
	assert (assessed(name).score, assessed(name).grade) == (40.0, "D")


# --- completing ---------------------------------------------------------------------------------------------


def test_a_manual_defect_needs_evidence_and_keeps_the_points_of_the_settings() -> None:
	name = assessment.draft_for(contract(ready("IO-01")).name)
	with pytest.raises(QualityError, match="evidence"):
		add(name, ("DQ-C03", 1), evidence="")
	with acting("AU"):
		document = assessed(name)
		document.append(
			"defects",
			{
				"defect": "DQ-C03",
				"count": 1,
				"evidence": "付款条款",
				"points_each": 0.1,
				"cap": 0.1,
				"source": "Automatic",
			},
		)
		document.save()
	[row] = assessed(name).defects
	assert (row.source, row.points, row.cap) == ("Manual", 5.0, 5.0)


def test_the_cap_holds_over_all_rows_of_a_defect() -> None:
	name = assessment.draft_for(contract(ready("IO-01")).name)
	add(name, ("DQ-A07", 1), ("DQ-A07", 5))
	assert assessed(name).score == 88.0


def test_what_the_system_found_is_waived_with_a_reason_but_not_taken_away_or_made_cheaper() -> None:
	name = io_08()
	with acting("OA"):
		document = assessed(name)
		document.defects = document.defects[1:]
		with pytest.raises(FieldLockedError, match="Waive"):
			document.save()
		document = assessed(name)
		document.defects[0].update({"count": 0, "points_each": 0, "decision": "Removed"})
		document.save()
		assert assessed(name).score == 83.0
		document = assessed(name)
		document.defects[0].update({"is_waived": 1, "evidence": ""})
		document.save()
	with pytest.raises(QualityError, match="evidence"):
		confirmed(name)
	with acting("OA"):
		document = assessed(name)
		document.defects[0].evidence = "价格表更正通知晚到"
		document.save()
	assert assessed(confirmed(name)).score == 95.0


def test_only_the_order_administrator_confirms_and_nobody_his_own_contract() -> None:
	name = assessment.draft_for(contract(ready("IO-01")).name)
	for code in ("AU", "OS", "SP"):
		with pytest.raises(WorkflowTransitionError):
			take(name, "Confirm Assessment", code)
	frappe.get_doc("User", address("OA")).add_roles("Salesperson")
	frappe.db.set_value(QUALITY_ASSESSMENT, name, "sales_user", address("OA"))
	with pytest.raises(SelfApprovalError, match="your own contract"):
		take(name, "Confirm Assessment", "OA")


def test_a_confirmed_assessment_is_locked() -> None:
	name = confirmed(io_08())
	with pytest.raises(FieldLockedError):
		add(name, ("DQ-C03", 1))
	with acting("OA"):
		document = assessed(name)
		document.remark = "改一下"
		with pytest.raises(FieldLockedError):
			document.save()


# --- the salesperson ----------------------------------------------------------------------------------------


def test_a_salesperson_sees_his_own_and_a_manager_his_departments() -> None:
	own = io_08()
	other = assessment.draft_for(contract(ready("IO-01")).name)
	north = frappe.db.get_value("Department", {"department_code": "MARKET-N"})
	frappe.db.set_value(QUALITY_ASSESSMENT, other, {"sales_user": address("OA"), "market_department": north})
	for code, sees in (("SP", {own}), ("MM", {own}), ("OS", {own, other}), ("MG", {own, other})):
		with acting(code):
			listed = set(frappe.get_list(QUALITY_ASSESSMENT, pluck="name"))
			assert listed & {own, other} == sees
			assert frappe.has_permission(QUALITY_ASSESSMENT, "read", doc=other) == (other in sees)
	frappe.db.set_value(QUALITY_ASSESSMENT, own, "sales_user", address("OA"))
	with acting("SP"):
		assert own not in frappe.get_list(QUALITY_ASSESSMENT, pluck="name")
	with acting("MM"):
		assert own in frappe.get_list(QUALITY_ASSESSMENT, pluck="name")
	with acting("PL"), pytest.raises(frappe.PermissionError):
		frappe.get_list(QUALITY_ASSESSMENT)


def test_an_appeal_reopens_one_row_and_the_supervisor_decides_that_row_alone() -> None:
	name = confirmed(io_08())
	with acting("SP"):
		api.appeal(name, row_of(name, "DQ-B01"), "价格表当日更新")
	assert (assessed(name).status, assessed(name).score) == ("Appealed", 83.0)
	with acting("OS"):
		with pytest.raises(QualityError, match="not under appeal"):
			api.decide(name, row_of(name, "DQ-E01"), "Removed", "误操作")
		assert api.decide(name, row_of(name, "DQ-B01"), "Reduced", "一处成立", count=1) == 89.0
	document = assessed(name)
	assert (document.status, document.grade, document.appeals, document.appeals_granted) == (
		"Decided",
		"B",
		1,
		1,
	)
	untouched = next(row for row in document.defects if row.defect == "DQ-E01")
	assert (untouched.points, untouched.is_disputed, untouched.decision or None) == (5.0, 0, None)
	with acting("SP"), pytest.raises(QualityError, match="decided once"):
		api.appeal(name, row_of(name, "DQ-B01"), "再来一次")


def test_an_appeal_needs_grounds_and_its_time_ends(clock: Clock) -> None:
	name = confirmed(io_08())
	assert str(assessed(name).appeal_until) == "2026-11-26"
	with acting("SP"), pytest.raises(ReasonMissingError):
		api.appeal(name, row_of(name, "DQ-B01"), "  ")
	with pytest.raises(QualityError, match="names one row"):
		take(name, "Appeal", "SP")
	clock.set("2026-11-27 09:00")
	with acting("SP"), pytest.raises(QualityError, match="ended on"):
		api.appeal(name, row_of(name, "DQ-B01"), "晚了")


def test_nobody_appeals_for_another_and_who_confirmed_does_not_decide() -> None:
	name = confirmed(io_08())
	with acting("MM"), pytest.raises(frappe.PermissionError):
		api.appeal(name, row_of(name, "DQ-B01"), "代申诉")
	with acting("OS"), pytest.raises(StatusChangeError):
		api.appeal(name, row_of(name, "DQ-B01"), "代申诉")
	with acting("SP"):
		api.appeal(name, row_of(name, "DQ-B01"), "价格表当日更新")
	with acting("SP"), pytest.raises(StatusChangeError):
		appeals.decide(name, row_of(name, "DQ-B01"), "Removed", "我说了算")
	frappe.db.set_value(QUALITY_ASSESSMENT, name, "assessor", address("OS"))
	with acting("OS"), pytest.raises(SelfApprovalError, match="somebody else decides"):
		api.decide(name, row_of(name, "DQ-B01"), "Removed", "行")


# --- secrets ------------------------------------------------------------------------------------------------


def below_floor() -> tuple[str, str]:
	"""The draft of a contract whose intent order was first sent with a price below the floor, and the order."""
	name = ready("IO-01", negotiated_unit=824_000)
	step(name, "Submit for Review", "SP")
	step(name, "Receive", "OA")
	assert frappe.db.get_value(PRICE_REVIEW, name, "below_floor")
	return assessment.draft_for(contract(name).name), name


def test_a_price_below_the_floor_leaves_no_trace_where_sales_looks() -> None:
	name, _order = below_floor()
	document = assessed(name)
	assert (document.score, charges(name)) == (100.0, {})
	kept = frappe.get_doc(CONFIDENTIAL_DEFECT, name)
	assert (kept.defects, kept.points) == ("DQ-B06 × 1", 25.0)
	for code in ("SP", "MM", "MG", "AU"):
		with acting(code):
			assert api.get_confidential(name) is None
			with pytest.raises(frappe.PermissionError):
				frappe.get_list(CONFIDENTIAL_DEFECT)
	with acting("OS"):
		assert api.get_confidential(name).points == 25.0
	with acting("SP"):
		said = frappe.as_json(assessed(name).as_dict()) + frappe.as_json(
			api.get_own_errors("Intent Order", _order)
		)
		assert "DQ-B06" not in said
		assert "FLOOR" not in said.upper().replace("FLOORING", "")


def test_two_prices_on_either_side_of_the_floor_look_the_same() -> None:
	with acting("SP"):
		copy = frappe.copy_doc(order(ready("IO-01")))
		copy.update({"negotiated_unit": 826_000, "external_id": None})
		copy.insert()
	low, _order = below_floor()
	step(copy.name, "Submit for Review", "SP")
	step(copy.name, "Receive", "OA")
	assert not frappe.db.get_value(PRICE_REVIEW, copy.name, "below_floor")
	high = assessment.draft_for(contract(copy.name).name)
	assert (assessed(low).score, charges(low)) == (assessed(high).score, charges(high))
	assert not frappe.db.exists(CONFIDENTIAL_DEFECT, high)


def test_the_floor_is_not_charged_by_hand_either() -> None:
	name = assessment.draft_for(contract(ready("IO-01")).name)
	with pytest.raises(QualityError, match="kept apart"):
		add(name, ("DQ-B06", 1))
	with acting("OA"):
		assert "DQ-B06" not in {row["value"] for row in api.get_defects()}


# --- the month ----------------------------------------------------------------------------------------------


def test_a_month_closes_after_its_third_working_day_with_91_7_and_b(clock: Clock) -> None:
	names = month_of_three()
	assert str(frappe.db.get_value(QUALITY_MONTH, "2026-11", "closes_after")) == "2026-12-03"
	clock.set("2026-12-03 17:00")
	assert months.close_due() == 0
	assert close(clock).status == "Closed"
	assert {assessed(name).status for name in names} == {"Closed"}
	score = frappe.get_doc(
		MONTHLY_SCORE, {"quality_month": "2026-11", "kind": "Salesperson", "sales_person": "周敏"}
	)
	assert (score.score, score.grade, score.weight, score.contracts) == (91.7, "B", 17, 3)
	assert (score.first_pass_rate, score.returns, score.group_b, score.group_e) == (66.7, 2, 2, 1)
	department = frappe.get_doc(MONTHLY_SCORE, {"quality_month": "2026-11", "kind": "Market Department"})
	assert (department.score, department.place, department.places) == (91.7, 1, 1)


def test_closed_scores_are_final_until_market_management_reopens_the_month(clock: Clock) -> None:
	name = month_of_three()[1]
	close(clock)
	with acting("SP"), pytest.raises(QualityError, match="Market Management reopens"):
		api.appeal(name, row_of(name, "DQ-B01"), "还有话说")
	assert take("2026-11", "Confirm Scores", "MG", doctype=QUALITY_MONTH) == "Confirmed"
	assert assessed(name).status == "Handed Over"
	with pytest.raises(ReasonMissingError):
		take("2026-11", "Reopen Month", "MG", doctype=QUALITY_MONTH)
	with pytest.raises(WorkflowTransitionError):
		take("2026-11", "Reopen Month", "OS", "想改", doctype=QUALITY_MONTH)
	take("2026-11", "Reopen Month", "MG", "业务员申诉", doctype=QUALITY_MONTH)
	with acting("SP"):
		api.appeal(name, row_of(name, "DQ-E01"), "第二次退回是系统误退")
	with pytest.raises(QualityError, match="not decided"):
		take("2026-11", "Close Month", "MG", doctype=QUALITY_MONTH)
	with acting("OS"):
		api.decide(name, row_of(name, "DQ-E01"), "Removed", "核实为误退")
	assert take("2026-11", "Close Month", "MG", doctype=QUALITY_MONTH) == "Closed"
	assert {row.defect: row.points for row in assessed(name).defects} == {"DQ-B01": 12.0, "DQ-E01": 0.0}
	score = frappe.get_doc(
		MONTHLY_SCORE, {"quality_month": "2026-11", "sales_person": "周敏", "kind": "Salesperson"}
	)
	assert score.score == round((1000 + 88 * 5 + 144) / 17, 1)
	assert score.appeals_granted == 1


def test_what_is_not_final_goes_on_in_the_next_month(clock: Clock) -> None:
	draft, late = io_08(), assessment.draft_for(contract(ready("IO-01"), sales_person="周敏").name)
	done = confirmed(assessment.draft_for(contract(ready("IO-02"), sales_person="周敏").name))
	clock.set("2026-12-02 10:00")
	confirmed(late)  # may be appealed against until the 7th
	month = close(clock)
	assert {assessed(name).quality_month for name in (draft, late)} == {"2026-12"}
	assert (assessed(done).quality_month, assessed(done).status) == ("2026-11", "Closed")
	assert draft in month.carried_over
	assert late in month.carried_over


def test_an_assessment_of_a_closed_month_counts_in_the_next(clock: Clock) -> None:
	month_of_three()
	close(clock)
	signed = contract(ready("IO-01"), steps=[("Effective", "2026-11-30 10:00:00")])
	assert assessed(assessment.draft_for(signed.name)).quality_month == "2026-12"


def test_the_month_is_not_closed_early_and_closes_once(clock: Clock) -> None:
	month_of_three()
	with pytest.raises(QualityError, match="closes when"):
		take("2026-11", "Close Month", "OS", doctype=QUALITY_MONTH)
	close(clock)
	assert months.close_due() == 0


def test_scores_are_nobodys_to_write(clock: Clock) -> None:
	month_of_three()
	close(clock)
	score = frappe.get_doc(MONTHLY_SCORE, {"quality_month": "2026-11", "kind": "Salesperson"})
	score.score = 100
	with pytest.raises(FieldLockedError):
		score.save(ignore_permissions=True)


def test_the_trend_tells_twelve_months(clock: Clock) -> None:
	month_of_three()
	close(clock)
	later = assessment.draft_for(contract(ready("IO-01"), sales_person="周敏").name)
	confirmed(later)
	clock.set("2027-01-08 00:05")
	months.close_due()
	score = frappe.get_doc(
		MONTHLY_SCORE, {"quality_month": "2026-12", "kind": "Salesperson", "sales_person": "周敏"}
	)
	assert [(row.quality_month, row.score) for row in scores.trend(score)] == [
		("2026-11", 91.7),
		("2026-12", 100.0),
	]


def test_the_sheet_of_a_month_prints_its_contracts_in_both_languages(clock: Clock) -> None:
	month_of_three()
	close(clock)
	score = frappe.get_doc(
		MONTHLY_SCORE, {"quality_month": "2026-11", "kind": "Salesperson", "sales_person": "周敏"}
	)
	with acting("SP"):
		assert "选装价填写错误 × 2: −12.0" in quality_sheet.html(score, "zh")
		assert "Wrong option price × 2: −12.0" in quality_sheet.html(score, "en")
	frappe.db.set_value(MONTHLY_SCORE, score.name, "sales_user", address("OA"))
	with acting("SP"), pytest.raises(frappe.PermissionError):
		quality_sheet.html(score, "zh")


@pytest.mark.parametrize(
	"report", ["Contract Quality Scores", "Contract Quality Defects", "Contract Quality Appeals"]
)
def test_reports_show_a_manager_his_department_and_refuse_others(report: str) -> None:
	names = month_of_three()
	with acting("SP"):
		api.appeal(names[1], row_of(names[1], "DQ-B01"), "价格表当日更新")
	run: Any = frappe.get_doc("Report", report).execute_script_report
	filters = {"from_month": "2026-11", "to_month": "2026-11"}
	with acting("MG"):
		assert run(filters)[1]
	with acting("MM"):
		assert run(filters)[1]
	north = frappe.db.get_value("Department", {"department_code": "MARKET-N"})
	for name in names:
		frappe.db.set_value(QUALITY_ASSESSMENT, name, "market_department", north)
	with acting("MM"):
		assert not run(filters)[1]
	with acting("SP"), pytest.raises(frappe.PermissionError):
		run(filters)


@pytest.mark.parametrize("report", ["Contract Quality Scores", "Contract Quality Defects"])
def test_a_confirmed_month_shows_what_was_confirmed(clock: Clock, report: str) -> None:
	"""Whatever becomes of the assessments later, and without being asked for the month."""
	names = month_of_three()
	close(clock)
	run: Any = frappe.get_doc("Report", report).execute_script_report
	month = {"from_month": "2026-11", "to_month": "2026-11"}
	with acting("MG"):
		before = run(month)[1]
	take("2026-11", "Confirm Scores", "MG", doctype=QUALITY_MONTH)
	for name in names:
		frappe.db.delete(QUALITY_ASSESSMENT, {"name": name})
	clock.set("2027-01-15 09:00")
	with acting("MG"):
		after = run({})[1]
	keys = ("score", "place", "defect", "occurrences", "contracts", "points", "share")
	assert before
	assert [[row.get(key) for key in keys] for row in after] == [
		[row.get(key) for key in keys] for row in before
	]


def test_a_report_begins_with_the_last_confirmed_month(clock: Clock) -> None:
	month_of_three()
	assert api.usual_months() == {"from_month": "2026-11", "to_month": "2026-11"}
	close(clock)
	take("2026-11", "Confirm Scores", "MG", doctype=QUALITY_MONTH)
	clock.set("2027-01-15 09:00")
	assert api.usual_months() == {"from_month": "2026-11", "to_month": "2026-11"}
	assert api.usual_months(1) == {"from_month": "2026-11", "to_month": "2027-01"}


def test_a_confirmed_month_shows_defects_of_one_department_only(clock: Clock) -> None:
	month_of_three()
	close(clock)
	take("2026-11", "Confirm Scores", "MG", doctype=QUALITY_MONTH)
	run: Any = frappe.get_doc("Report", "Contract Quality Defects").execute_script_report
	north, south = (
		frappe.db.get_value("Department", {"department_code": code}) for code in ("MARKET-N", "MARKET-S")
	)
	with acting("MG"):
		assert run({"market_department": south})[1] == run({})[1]
		assert run({"sales_person": "周敏"})[1] == run({})[1]
		assert not run({"market_department": north})[1]


# --- before sending -----------------------------------------------------------------------------------------


def test_before_sending_a_salesperson_sees_his_three_commonest_errors(clock: Clock) -> None:
	name = io_08()
	add(name, ("DQ-C03", 1), ("DQ-D03", 1), ("DQ-D01", 3))
	draft = order(ready("IO-01"))
	with acting("SP"):
		seen = api.get_own_errors("Intent Order", draft.name)
	assert [(row["code"], row["count"]) for row in seen["errors"]][:2] == [("DQ-D01", 3), ("DQ-B01", 2)]
	assert len(seen["errors"]) == 3
	assert all(row["check"] and row["name"] for row in seen["errors"])
	with acting("OA"):
		assert api.get_own_errors("Intent Order", draft.name)["errors"] == []
	clock.set("2028-01-10 09:00")
	with acting("SP"):
		assert api.get_own_errors("Intent Order", draft.name)["errors"] == []


def test_the_findings_that_still_stand_are_shown_as_well() -> None:
	name = ready("IO-08")
	with acting("SP"):
		found = own_errors.open_findings(order(name))
	assert {row["code"] for row in found} == {"PRICE_MISMATCH"}
	assert all(row["message"] for row in found)
