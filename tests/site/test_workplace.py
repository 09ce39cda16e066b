"""The Workplace: who sees which open work in which order, steps for many at once, and what it does not tell."""

from __future__ import annotations

import json
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, add_to_date, now_datetime, today

from order_review.api import workplace as api
from order_review.constants import INTENT_ORDER, REVIEW_SETTINGS, REVIEW_TASK, SPECIAL_REQUEST
from order_review.demo.people import address
from order_review.exceptions import WorkplaceError
from order_review.services import assigned_tasks
from order_review.services.workplace import bulk, panes, task_sheet
from order_review.services.workplace.work import Worklist
from tests.site import contracting, producing
from tests.site.reviewing import acting, all_agree, order, ready, step, tasks, to_opinions, to_received

pytestmark = pytest.mark.usefixtures("demo_site")


def work(code: str, **filters: Any) -> list[dict[str, Any]]:
	"""The first page of open work as a role sees it."""
	with acting(code):
		return Worklist(filters).rows(length=500)


def about(rows: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
	"""Rows about a document."""
	return [row for row in rows if row["document"] == name]


def submitted(sample: str) -> str:
	name = ready(sample)
	step(name, "Submit for Review", "SP")
	return name


def second_administrator() -> str:
	"""Another order administrator."""
	user = frappe.get_doc(
		{
			"doctype": "User",
			"email": "oa2@example.com",
			"first_name": "Second",
			"send_welcome_email": 0,
			"roles": [{"role": "Order Administrator"}],
		}
	)
	return str(user.insert(ignore_permissions=True).name)


def administrators(*rows: tuple[str, str]) -> None:
	"""Settings that name order administrators of market departments."""
	settings = frappe.get_doc(REVIEW_SETTINGS)
	settings.set(
		"administrators",
		[{"market_department": department, "administrator": user} for department, user in rows],
	)
	settings.flags.ignore_mandatory = True
	settings.save(ignore_permissions=True)


# --- who sees what ------------------------------------------------------------------------------------------


def test_a_submitted_order_waits_for_an_order_administrator_with_its_clock() -> None:
	name = submitted("IO-01")
	(row,) = about(work("OA", view="mine"), name)
	assert (row["doctype"], row["stage"], row["side"]) == (INTENT_ORDER, "Submitted", "ours")
	assert row["customer"] == "江南旅运集团有限公司(示例)"
	assert row["hours_used"] is not None
	assert not about(work("TR", view="mine"), name)


def test_what_somebody_received_is_theirs_alone() -> None:
	name = to_received("IO-01")
	other = second_administrator()
	assert about(work("OA", view="mine"), name)
	frappe.set_user(other)
	assert not about(Worklist({"view": "mine"}).rows(), name)
	assert about(Worklist().rows(length=500), name)[0]["holder"] == frappe.db.get_value(
		"User", address("OA"), "full_name"
	)


def test_each_department_finds_its_own_tasks_and_the_monitor_all_of_them() -> None:
	name = to_opinions("IO-02")
	departments = set(tasks(name, status="Open"))
	assert {row["department"] for row in about(work("TR", view="mine"), name)} == {"TECH"}
	assert {row["department"] for row in about(work("FR", view="mine"), name)} == {"FIN"}
	assert {row["department"] for row in about(work("OA", kind=REVIEW_TASK), name)} == departments
	assert not about(work("OA", view="mine"), name)


def test_what_is_answered_closed_or_still_a_draft_is_no_open_work() -> None:
	draft = ready("IO-01")
	name = to_opinions("IO-02")
	all_agree(name)
	assert not about(work("OS"), draft)
	assert not [row for row in about(work("OS"), name) if row["doctype"] == REVIEW_TASK]
	assert [row["stage"] for row in about(work("OA", view="mine"), name)] == ["Consolidating"]


def test_the_most_urgent_comes_first_and_what_has_no_due_time_last() -> None:
	first, second, third = submitted("IO-01"), submitted("IO-02"), submitted("IO-03")
	now = now_datetime()
	frappe.db.set_value(INTENT_ORDER, first, "due_at", None)
	frappe.db.set_value(INTENT_ORDER, second, "due_at", add_to_date(now, hours=5))
	frappe.db.set_value(INTENT_ORDER, third, "due_at", add_to_date(now, days=-40))
	names = [row["name"] for row in work("OA", view="mine", kind=INTENT_ORDER)]
	assert sorted((first, second, third), key=names.index) == [third, second, first]
	pages = []
	with acting("OA"):
		for start in range(3):
			pages += Worklist({"view": "mine", "kind": INTENT_ORDER}).rows(start, 1)
	assert [row["name"] for row in pages] == names[:3]


def test_overdue_is_said_in_working_hours_and_counted() -> None:
	name = to_opinions("IO-02")
	task = tasks(name, status="Open")["TECH"]
	frappe.db.set_value(
		REVIEW_TASK,
		task,
		{"due_at": add_days(now_datetime(), -7), "received_at": add_days(now_datetime(), -14)},
	)
	(row,) = about(work("TR", view="mine", due="overdue"), name)
	assert row["is_overdue"]
	assert row["hours_over"] >= 24  # a week holds at least three working days, whatever the holidays
	assert row["hours_used"] > row["hours_allowed"]
	with acting("TR"):
		total = Worklist({"view": "mine", "text": name}).total()
	assert (total.number, total.overdue) == (1, 1)
	assert not about(work("FR", view="mine", due="overdue"), name)


def test_a_salesperson_sees_the_own_market_department_only() -> None:
	own, held, judged = to_opinions("IO-01"), to_received("IO-03"), to_opinions("IO-02")
	north = frappe.db.get_value("Department", {"department_code": "MARKET-N"})
	for foreign in (held, judged):
		frappe.db.set_value(INTENT_ORDER, foreign, "market_department", north)
	for code in ("SP", "MM"):
		assert about(work(code), own)
		for foreign in (held, judged):
			assert not about(work(code), foreign)
			assert not about(work(code, market_department=north), foreign)
			assert not about(work(code, text=foreign), foreign)


def test_a_returned_order_is_the_salespersons_and_the_ball_is_theirs() -> None:
	name = to_received("IO-01")
	step(name, "Return", "OA", "RT-PRICE 单价写错")
	(row,) = about(work("SP", view="mine"), name)
	assert (row["stage"], row["side"]) == ("Returned", "dealer")
	assert about(work("OA", side="dealer"), name)
	assert not about(work("OA", side="ours"), name)


@pytest.mark.parametrize("code", ["DL", "KM", "IC"])
def test_who_reads_no_review_tasks_is_refused(code: str) -> None:
	with acting(code):
		for call in (api.get_work, api.get_total, api.get_choices, api.get_number, panes.counts):
			with pytest.raises(frappe.PermissionError):
				call()


def test_filters_are_bound_never_pasted() -> None:
	name = submitted("IO-01")
	for text in ("' or '1'='1", '"; drop table `tabUser`; --', "%", "_", "\\"):
		assert not work("OA", text=text)
		assert not work("OA", customer=text)
	assert about(work("OA", text=name[-5:]), name)


def test_the_load_counts_what_the_list_shows() -> None:
	to_opinions("IO-02")
	submitted("IO-01")
	with acting("OS"):
		worklist = Worklist()
		load = worklist.load()
		assert (
			sum(entry["number"] for entry in load)
			== worklist.total().number
			== len(worklist.rows(length=500))
		)
	assert {"TECH", "Submitted"} <= {entry["key"] for entry in load}


def test_who_stands_in_for_a_reviewer_finds_the_reviewers_work() -> None:
	name = to_opinions("IO-02")
	assert not about(work("QA", view="mine"), name)
	frappe.get_doc(
		{
			"doctype": "Delegation",
			"user": address("TR"),
			"delegate": address("QA"),
			"from_date": today(),
			"to_date": add_days(today(), 2),
			"all_roles": 1,
			"is_active": 1,
			"reason": "出差",
		}
	).insert(ignore_permissions=True)
	assert {row["department"] for row in about(work("QA", view="mine"), name)} == {"TECH"}


# --- what it does not tell ----------------------------------------------------------------------------------

LEVEL_WORDS = ("Price Committee", "价格委员会", "BELOW_FLOOR", "floor", "L4", "底价", "approval_level")


def in_price_approval() -> str:
	"""An order far below its floor, which waits for the price committee."""
	name = to_opinions("IO-01", negotiated_unit=700_000)
	all_agree(name)
	step(name, "Send to Price Approval", "OA")
	return name


def test_sales_reads_that_a_price_waits_and_not_for_whom() -> None:
	name = in_price_approval()
	(row,) = about(work("SP", kind=INTENT_ORDER), name)
	assert row["stage"] == "Price Approval"
	told = json.dumps(row, default=str, ensure_ascii=False)
	assert not [word for word in LEVEL_WORDS if word in told]
	(seen,) = about(work("OS", kind=INTENT_ORDER), name)
	assert seen["holder"] in ("Price Committee", "价格委员会")


def test_a_price_waits_for_the_role_of_its_level_alone() -> None:
	name = in_price_approval()
	assert about(work("PC", view="mine"), name)
	for code in ("MM", "SM", "VP"):
		assert not about(work(code, view="mine"), name)


@pytest.mark.parametrize("code", ["SP", "TR", "PL"])
def test_the_sheet_of_a_task_tells_no_floor_to_those_who_may_not_know_it(code: str) -> None:
	name = to_opinions("IO-01", negotiated_unit=700_000)
	with acting(code):
		told = json.dumps(task_sheet.sheet(tasks(name)["FIN"]), default=str, ensure_ascii=False)
	assert not [word for word in (*LEVEL_WORDS, "floor_price", "825200", "825,200") if word in told]


def test_the_sheet_shows_a_department_what_it_judges() -> None:
	name = to_opinions("IO-02")
	with acting("TR"):
		technical = task_sheet.sheet(tasks(name)["TECH"])
	with acting("FR"):
		finance = task_sheet.sheet(tasks(name)["FIN"])
	assert technical["options"]
	assert not technical["figures"]
	assert finance["figures"]
	assert {row["department"] for row in technical["opinions"]} == set(tasks(name)) - {"TECH"}


def test_a_salesperson_opens_no_sheet_of_a_foreign_order() -> None:
	name = to_opinions("IO-02")
	north = frappe.db.get_value("Department", {"department_code": "MARKET-N"})
	frappe.db.set_value(INTENT_ORDER, name, "market_department", north)
	with acting("SP"), pytest.raises(frappe.PermissionError):
		api.get_task_sheet(tasks(name)["TECH"])


# --- steps for many -----------------------------------------------------------------------------------------


def test_receiving_many_tells_each_result_and_loses_nothing() -> None:
	good, draft, late = submitted("IO-01"), ready("IO-02"), to_received("IO-03")
	also_good = submitted("IO-06")
	with acting("OA"):
		results = {row["name"]: row for row in api.receive([good, draft, late, "IO-0000-00000", also_good])}
	assert {name for name, row in results.items() if row["done"]} == {good, also_good}
	assert (order(good).status, order(good).owner_oa) == ("Received", address("OA"))
	assert (order(draft).status, order(also_good).status) == ("Draft", "Received")
	assert all(results[name]["message"] for name in (draft, late, "IO-0000-00000"))
	assert not frappe.local.message_log


def test_a_step_that_breaks_midway_leaves_its_order_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
	good, broken = submitted("IO-01"), submitted("IO-02")
	applied = bulk.apply_workflow

	def apply(document: Any, action: str) -> Any:
		found = applied(document, action)
		if document.name == broken:
			raise RuntimeError("the disk is full at /var/secret")
		return found

	monkeypatch.setattr(bulk, "apply_workflow", apply)
	with acting("OA"):
		results = {row["name"]: row for row in bulk.receive([broken, good])}
	assert (order(broken).status, order(good).status) == ("Submitted", "Received")
	assert not results[broken]["done"]
	assert "/var/secret" not in results[broken]["message"]


def test_a_deadlock_ends_the_whole_call_so_that_it_can_begin_again(monkeypatch: pytest.MonkeyPatch) -> None:
	name = submitted("IO-01")

	def deadlock(*_given: Any) -> None:
		raise frappe.QueryDeadlockError

	monkeypatch.setattr(bulk, "apply_workflow", deadlock)
	with acting("OA"), pytest.raises(frappe.QueryDeadlockError):
		bulk.receive([name])


@pytest.mark.parametrize("code", ["SP", "TR", "SM", "VP"])
def test_only_administrators_and_supervisors_receive_many(code: str) -> None:
	name = submitted("IO-01")
	with acting(code), pytest.raises(frappe.PermissionError):
		api.receive([name])
	assert order(name).status == "Submitted"


def test_contracts_are_open_work_and_are_received_alike() -> None:
	name = contracting.made(contracting.valid("IO-01"))
	contracting.take(name, "Submit for Review", "SP")
	assert [row["stage"] for row in about(work("OA", view="mine"), name)] == ["Submitted"]
	with acting("OA"):
		(result,) = api.receive([name], "Sales Contract")
	assert result["done"], result["message"]
	assert contracting.contract(name).status == "Received"


def test_what_is_no_order_or_contract_is_not_received() -> None:
	with acting("OA"), pytest.raises(WorkplaceError):
		api.receive(["SPC-2026-0044"], SPECIAL_REQUEST)


def test_too_many_at_once_are_refused_whole() -> None:
	with acting("OA"), pytest.raises(WorkplaceError, match=str(bulk.MOST)):
		api.receive([f"IO-{number}" for number in range(bulk.MOST + 1)])


def test_the_supervisor_assigns_and_the_administrator_does_not() -> None:
	name, draft, other = submitted("IO-01"), ready("IO-02"), second_administrator()
	with acting("OA"), pytest.raises(frappe.PermissionError):
		api.assign([name], other)
	with acting("OS"):
		results = {row["name"]: row["done"] for row in api.assign([name, draft], other)}
		(refused,) = api.assign([name], address("TR"))
	assert results == {name: True, draft: False}
	assert not refused["done"]
	assert (order(name).owner_oa, order(name).status) == (other, "Submitted")
	assert frappe.db.exists("Notification Log", {"for_user": other, "document_name": name})
	assert not about(work("OA", view="mine"), name)


def test_orders_go_to_the_administrator_of_their_market_department_by_load() -> None:
	other = second_administrator()
	south = frappe.db.get_value("Department", {"department_code": "MARKET-S"})
	administrators((south, address("OA")), (south, other))
	owners = [order(submitted(sample)).owner_oa for sample in ("IO-01", "IO-02", "IO-03")]
	assert set(owners[:2]) == {address("OA"), other}
	frappe.db.set_value("User", other, "enabled", 0)
	assert order(submitted("IO-06")).owner_oa == address("OA")


def test_without_a_named_administrator_an_order_waits_for_any() -> None:
	administrators()
	name = submitted("IO-01")
	assert not order(name).owner_oa
	assert about(work("OA", view="mine"), name)


def test_a_reminder_tells_the_department_once_an_hour_and_answers_for_nobody() -> None:
	name = to_opinions("IO-02")
	task = tasks(name)["TECH"]
	frappe.db.delete("Notification Log", {"document_name": task})
	with acting("OA"):
		(first,) = api.remind([[REVIEW_TASK, task]], "请今天答复")
		(again,) = api.remind([[REVIEW_TASK, task]])
	assert (first["done"], again["done"]) == (True, False)
	told = frappe.get_all("Notification Log", {"document_name": task}, pluck="for_user")
	assert told == [address("TR")]
	assert frappe.db.get_value(REVIEW_TASK, task, "status") == "Open"


def test_an_escalation_goes_up_with_its_reason() -> None:
	task = tasks(to_opinions("IO-02"))["TECH"]
	frappe.db.delete("Notification Log", {"document_name": task})
	with acting("OA"):
		with pytest.raises(WorkplaceError):
			api.remind([[REVIEW_TASK, task]], " ", True)
		api.remind([[REVIEW_TASK, task]], "客户周五来厂", True)
	with acting("OS"):
		api.remind([[REVIEW_TASK, task]], "仍无答复", True)
	told = frappe.get_all("Notification Log", {"document_name": task}, pluck="for_user")
	assert set(told) == {address("OS"), address("SM")}


@pytest.mark.parametrize("code", ["SP", "TR", "VP"])
def test_others_remind_nobody(code: str) -> None:
	task = tasks(to_opinions("IO-02"))["FIN"]
	with acting(code), pytest.raises(frappe.PermissionError):
		api.remind([[REVIEW_TASK, task]])


def test_only_open_work_is_reminded_of() -> None:
	name = to_opinions("IO-02")
	answered = tasks(name)["FIN"]
	all_agree(name)
	with acting("OA"):
		results = api.remind([[REVIEW_TASK, answered], ["User", "Administrator"]])
	assert [row["done"] for row in results] == [False, False]


# --- panes and cards ---------------------------------------------------------------------------------------


def test_specials_that_wait_for_a_price_are_listed_until_they_have_one() -> None:
	with acting("OA"):
		listed = panes.rows("specials")
	names = [row.name for row in listed["rows"]]
	assert "SPC-2026-0044" in names
	assert "SPC-2026-0039" not in names
	frappe.db.set_value(SPECIAL_REQUEST, "SPC-2026-0044", "status", "Priced")
	with acting("OA"):
		assert "SPC-2026-0044" not in [row.name for row in panes.rows("specials")["rows"]]


def test_orders_about_to_expire_are_listed_by_day() -> None:
	soon, later = ready("IO-01"), ready("IO-02")
	frappe.db.set_value(INTENT_ORDER, soon, {"status": "Valid", "valid_until": add_days(today(), 3)})
	frappe.db.set_value(INTENT_ORDER, later, {"status": "Valid", "valid_until": add_days(today(), 20)})
	with acting("OA"):
		week = [row.name for row in panes.rows("expiring", 7)["rows"]]
		month = [row.name for row in panes.rows("expiring", 30)["rows"]]
	assert soon in week
	assert later not in week
	assert {soon, later} <= set(month)


def test_an_assigned_task_is_listed_for_who_has_to_do_it_and_who_gave_it_until_it_is_done() -> None:
	name = ready("IO-01")
	with acting("OS"):
		task = assigned_tasks.assign(
			order(name), address("OA"), "核对 <b>开票</b> & 税号", add_days(today(), 2)
		)
	for code, is_listed in (("OA", True), ("OS", True), ("TR", False)):
		with acting(code):
			rows = {row.name: row for row in panes.rows("tasks")["rows"]}
			assert (task in rows) is is_listed
			if is_listed:
				assert (rows[task].reference_doctype, rows[task].reference_name) == (INTENT_ORDER, name)
				assert rows[task].description == "核对 <b>开票</b> & 税号"
	with acting("OA"):
		done = frappe.get_doc("ToDo", task)
		done.update({"status": "Closed", "task_result": "税号有误,已更正。"})
		done.save()
		assert task not in [row.name for row in panes.rows("tasks")["rows"]]


def test_a_pane_is_for_those_who_read_its_documents() -> None:
	with acting("PL"):
		assert "specials" not in {pane["key"] for pane in panes.counts()}
		with pytest.raises(frappe.PermissionError):
			panes.rows("specials")
	with acting("OA"), pytest.raises(WorkplaceError):
		panes.rows("tabUser")


def test_a_number_card_counts_the_users_own_work_and_leads_to_it() -> None:
	name = to_opinions("IO-02")
	with acting("TR"):
		card = api.get_number('{"view": "mine"}')
		assert card["value"] == len(Worklist({"view": "mine"}).rows(length=500)) >= 1
	assert card["route"] == ["review-monitor"]
	assert about(work("TR", view="mine"), name)


# --- contracts and order entry ------------------------------------------------------------------------------


def holders(rows: list[dict[str, Any]], name: str) -> list[tuple[str, str]]:
	return [(row["doctype"], row["stage"]) for row in about(rows, name)]


def test_a_contract_whose_opinions_are_all_given_waits_for_its_order_administrator() -> None:
	name = contracting.received(contracting.made(contracting.valid("IO-01")))
	contracting.take(name, "Send to Opinions", "OA")
	assert ("Sales Contract", "Under Opinions") not in holders(work("OA", view="mine"), name)
	for department in contracting.asked(name):
		contracting.give(name, department)
	assert holders(work("OA", view="mine"), name) == [("Sales Contract", "Under Opinions")]


def test_an_audit_waits_for_the_auditor_and_a_confirmed_version_for_its_release() -> None:
	name = producing.not_drawn(producing.handed_to_audit(producing.begun("IO-01")))
	kind = "Production Configuration"
	assert holders(work("AU", view="mine"), name) == [(kind, "Auditing")]
	assert not about(work("OA", view="mine"), name)  # who translated does not audit
	producing.audited(name)
	assert not about(work("OA", view="mine"), name)
	producing.confirmed(name)
	assert holders(work("OA", view="mine"), name) == [(kind, "Department Confirmation")]


def test_of_a_version_that_was_drawn_the_auditor_finds_the_blind_sheet() -> None:
	name = producing.handed_to_audit(producing.begun("IO-01"))
	frappe.db.set_value("Production Configuration", name, "blind_state", "Drawn")
	sheet = frappe.db.get_value("Blind Translation", {"production_configuration": name})
	if not sheet:
		values = {"doctype": "Blind Translation", "production_configuration": name, "status": "Open"}
		sheet = frappe.get_doc({**values, "name": "BT-TEST"})
		sheet.db_insert()
		sheet = sheet.name
	mine = work("AU", view="mine")
	assert not about(mine, name)
	assert holders(mine, str(sheet)) == [("Blind Translation", "Open")]


def test_the_sheet_of_a_contracts_second_round_says_what_changed() -> None:
	name = contracting.received(contracting.made(contracting.valid("IO-01")))
	contracting.take(name, "Return", "OA", "RT-OTHER 付款方式")
	contracting.change(name, delivery_place="江州市客运总站")
	contracting.received(name)
	contracting.take(name, "Send to Opinions", "OA")
	with acting("FR"):
		changes = task_sheet.sheet(contracting.asked(name)["FIN"])["changes"]
	assert [row["after"] for row in changes] == ["江州市客运总站"]
	assert changes[0]["label"] in ("Delivery place", "交货地点")
