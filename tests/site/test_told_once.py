"""Notices are told once, to whom they are for, in words, and again when there is something new to tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
import pytest
from frappe.model.workflow import apply_workflow
from frappe.utils import add_days, add_to_date, now_datetime, today

from order_review.constants import (
	COORDINATION_ITEM,
	EXCEPTION_REPORT,
	OUTBOX_MESSAGE,
	REVIEW_SETTINGS,
	REVIEW_TASK,
)
from order_review.demo.people import address
from order_review.exceptions import SelfApprovalError
from order_review.services import exception_reports, guard, notices, outbox, reminders, renamed_users
from order_review.services.fulfilment import coordination
from order_review.services.production import audit
from tests.site import fulfilling, producing
from tests.site.mail_server import MailServer
from tests.site.reviewing import acting, order, tasks, to_opinions
from tests.site.test_outbox import later, messages, own_outbox, send, server
from tests.site.test_reminders import used

__all__ = ["own_outbox", "server"]
pytestmark = pytest.mark.usefixtures("demo_site")


# --- rungs --------------------------------------------------------------------------------------------------


def test_a_rung_between_two_percents_is_told_once() -> None:
	settings = frappe.get_doc(REVIEW_SETTINGS)
	settings.append("escalation", {"at_pct": 87.5, "recipient": "assignee"})
	settings.flags.ignore_mandatory = True
	settings.save()
	task = tasks(to_opinions("IO-02"))["TECH"]
	used(REVIEW_TASK, task, 90, "received_at")
	frappe.db.delete("Notification Log")
	for _time in range(3):
		reminders.run()
	assert len(frappe.get_all("Notification Log", {"document_name": task, "for_user": address("TR")})) == 1
	assert frappe.db.get_value(REVIEW_TASK, task, "reminded_pct") == 87.5


# --- what lasts is reported once ----------------------------------------------------------------------------


def test_an_overrun_that_was_settled_is_not_raised_again_and_the_next_one_is() -> None:
	name = to_opinions("IO-02")
	given = tasks(name)
	frappe.db.set_value(REVIEW_TASK, given["TECH"], {"reminded_pct": 200})
	assert exception_reports.watch_deadlines() == 1
	settle(name)
	assert exception_reports.watch_deadlines() == 0
	frappe.db.set_value(REVIEW_TASK, given["FIN"], {"reminded_pct": 200})
	assert exception_reports.watch_deadlines() == 1


def settle(about: str) -> None:
	report = frappe.get_doc(EXCEPTION_REPORT, {"reference_name": about, "status": "Open"})
	with acting("SM"):
		report = frappe.get_doc(EXCEPTION_REPORT, report.name)
		report.result = "已催办"
		report.save()
		apply_workflow(report, "Settle")


def test_a_gap_of_a_certificate_that_was_settled_is_not_raised_every_day() -> None:
	contract = fulfilling.contract()
	gap = exception_reports.CCC_GAP
	assert exception_reports.raise_for(contract, gap, "A", once=True)
	settle(contract.name)
	assert exception_reports.raise_for(contract, gap, "A", once=True) is None
	assert exception_reports.raise_for(contract, gap, "A, B", once=True)


# --- another day ---------------------------------------------------------------------------------------------


def test_an_item_whose_day_moves_is_reminded_of_again() -> None:
	contract = fulfilling.contract(
		market_department=frappe.db.get_value("Department", {"department_code": "MARKET-S"})
	)
	item = frappe.get_doc(
		{
			"doctype": COORDINATION_ITEM,
			"subject": "补充底盘图纸",
			"kind": frappe.get_meta(COORDINATION_ITEM).get_field("kind").options.split("\n")[0] or "Other",
			"reference_doctype": contract.doctype,
			"reference_name": contract.name,
			"responsible": address("TR"),
			"due_date": add_days(today(), 1),
		}
	)
	with acting("OA"):
		item.insert()
	frappe.db.set_value(COORDINATION_ITEM, item.name, "due_date", add_days(today(), -3))
	assert (coordination.remind(), coordination.remind()) == (1, 0)
	with acting("OA"):
		document = frappe.get_doc(COORDINATION_ITEM, item.name)
		document.due_date = add_days(today(), 2)
		document.save()
	assert coordination.remind() == 0
	frappe.db.set_value(COORDINATION_ITEM, item.name, "due_date", add_days(today(), -1))
	assert coordination.remind() == 1


# --- e-mails ------------------------------------------------------------------------------------------------


@pytest.fixture
def letter() -> Any:
	name = to_opinions("IO-02")
	message = messages(user=address("TR"), reference_name=tasks(name)["TECH"])[0]
	frappe.db.delete(OUTBOX_MESSAGE, {"name": ["!=", message.name]})
	return message


@pytest.mark.parametrize("code", [421, 450, 451, 452])
@pytest.mark.usefixtures("own_outbox")
def test_a_server_that_asks_to_try_later_keeps_the_letter_waiting(
	letter: Any, server: MailServer, code: int
) -> None:
	server.deferred = code
	for _time in range(12):
		assert send() == 0
		assert messages()[0].status == "Waiting"
		later()
	server.deferred = None
	assert send() == 1


@pytest.mark.usefixtures("own_outbox")
def test_after_a_week_it_is_given_up_and_told(letter: Any, server: MailServer) -> None:
	server.deferred = 451
	frappe.db.set_value(OUTBOX_MESSAGE, letter.name, "creation", add_to_date(now_datetime(), days=-8))
	send()
	assert messages(name=letter.name)[0].status == "Failed"
	told = frappe.get_all("Notification Log", {"document_name": letter.name}, pluck="for_user")
	assert address("TR") in told
	assert len(told) > 1, "an administrator hears of it"


@pytest.mark.usefixtures("own_outbox")
def test_a_subject_has_characters_and_no_entities() -> None:
	name = to_opinions("IO-02")
	frappe.db.delete(OUTBOX_MESSAGE)
	notices.tell(order(name), [address("TR")], "A&amp;B &lt;x&gt;\n<b>红</b>", "C&amp;D")
	outbox.write_list(address("FR"), "E&amp;F", [("Intent Order", name, "G&amp;H", None)])
	one, two = messages(user=address("TR"))[0], messages(user=address("FR"))[0]
	assert (one.subject, two.subject) == ("A&B <x> 红", "E&F")
	assert "C&amp;D" in one.message
	assert "G&amp;H" in two.message
	assert "&amp;amp;" not in one.message + two.message


# --- renamed users ------------------------------------------------------------------------------------------


@pytest.fixture
def renamed() -> Iterator[str]:
	"""The translator's name changes while the configuration is under audit; the demo's address comes back."""
	name = producing.not_drawn(producing.handed_to_audit(producing.begun("IO-01")))
	new = "zhang.san@review.localhost"
	user = frappe.get_doc("User", address("OA"))
	user.add_roles("Configuration Auditor")
	frappe.get_doc({"doctype": "User", "email": new, "first_name": "张三", "send_welcome_email": 0}).insert(
		ignore_permissions=True
	).add_roles("Configuration Auditor", "Order Administrator")
	renamed_users.after_rename(user, "after_rename", address("OA"), new)
	return f"{name} {new}"


def test_a_renamed_user_does_not_audit_the_own_translation(renamed: str) -> None:
	name, user = renamed.split()
	version = producing.pcf(name)
	assert user in version.translators.split("\n")
	assert {row.actor for row in version.events if row.to_status == "Auditing"} == {user}
	assert user in guard.takers(version)
	frappe.set_user(user)
	with pytest.raises(SelfApprovalError):
		audit.check_auditing(version)


def test_frappe_calls_it_when_a_user_is_renamed() -> None:
	hooks = frappe.get_hooks("doc_events")["User"]["after_rename"]
	assert "order_review.services.renamed_users.after_rename" in hooks
