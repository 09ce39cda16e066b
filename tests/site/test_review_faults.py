"""When the database or an administrator gets in the way of a review: nothing is lost, nothing is done twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import frappe
import pytest
from frappe.model import workflow
from frappe.model.meta import Meta

from order_review.api import review_tasks as api
from order_review.api import steps
from order_review.constants import INTENT_ORDER, REVIEW_SETTINGS, REVIEW_TASK
from order_review.demo.people import address
from order_review.exceptions import BusyError, RoutingError, StatusChangeError
from order_review.services import review_tasks
from order_review.services.opinion_routing import asked
from order_review.services.retry import TRIES, with_retry
from tests.site.committed import at_once, committed_orders
from tests.site.reviewing import AGREED, acting, all_agree, order, step, tasks, to_received

pytestmark = pytest.mark.usefixtures("demo_site")


def breaking(times: int, function: Callable[..., Any]) -> tuple[Callable[..., Any], list[int]]:
	"""The function, broken off by the database after its work, so many times; and a list of the calls."""
	calls: list[int] = []

	def broken(*args: Any, **kwargs: Any) -> Any:
		calls.append(len(calls) + 1)
		result = function(*args, **kwargs)
		if len(calls) <= times:
			raise frappe.QueryDeadlockError("Deadlock found when trying to get lock")
		return result

	return broken, calls


def test_an_answer_the_database_breaks_off_twice_is_given_once(
	demo_site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
	with committed_orders("Under Opinions") as (name,):
		task = tasks(name)["TECH"]
		broken, calls = breaking(2, review_tasks.join)
		monkeypatch.setattr(review_tasks, "join", broken)
		with acting("TR"):
			assert api.answer(task, {**AGREED["TECH"], "opinion": "Agree"}) == "Under Opinions"
		frappe.db.commit()
		assert calls == [1, 2, 3]
		stored = frappe.get_doc(REVIEW_TASK, task)
		assert [row.to_status for row in stored.events] == ["Open", "Answered"]


def test_after_the_third_time_the_user_is_told_and_nothing_is_changed(
	demo_site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
	with committed_orders("Under Opinions") as (name,):
		task = tasks(name)["TECH"]
		broken, calls = breaking(TRIES, review_tasks.join)
		monkeypatch.setattr(review_tasks, "join", broken)
		with acting("TR"), pytest.raises(BusyError, match="Nothing was changed; try again"):
			api.answer(task, {**AGREED["TECH"], "opinion": "Agree"})
		assert len(calls) == TRIES
		assert frappe.db.get_value(REVIEW_TASK, task, ["status", "opinion"]) in (("Open", None), ("Open", ""))


def test_a_step_the_database_breaks_off_is_taken_once(
	demo_site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
	with committed_orders("Submitted") as (name,):
		broken, calls = breaking(1, steps.apply_workflow)
		monkeypatch.setattr(steps, "apply_workflow", broken)
		with acting("OA"):
			assert steps.take(INTENT_ORDER, name, "Receive", str(order(name).modified)) == "Received"
		frappe.db.commit()
		assert calls == [1, 2]
		assert [row.to_status for row in order(name).events].count("Received") == 1


def test_a_step_from_the_forms_menu_is_tried_again_as_well(
	demo_site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
	(served,) = frappe.get_hooks("override_whitelisted_methods")["frappe.model.workflow.apply_workflow"]
	with committed_orders("Submitted") as (name,):
		broken, calls = breaking(1, workflow.apply_workflow)
		monkeypatch.setattr(workflow, "apply_workflow", broken)
		with acting("OA"):
			assert frappe.get_attr(served)(order(name).as_json(), "Receive").status == "Received"
		frappe.db.commit()
		assert calls == [1, 2]
		assert [row.to_status for row in order(name).events].count("Received") == 1


def test_two_requests_that_lock_the_same_orders_crosswise_both_come_through(demo_site: str) -> None:
	with committed_orders("Draft", copies=2) as (first, second):
		both_hold_one = threading.Barrier(2)
		tries: list[str] = []

		def crosswise(here: str, there: str) -> Callable[[], None]:
			@with_retry
			def call() -> None:
				tries.append(here)
				title = frappe.db.get_value(INTENT_ORDER, here, "title", for_update=True)
				if len(tries) <= 2:
					both_hold_one.wait(timeout=20)
				frappe.db.get_value(INTENT_ORDER, there, "title", for_update=True)
				frappe.db.set_value(INTENT_ORDER, here, "title", f"{title} +", update_modified=False)

			return call

		titles = {name: order(name).title for name in (first, second)}
		calls = ((address("OA"), crosswise(first, second)), (address("OS"), crosswise(second, first)))
		assert at_once(frappe.local.site, *calls) == [None, None]
		assert len(tries) == 3
		assert {name: order(name).title for name in titles} == {n: f"{t} +" for n, t in titles.items()}


def test_of_two_administrators_who_make_an_order_valid_at_once_one_does(demo_site: str) -> None:
	with committed_orders("Under Opinions") as (name,):
		all_agree(name)
		frappe.db.commit()
		modified = str(order(name).modified)

		def valid() -> None:
			steps.take(INTENT_ORDER, name, "Make Valid", modified)

		ends = at_once(frappe.local.site, (address("OA"), valid), (address("OS"), valid))
		refused = [end for end in ends if end is not None]
		assert len(refused) == 1, ends
		assert isinstance(refused[0], (frappe.TimestampMismatchError, StatusChangeError, BusyError)), ends
		document = order(name)
		assert (document.status, document.docstatus) == ("Valid", 1)
		assert [row.to_status for row in document.events].count("Valid") == 1


def test_an_early_return_beside_an_answer_leaves_no_task_open_and_no_answer_half(demo_site: str) -> None:
	with committed_orders("Under Opinions") as (name,):
		asked_now = tasks(name)
		with acting("FR"):
			values = {"price_ok": "Wrong", "reason_code": "OB-PRICE", "acceptable_if": "按评审价"}
			review_tasks.answer(asked_now["FIN"], {**AGREED["FIN"], **values, "opinion": "Object"})
		frappe.db.commit()
		modified = str(order(name).modified)
		early = lambda: steps.take(INTENT_ORDER, name, "Return", modified, "RT-OBJ 财务反对")  # noqa: E731
		late = lambda: api.answer(asked_now["TECH"], {**AGREED["TECH"], "opinion": "Agree"})  # noqa: E731
		ends = at_once(frappe.local.site, (address("OA"), early), (address("TR"), late))
		assert ends[0] is None, ends
		assert order(name).status == "Returned"
		assert tasks(name, status="Open") == {}
		technical = frappe.get_doc(REVIEW_TASK, asked_now["TECH"])
		assert (technical.status, technical.opinion or None) == (
			("Answered", "Agree") if ends[1] is None else ("Cancelled", None)
		)


def route(department: str, condition: str) -> None:
	"""Write a condition as it stood before a field was taken away: no form checks it any more."""
	row = next(
		row
		for row in frappe.get_single(REVIEW_SETTINGS).opinion_routing
		if (row.process_name, row.department) == ("intent", department)
	)
	frappe.db.set_value("Opinion Routing", row.name, "condition", condition)
	frappe.clear_document_cache(REVIEW_SETTINGS, REVIEW_SETTINGS)


def test_an_administrator_routes_by_a_field_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
	name = to_received("IO-02")
	urgent = frappe._dict(fieldname="is_urgent", fieldtype="Check")
	monkeypatch.setattr(Meta, "get_custom_fields", lambda self: [urgent])
	route("QA", "is_urgent and qty >= 2")
	document = order(name)
	assert "QA" not in {one.department for one in asked(document)}
	document.is_urgent = 1
	assert "QA" in {one.department for one in asked(document)}


def test_a_condition_on_a_field_that_was_removed_keeps_the_order_and_names_the_row() -> None:
	name = to_received("IO-02")
	route("QA", "is_urgent and qty >= 2")
	with pytest.raises(RoutingError, match=r"row \d+ \(QA\).*is_urgent is not known"):
		step(name, "Send to Opinions", "OA")
	assert order(name).status == "Received"
	assert not frappe.db.exists(REVIEW_TASK, {"reference_name": name})
	with acting("OA"), pytest.raises(RoutingError, match="is_urgent is not known"):
		api.preview(name)


@pytest.mark.parametrize(
	("process", "flag"),
	[
		("intent", "nonstandard_warranty"),
		("contract", "config_differs_from_intent"),
		("order_entry", "qty"),
		("change", "after_F2"),
		("cancel", "after_F1"),
	],
)
def test_each_process_is_routed_by_what_its_documents_tell(process: str, flag: str) -> None:
	with acting("OS"):
		assert flag in api.routing_fields(process)
	settings = frappe.get_doc(REVIEW_SETTINGS)
	row = next(row for row in settings.opinion_routing if row.process_name == process)
	row.condition = f"not {flag}" if flag != "qty" else "qty >= 3"
	settings.flags.ignore_mandatory = True
	settings.save()
	row.condition = "has_ufo"
	with pytest.raises(RoutingError, match=f"row {row.idx} .*has_ufo is not known"):
		settings.save()
