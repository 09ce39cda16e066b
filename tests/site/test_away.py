"""Somebody is away: what is theirs does not wait for them, and what is told to them is read by somebody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
import pytest

from order_review.api import production_configuration as production_api
from order_review.api import technical_issues as api
from order_review.constants import (
	BLIND_TRANSLATION,
	DELEGATION,
	INTENT_ORDER,
	REVIEW_TASK,
	TECHNICAL_ISSUE,
)
from order_review.demo.people import address
from order_review.exceptions import (
	IntentOrderStepError,
	ProductionEntryError,
	SelfApprovalError,
	TechnicalIssueError,
)
from order_review.services import delegations, notices, reminders, review_tasks, technical_issues
from order_review.services.production import blind_check
from order_review.services.workplace import whose
from tests.site import producing
from tests.site.producing import begun, by_the_rules, handed_to_audit, sheet_of
from tests.site.reviewing import acting, all_agree, hand_over, order, step, tasks, to_opinions
from tests.site.test_blind_check import limits
from tests.site.test_reminders import used

pytestmark = pytest.mark.usefixtures("demo_site")


def disable(code: str) -> None:
	frappe.db.set_value("User", address(code), "enabled", 0)
	frappe.clear_document_cache("User", address(code))


def colleague(code: str, name: str = "colleague") -> str:
	"""Another user with the roles of a sample user, of the same market department."""
	user = frappe.get_doc(
		{
			"doctype": "User",
			"email": f"{name}@review.localhost",
			"first_name": name,
			"send_welcome_email": 0,
			"roles": [{"role": row.role} for row in frappe.get_doc("User", address(code)).roles],
		}
	).insert(ignore_permissions=True)
	return str(user.name)


# --- a question whose raiser is away ------------------------------------------------------------------------


@pytest.fixture
def asked() -> tuple[str, str]:
	"""An order all departments agreed to, held by an answered question of the technical reviewer."""
	name = to_opinions("IO-02")
	with acting("TR"):
		issue = api.ask(INTENT_ORDER, name, {"question": "图纸号?", "blocking": 1})
	with acting("SP"):
		api.answer(issue, {"answer": "E12-310"})
	all_agree(name)
	assert order(name).status == "Under Opinions"
	return name, issue


def close(issue: str) -> None:
	api.close(issue, accept=False)


def test_the_refusal_to_return_says_what_is_really_open(asked: tuple[str, str]) -> None:
	name, issue = asked
	with pytest.raises(IntentOrderStepError, match=issue):
		step(name, "Return", "OA", "RT-DATA 资料不全")


def test_the_delegate_of_who_asked_closes_in_that_users_name(asked: tuple[str, str]) -> None:
	name, issue = asked
	hand_over("TR", "QA")
	with acting("QA"):
		assert "close" in offers(frappe.get_doc(TECHNICAL_ISSUE, issue))
		close(issue)
	event = frappe.get_doc(TECHNICAL_ISSUE, issue).events[-1]
	assert (event.to_status, event.actor, event.on_behalf_of) == ("Closed", address("QA"), address("TR"))
	assert order(name).status == "Consolidating"


def test_a_delegate_who_asks_no_questions_closes_as_well(asked: tuple[str, str]) -> None:
	"""Service reviewers have no right on questions of their own."""
	name, issue = asked
	hand_over("TR", "CS")
	with acting("CS"):
		close(issue)
	assert order(name).status == "Consolidating"


def test_the_department_closes_while_who_asked_is_away_and_not_before(asked: tuple[str, str]) -> None:
	name, issue = asked
	other = colleague("TR")
	frappe.set_user(other)
	with pytest.raises(TechnicalIssueError, match="who asked"):
		close(issue)
	frappe.set_user("Administrator")
	hand_over("TR", "QA")
	frappe.set_user(other)
	close(issue)
	frappe.set_user("Administrator")
	assert order(name).status == "Consolidating"


def test_other_departments_do_not_close_for_who_is_away(asked: tuple[str, str]) -> None:
	_name, issue = asked
	hand_over("TR", "QA")
	with acting("PM"), pytest.raises(TechnicalIssueError, match="who asked"):
		close(issue)


def test_a_configuration_that_waits_for_a_question_says_so() -> None:
	name = producing.audited(producing.handed_to_audit(begun("IO-01")))
	with acting("PM"):
		issue = technical_issues.ask("Production Configuration", name, {"question": "?", "blocking": 1})
	producing.confirmed(name)
	with pytest.raises(ProductionEntryError, match=issue):
		producing.take(name, "Release", "OA")


# --- a blind translation whose auditor is away --------------------------------------------------------------


@pytest.fixture
def begun_sheet() -> str:
	"""A configuration whose blind translation the auditor has begun."""
	limits(blind_special=1, blind_option_uses=0, blind_model_uses=1, blind_value=0)
	name = handed_to_audit(begun("IO-01"))
	with acting("AU"):
		sheet = sheet_of(name)
		sheet.lines[0].assembly_no = "1001-A"
		sheet.save()
	assert sheet_of(name).auditor == address("AU")
	return name


def test_the_supervisor_gives_a_begun_sheet_to_another_auditor(begun_sheet: str) -> None:
	other, sheet = colleague("AU"), sheet_of(begun_sheet)
	frappe.set_user(other)
	with pytest.raises(frappe.PermissionError):
		blind_check.check_open(sheet)
	with pytest.raises(ProductionEntryError, match="Order Supervisor assigns"):
		blind_check._refuse_others(sheet)
	with acting("OA"), pytest.raises(frappe.PermissionError):
		production_api.assign_blind(sheet.name, other)
	with acting("OS"):
		assert "assign" in offers(sheet)
		assert other in [row["value"] for row in production_api.blind_auditors(sheet.name)]
		production_api.assign_blind(sheet.name, other)
	frappe.set_user(other)
	document = frappe.get_doc(BLIND_TRANSLATION, sheet.name)
	assert document.lines[0].assembly_no == "1001-A", "what was filled in stays"
	document.save()
	frappe.set_user("Administrator")
	assert other in told(sheet.name)


def test_nobody_gives_a_sheet_to_the_translator_or_to_who_does_not_audit(begun_sheet: str) -> None:
	sheet = sheet_of(begun_sheet)
	frappe.get_doc("User", address("OA")).add_roles("Configuration Auditor")
	with acting("OS"):
		assert address("OA") not in [row["value"] for row in production_api.blind_auditors(sheet.name)]
		with pytest.raises(SelfApprovalError):
			production_api.assign_blind(sheet.name, address("OA"))
		with pytest.raises(ProductionEntryError, match="does not audit"):
			production_api.assign_blind(sheet.name, address("QA"))


def test_the_delegate_of_an_absent_auditor_takes_the_sheet(begun_sheet: str) -> None:
	other = colleague("AU")
	delegation = hand_over("AU", "CA")
	frappe.db.set_value(DELEGATION, delegation.name, "delegate", other)
	frappe.set_user(other)
	sheet = sheet_of(begun_sheet)
	sheet.check_permission("read")
	sheet.save()
	frappe.set_user("Administrator")
	assert sheet_of(begun_sheet).auditor == other


def test_a_delegate_without_the_auditors_role_fills_in_and_hands_in(begun_sheet: str) -> None:
	hand_over("AU", "CA")
	sheet, ruled = sheet_of(begun_sheet), by_the_rules(begun_sheet)
	lines = [
		{"slot": row.slot, "assembly_no": number, "qty": qty}
		for row in sheet.lines
		for number, qty in ruled.get(row.slot) or [("", 1)]
	]
	with acting("CA"):
		assert {"fill_in", "hand_in"} <= set(offers(sheet))
		production_api.fill_in(sheet.name, lines)
		production_api.hand_in(sheet.name)
	stored = frappe.get_doc(BLIND_TRANSLATION, sheet.name)
	assert (stored.status, stored.auditor, stored.events[-1].on_behalf_of) == (
		"Handed In",
		address("CA"),
		address("AU"),
	)


def test_the_translator_is_never_the_delegate(begun_sheet: str) -> None:
	hand_over("AU", "OA")
	with acting("OA"):
		for call in (
			lambda: production_api.fill_in(sheet_of(begun_sheet).name, []),
			lambda: production_api.hand_in(sheet_of(begun_sheet).name),
		):
			with pytest.raises(SelfApprovalError):
				call()


def offers(document: Any) -> list[str]:
	fresh = frappe.get_doc(document.doctype, document.name)
	fresh.run_method("onload")
	return list(fresh.get("__onload").offers)


# --- notices to somebody who is away ------------------------------------------------------------------------


def told(name: str, about: str | None = None) -> set[str]:
	filters = {"document_name": name, **({"subject": ["like", f"%{about}%"]} if about else {})}
	return set(frappe.get_all("Notification Log", filters, pluck="for_user"))


def forget_notices() -> None:
	frappe.db.delete("Notification Log")


def test_a_reminder_to_somebody_absent_is_read_by_the_delegate() -> None:
	task = assigned()
	hand_over("TR", "QA")
	remind(task)
	assert {address("TR"), address("QA")} <= told(task)


def test_a_reminder_to_somebody_disabled_is_read_by_who_has_the_role() -> None:
	task, other = assigned(), colleague("TR")
	disable("TR")
	remind(task)
	assert other in told(task)
	assert address("TR") not in told(task)


def test_where_nobody_has_the_role_the_supervisor_is_told() -> None:
	name = to_opinions("IO-02")
	disable("OA")
	forget_notices()
	notices.tell(order(name), [address("OA")], "来问")
	assert told(name) == {address("OS")}


def test_where_the_delegate_is_away_too_the_role_is_told() -> None:
	task, other = assigned(), colleague("TR")
	hand_over("TR", "QA")
	disable("QA")
	remind(task)
	assert other in told(task)
	assert address("QA") not in told(task)


def test_work_of_somebody_who_is_away_is_held_by_the_department() -> None:
	task, other = assigned(), colleague("TR")
	assert whose.holders(frappe.get_doc(REVIEW_TASK, task)) == [address("TR")]
	disable("TR")
	assert other in whose.holders(frappe.get_doc(REVIEW_TASK, task))


def assigned() -> str:
	"""A task of the technical department, assigned to its sample user."""
	task = tasks(to_opinions("IO-02"))["TECH"]
	with acting("OS"):
		review_tasks.assign(task, address("TR"))
	return task


def remind(task: str) -> None:
	forget_notices()
	used(REVIEW_TASK, task, 120, "received_at")
	reminders.run()


@pytest.fixture
def delegation() -> Iterator[Any]:
	return hand_over("TR", "QA")


def test_with_a_disabled_user_end_what_that_user_handed_over(delegation: Any) -> None:
	role = "Technical Reviewer"
	assert delegations.acting_for(address("QA"), role) == address("TR")
	disable("TR")
	assert delegations.acting_for(address("QA"), role) is None
	assert delegations.roles_taken(address("QA")) == {}


def test_disabling_a_user_ends_the_delegation_in_the_list_too(delegation: Any) -> None:
	user = frappe.get_doc("User", address("TR"))
	user.enabled = 0
	user.save(ignore_permissions=True)
	assert not frappe.db.get_value(DELEGATION, delegation.name, "is_active")


def test_the_supervisor_hears_that_a_delegate_is_disabled(delegation: Any) -> None:
	forget_notices()
	user = frappe.get_doc("User", address("QA"))
	user.enabled = 0
	user.save(ignore_permissions=True)
	assert address("OS") in told(delegation.name, "disabled")
