"""Two reviewers at the same moment, each on a connection of their own: one wins, nothing is lost or done twice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import frappe
import pytest

from order_review.constants import INTENT_ORDER, REVIEW_TASK
from order_review.demo.people import address
from order_review.exceptions import ReviewTaskError
from order_review.services import review_tasks
from tests.site.reviewing import AGREED, WHO, all_agree, give, order, step, tasks
from tests.site.samples import copy_of


@pytest.fixture
def name(demo_site: str) -> Iterator[str]:
	"""An order under opinions that other connections see; taken away again."""
	south = frappe.db.get_value("Department", {"department_code": "MARKET-S"})
	copy = copy_of("IO-02", market_department=south, tender_no="TB-RACE", external_id=None).insert()
	for action, code in (("Submit for Review", "SP"), ("Receive", "OA"), ("Send to Opinions", "OA")):
		step(copy.name, action, code)
	frappe.db.commit()
	yield copy.name
	frappe.db.rollback()
	told = [copy.name, *frappe.get_all(REVIEW_TASK, {"reference_name": copy.name}, pluck="name")]
	frappe.delete_doc(INTENT_ORDER, copy.name, force=True)
	for doctype, field in (("Notification Log", "document_name"), ("Comment", "reference_name")):
		frappe.db.delete(doctype, {field: ["in", told]})
	frappe.db.commit()


def at_once(site: str, *calls: tuple[str, Callable[[], Any]]) -> list[BaseException | None]:
	"""Run calls as users at the same moment, each in a transaction of its own; tells how each ended."""
	gate = threading.Barrier(len(calls))
	ends: list[BaseException | None] = [None] * len(calls)
	folder = frappe.local.sites_path

	def run(index: int, user: str, call: Callable[[], Any]) -> None:
		frappe.init(site, sites_path=folder)
		frappe.connect()
		try:
			frappe.set_user(user)
			frappe.get_roles()  # reads before the lock, as a request does: its view of the data is already fixed
			frappe.db.get_value(INTENT_ORDER, {"tender_no": "TB-RACE"}, "status")
			gate.wait(timeout=30)
			call()
			frappe.db.commit()
		except BaseException as error:
			ends[index] = error
			frappe.db.rollback()
		finally:
			frappe.destroy()

	threads = [threading.Thread(target=run, args=(i, user, call)) for i, (user, call) in enumerate(calls)]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join(timeout=60)
	frappe.db.rollback()  # see what the others committed
	return ends


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
