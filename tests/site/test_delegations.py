"""Dated substitution: a colleague answers and takes steps for somebody absent, is seen to do so, and nothing more."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.utils import add_days, today

from order_review.api import steps
from order_review.constants import DELEGATION, INTENT_ORDER, REVIEW_TASK
from order_review.demo.people import address
from order_review.exceptions import DelegationError, ReviewTaskError, SelfApprovalError
from order_review.services import delegations, guard, review_tasks
from tests.site.reviewing import (
	AGREED,
	acting,
	all_agree,
	dated,
	give,
	hand_over,
	order,
	ready,
	step,
	tasks,
	to_opinions,
	to_received,
)

pytestmark = pytest.mark.usefixtures("demo_site")


def take(name: str, action: str, code: str, reason: str | None = None) -> str:
	"""Take a step as the Desk does it."""
	with acting(code):
		return steps.take(INTENT_ORDER, name, action, str(order(name).modified), reason)


def test_a_delegate_answers_for_the_absent_reviewer_and_is_seen_to_do_so() -> None:
	name = to_opinions("IO-02")
	task = tasks(name)["TECH"]
	answer = {**AGREED["TECH"], "opinion": "Agree"}
	with acting("QA"), pytest.raises(frappe.PermissionError):
		review_tasks.answer(task, answer)
	hand_over("TR", "QA")
	with acting("QA"):
		assert frappe.get_doc(REVIEW_TASK, task).run_method("onload") is None
		review_tasks.answer(task, answer)
	stored = frappe.get_doc(REVIEW_TASK, task)
	assert (stored.user, stored.on_behalf_of) == (address("QA"), address("TR"))
	event = stored.events[-1]
	assert (event.actor, event.on_behalf_of) == (address("QA"), address("TR"))
	shown = next(row for row in review_tasks.overview(order(name)) if row["name"] == task)
	assert "acting for" in shown["user_text"]
	assert "Technical Reviewer" not in frappe.get_roles(address("QA"))
	with acting("QA"), pytest.raises(frappe.PermissionError):
		review_tasks.answer(tasks(name)["FIN"], {**AGREED["FIN"], "opinion": "Agree"})


def test_the_name_of_the_absent_goes_into_the_next_round_with_the_opinion() -> None:
	name = to_opinions("IO-02")
	hand_over("TR", "QA")
	with acting("QA"):
		review_tasks.answer(tasks(name)["TECH"], {**AGREED["TECH"], "opinion": "Agree"})
	give(name, "FIN", "Object", price_ok="Wrong", reason_code="OB-PRICE", acceptable_if="按评审价")
	step(name, "Return", "OA", "RT-OBJ 财务反对")
	for action, code in (("Submit for Review", "SP"), ("Receive", "OA"), ("Send to Opinions", "OA")):
		step(name, action, code)
	carried = frappe.get_doc(REVIEW_TASK, tasks(name)["TECH"])
	assert (carried.carried_from is not None, carried.on_behalf_of) == (True, address("TR"))


def test_a_delegate_takes_a_step_of_the_workflow_without_having_its_role() -> None:
	name = ready("IO-02")
	step(name, "Submit for Review", "SP")
	with pytest.raises((frappe.PermissionError, frappe.ValidationError)):
		take(name, "Receive", "QA")
	hand_over("OA", "QA")
	with acting("QA"):
		offered = guard.delegated_actions(order(name))
	assert {"Receive", "Veto"} <= {row["action"] for row in offered}
	assert {row["absent"] for row in offered} == {address("OA")}
	assert take(name, "Receive", "QA") == "Received"
	event = order(name).events[-1]
	assert (event.actor, event.on_behalf_of, event.to_status) == (address("QA"), address("OA"), "Received")
	with acting("QA"), pytest.raises(frappe.PermissionError):
		order(name).update({"negotiated_unit": 1}).save()


def test_a_delegate_makes_an_order_valid_with_everything_that_asks_for() -> None:
	name = to_opinions("IO-02")
	hand_over("OA", "AU")
	with pytest.raises((frappe.PermissionError, frappe.ValidationError)):
		take(name, "Make Valid", "AU")
	all_agree(name)
	assert take(name, "Make Valid", "AU") == "Valid"
	document = order(name)
	assert (document.docstatus, document.events[-1].on_behalf_of) == (1, address("OA"))


@pytest.mark.parametrize(("owner", "delegate"), [("OA", "QA"), ("QA", "QA")])
def test_neither_the_delegate_nor_the_absent_user_approves_what_either_had_a_hand_in(
	owner: str, delegate: str
) -> None:
	name = ready("IO-02", owner=address(owner))
	step(name, "Submit for Review", "SP")
	hand_over("OA", delegate)
	with pytest.raises(SelfApprovalError):
		take(name, "Receive", delegate)
	assert order(name).status == "Submitted"


def test_who_sent_the_order_to_its_opinions_gives_none_of_them_as_a_delegate() -> None:
	name = to_opinions("IO-02")
	hand_over("TR", "OA")
	with acting("OA"), pytest.raises(SelfApprovalError):
		review_tasks.answer(tasks(name)["TECH"], {**AGREED["TECH"], "opinion": "Agree"})


def test_a_submission_for_an_absent_salesperson_binds_both() -> None:
	name = ready("IO-02", owner="Administrator")
	hand_over("SP", "OA", code="OS")
	assert take(name, "Submit for Review", "OA") == "Submitted"
	with pytest.raises(SelfApprovalError):
		take(name, "Receive", "OA")
	assert {address("SP"), address("OA")} <= guard.takers(order(name))


def test_nobody_hands_on_what_was_handed_to_them_and_the_supervisor_is_told() -> None:
	name = to_opinions("IO-02")
	task, answer = tasks(name)["TECH"], {**AGREED["TECH"], "opinion": "Agree"}
	hand_over("TR", "QA")
	second = hand_over("QA", "CS")
	told = {"document_name": second.name, "for_user": address("OS")}
	assert frappe.db.exists("Notification Log", told)
	with acting("CS"), pytest.raises(frappe.PermissionError, match="cannot hand that on"):
		review_tasks.answer(task, answer)
	with acting("QA"), pytest.raises(frappe.PermissionError, match="registered as absent yourself"):
		review_tasks.answer(task, answer)
	with acting("OS"), pytest.raises(ReviewTaskError, match="cannot answer for TECH"):
		review_tasks.assign(task, address("CS"))
	with acting("OS"):
		review_tasks.assign(task, address("TR"))
	assert frappe.db.get_value(REVIEW_TASK, task, "assigned_to") == address("TR")
	with acting("TR"):
		review_tasks.answer(task, answer)


def test_a_delegate_who_is_absent_is_refused_when_the_delegation_is_made() -> None:
	hand_over("QA", "CS")
	with pytest.raises(DelegationError, match="absent as well"):
		hand_over("TR", "QA")
	hand_over("TR", "QA", from_date=10, to_date=12)


def test_only_held_roles_are_handed_over_and_only_once_at_a_time() -> None:
	with pytest.raises(DelegationError, match="does not have the role Finance Reviewer"):
		hand_over("TR", "QA", all_roles=0, roles=[{"role": "Finance Reviewer"}])
	with pytest.raises(DelegationError, match="Name the roles"):
		hand_over("TR", "QA", all_roles=0)
	hand_over("TR", "QA", all_roles=0, roles=[{"role": "Technical Reviewer"}])
	with pytest.raises(DelegationError, match="already"):
		hand_over("TR", "CS", from_date=3, to_date=5)
	hand_over("TR", "CS", from_date=4, to_date=5)


@pytest.mark.parametrize(
	("values", "said"),
	[
		({"user": address("QA")}, "own delegate"),
		({"from_date": 5}, "ends before"),
		({"from_date": -9, "to_date": -1}, "over already"),
	],
)
def test_a_delegation_that_makes_no_sense_is_refused_in_words(values: dict[str, Any], said: str) -> None:
	with pytest.raises(DelegationError, match=said):
		hand_over("TR", "QA", code="OS", **values)


@pytest.mark.parametrize("change", [{"is_active": 0}, {"to_date": -1}])
def test_a_delegation_that_is_revoked_or_over_does_nothing(change: dict[str, Any]) -> None:
	name = to_received("IO-02")
	delegation = hand_over("OA", "QA")
	assert delegations.acting_for(address("QA"), "Order Administrator") == address("OA")
	with acting("OA"):
		delegation.reload()
		delegation.update(dated(change))
		delegation.save()
	assert delegations.acting_for(address("QA"), "Order Administrator") is None
	with pytest.raises((frappe.PermissionError, frappe.ValidationError)):
		take(name, "Send to Opinions", "QA")
	later = add_days(today(), 3)
	assert delegations.acting_for(address("QA"), "Order Administrator", later) is None


def test_a_role_the_absent_user_lost_is_not_handed_over_any_more() -> None:
	hand_over("TR", "QA")
	assert delegations.acting_for(address("QA"), "Technical Reviewer") == address("TR")
	frappe.db.delete("Has Role", {"parent": address("TR"), "role": "Technical Reviewer"})
	frappe.cache.hdel("roles", address("TR"))
	try:
		assert delegations.acting_for(address("QA"), "Technical Reviewer") is None
	finally:
		frappe.cache.hdel("roles", address("TR"))


def test_nobody_helps_themselves_to_the_role_of_another() -> None:
	with pytest.raises(frappe.PermissionError, match="register this absence"):
		hand_over("TR", "QA", code="QA")
	with pytest.raises(frappe.PermissionError, match="make yourself the delegate"):
		hand_over("TR", "OS", code="OS")
	delegation = hand_over("TR", "QA", code="OS")
	for values in ({"user": address("FR")}, {"to_date": 300}, {"delegate": address("SP")}):
		with acting("QA"), pytest.raises((frappe.PermissionError, frappe.ValidationError)):
			frappe.get_doc(DELEGATION, delegation.name).update(dated(values)).save()
	with acting("TR"), pytest.raises((frappe.PermissionError, DelegationError)):
		frappe.delete_doc(DELEGATION, delegation.name)


def test_the_supervisor_assigns_opinions_and_nobody_else_does() -> None:
	name = to_opinions("IO-02")
	task = tasks(name)["TECH"]
	with acting("OA"), pytest.raises(frappe.PermissionError):
		review_tasks.assign(task, address("TR"))
	hand_over("TR", "QA")
	with acting("OS"):
		review_tasks.assign(task, address("QA"))
	assert frappe.db.exists("Notification Log", {"document_name": task, "for_user": address("QA")})
