"""Two reviewers at the same moment, each on a connection of their own: one wins, nothing is lost or done twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import frappe
import pytest

from order_review.constants import DELIVERY_COMMITMENT, INTENT_ORDER, REVIEW_TASK
from order_review.demo.people import address
from order_review.exceptions import ReviewTaskError, TechnicalIssueError
from order_review.services import delivery_commitment, review_tasks, technical_issues
from tests.site.committed import at_once, committed_orders, meanwhile
from tests.site.reviewing import AGREED, WHO, acting, all_agree, give, order, step, tasks

QUESTION = {"kind": "Technical", "blocking": 1, "family": "ENG", "question": "排气口与行李舱干涉,如何处理?"}


@pytest.fixture
def name(demo_site: str) -> Iterator[str]:
	"""An order under opinions that other connections see; taken away again."""
	with committed_orders("Under Opinions") as (name,):
		yield name


def answering(
	task: str, department: str, opinion: str = "Agree", **values: Any
) -> tuple[str, Callable[[], Any]]:
	given = {**AGREED.get(department, {}), "opinion": opinion, **values}
	return address(WHO[department]), lambda: review_tasks.answer(task, given)


def test_of_two_answers_to_one_task_the_first_counts_and_the_second_is_told(name: str) -> None:
	task = tasks(name)["TECH"]
	objection = {"verdict_feasible": "No", "reason_code": "OB-FEAS", "acceptable_if": "x"}
	ends = at_once(frappe.local.site, answering(task, "TECH"), answering(task, "TECH", "Object", **objection))
	refused = [end for end in ends if end is not None]
	assert len(refused) == 1, ends
	assert isinstance(refused[0], ReviewTaskError)
	assert "no longer open" in str(refused[0])
	stored = frappe.get_doc(REVIEW_TASK, task)
	assert [row.to_status for row in stored.events] == ["Open", "Answered"]
	assert stored.opinion == ("Agree" if ends[0] is None else "Object")


def test_the_last_two_answers_at_once_join_the_round_exactly_once(name: str) -> None:
	all_agree(name, "FIN", "PLAN")
	frappe.db.commit()
	asked = tasks(name, status="Open")
	ends = at_once(frappe.local.site, *(answering(asked[code], code) for code in ("FIN", "PLAN")))
	assert ends == [None, None]
	document = order(name)
	assert document.status == "Consolidating"
	assert [row.to_status for row in document.events].count("Consolidating") == 1


def test_a_withdrawal_beside_the_last_answer_leaves_no_round_joined_with_an_open_task(name: str) -> None:
	all_agree(name, "FIN")
	frappe.db.commit()
	technical, finance = tasks(name)["TECH"], tasks(name, status="Open")["FIN"]
	withdrawal = (address("TR"), lambda: review_tasks.withdraw(technical, "图纸有误"))
	ends = at_once(frappe.local.site, withdrawal, answering(finance, "FIN"))
	assert ends[1] is None
	still_open = tasks(name, status="Open")
	assert order(name).status == ("Under Opinions" if ends[0] is None else "Consolidating")
	assert set(still_open) == ({"TECH"} if ends[0] is None else set())
	if still_open:
		assert give(name, "TECH") == "Consolidating"
		frappe.db.commit()


def test_the_last_answer_sees_a_blocking_issue_that_was_raised_while_it_was_on_its_way(name: str) -> None:
	all_agree(name, "FIN")
	frappe.db.commit()
	assert order(name).status == "Under Opinions"  # the view of the data is fixed from here on
	meanwhile(address("TR"), lambda: technical_issues.ask(INTENT_ORDER, name, QUESTION))
	assert give(name, "FIN") == "Under Opinions"
	frappe.db.commit()


def test_nothing_is_asked_of_an_order_that_was_vetoed_while_the_question_was_written(name: str) -> None:
	assert order(name).status == "Under Opinions"  # the view of the data is fixed from here on
	meanwhile(address("OA"), lambda: step(name, "Veto", "OA", "VT-BUILD 无法制造"))
	with acting("TR"), pytest.raises(TechnicalIssueError, match="not under review"):
		technical_issues.ask(INTENT_ORDER, name, QUESTION)


def test_the_last_answer_sees_that_the_question_was_closed_while_it_was_on_its_way(name: str) -> None:
	with acting("TR"):
		issue = technical_issues.ask(INTENT_ORDER, name, QUESTION)
	all_agree(name, "FIN")
	frappe.db.commit()
	assert order(name).status == "Under Opinions"  # the view of the data is fixed from here on
	meanwhile(address("TR"), lambda: technical_issues.close(issue, accept=False, reason="图纸已说明"))
	assert give(name, "FIN") == "Consolidating"
	frappe.db.commit()


def test_clocks_run_on_when_two_questions_are_answered_at_once(name: str) -> None:
	issues = []
	for code in ("TR", "QA"):
		with acting(code):
			issues.append(technical_issues.ask(INTENT_ORDER, name, QUESTION))
	frappe.db.commit()
	assert order(name).status == "Under Opinions"  # the view of the data is fixed from here on
	meanwhile(address("SP"), lambda: technical_issues.answer(issues[1], {"answer": "3 mm"}))
	with acting("SP"):
		technical_issues.answer(issues[0], {"answer": "相容"})
	frappe.db.commit()
	assert not frappe.db.get_value(REVIEW_TASK, tasks(name)["TECH"], "paused_since")


def test_a_delivery_date_asked_for_meanwhile_is_not_asked_for_again(name: str) -> None:
	assert order(name).status == "Under Opinions"  # the view of the data is fixed from here on
	meanwhile(address("OA"), lambda: delivery_commitment.request(INTENT_ORDER, name))
	with acting("OA"):
		delivery_commitment.request(INTENT_ORDER, name)
	frappe.db.commit()
	assert frappe.db.count(DELIVERY_COMMITMENT, {"reference_name": name}) == 1
