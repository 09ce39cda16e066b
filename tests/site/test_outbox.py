"""Outbox: what is told is written with the step, sent once the mail server takes it, and never in the step's way."""

from __future__ import annotations

import email
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

import frappe
import pytest
import redis
from frappe.utils import add_to_date, now_datetime

from order_review.constants import OUTBOX_MESSAGE, REVIEW_SETTINGS
from order_review.demo.people import address
from order_review.services import background, outbox
from tests.site.mail_server import MailServer, running
from tests.site.reviewing import all_agree, order, step, tasks, to_opinions

pytestmark = pytest.mark.usefixtures("demo_site")

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def own_outbox(monkeypatch: pytest.MonkeyPatch) -> None:
	"""E-mails are on, the site has no account of its own, the outbox is empty."""
	monkeypatch.setitem(frappe.flags, "mute_emails", False)
	monkeypatch.setitem(frappe.conf, "mute_emails", 0)
	monkeypatch.setitem(frappe.conf, "mail_server", None)
	forget_account()
	frappe.db.delete("Email Account", {"default_outgoing": 1})
	frappe.db.delete(OUTBOX_MESSAGE)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
	"""A mail server the site knows."""
	with running() as found:
		use_port(monkeypatch, found.port)
		yield found


def use_port(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
	monkeypatch.setitem(frappe.conf, "mail_server", "127.0.0.1")
	monkeypatch.setitem(frappe.conf, "mail_port", port)
	forget_account()


def forget_account() -> None:
	frappe.local.outgoing_email_account = {}


def closed_port() -> int:
	with socket.socket() as free:
		free.bind(("127.0.0.1", 0))
		return int(free.getsockname()[1])


def send() -> int:
	return outbox.send_waiting(commit=lambda: None)


def messages(**filters: Any) -> list[Any]:
	return frappe.get_all(OUTBOX_MESSAGE, filters, ["*"], order_by="creation")


def later() -> None:
	"""Let the next try be due."""
	frappe.db.set_value(
		OUTBOX_MESSAGE, {"status": "Waiting"}, "next_try_at", add_to_date(now_datetime(), minutes=-1)
	)


def speaks(code: str, language: str) -> None:
	frappe.db.set_value("User", address(code), "language", language)
	frappe.clear_document_cache("User", address(code))


def one_message(to: str = "TR") -> Any:
	name = to_opinions("IO-02")
	message = messages(user=address(to), reference_name=tasks(name)["TECH"])[0]
	frappe.db.delete(OUTBOX_MESSAGE, {"name": ["!=", message.name]})
	return message


# --- written ------------------------------------------------------------------------------------------------


def test_each_reviewer_gets_a_message_with_link_round_and_due_time_in_their_own_language() -> None:
	speaks("TR", "zh")
	speaks("FR", "en")
	name = to_opinions("IO-02")
	task = tasks(name)["TECH"]
	chinese = messages(user=address("TR"), reference_name=task)[0]
	assert f"/app/review-task/{task}" in chinese.message
	assert "轮次" in chinese.message
	assert "到期时间" in chinese.message
	english = messages(user=address("FR"), reference_name=tasks(name)["FIN"])[0]
	assert "Round" in english.message
	assert "your opinion is asked" in english.subject
	assert "your opinion is asked" not in chinese.subject


def test_who_switched_e_mails_off_still_has_the_notice_in_the_desk() -> None:
	settings = {"doctype": "Notification Settings", "name": address("TR"), "enable_email_notifications": 0}
	frappe.db.delete("Notification Settings", {"name": address("TR")})
	frappe.get_doc({**settings, "enabled": 1}).db_insert()
	task = tasks(to_opinions("IO-02"))["TECH"]
	assert messages(user=address("TR")) == []
	assert frappe.db.exists("Notification Log", {"for_user": address("TR"), "document_name": task})


def test_what_was_rolled_back_is_not_told() -> None:
	frappe.db.savepoint("before_step")
	to_opinions("IO-02")
	assert messages()
	frappe.db.rollback(save_point="before_step")
	assert messages() == []


def test_what_users_write_is_escaped_in_the_message() -> None:
	name = to_opinions("IO-02")
	step(name, "Veto", "OA", "VT-LEGAL <script>alert(1)</script>")
	mails = messages(user=address("SP"), reference_name=name)
	assert mails
	assert all("<script" not in mail.message for mail in mails)


# --- sent ---------------------------------------------------------------------------------------------------


def test_a_message_is_sent_once_and_says_who_it_is(server: MailServer) -> None:
	message = one_message()
	assert [send(), send()] == [1, 0]
	assert len(server.mails) == 1
	mail = email.message_from_string(server.mails[0])
	assert mail["Message-Id"].startswith(f"<{message.name}@")
	assert str(make_header(decode_header(mail["Subject"]))).replace("\n", "") == message.subject
	stored = messages()[0]
	assert (stored.status, stored.tries, stored.error) == ("Sent", 1, None)


def test_without_an_outgoing_account_messages_are_kept_and_say_why() -> None:
	one_message()
	assert send() == 0
	stored = messages()[0]
	assert stored.status == "Waiting"
	assert "no outgoing e-mail account" in stored.error


def test_while_the_mail_server_is_down_steps_go_on_and_afterwards_all_is_sent(
	monkeypatch: pytest.MonkeyPatch,
) -> None:
	use_port(monkeypatch, closed_port())
	name = to_opinions("IO-02")
	for _try in range(8):
		assert send() == 0
		later()
	all_agree(name)
	assert order(name).status == "Consolidating"
	waiting = messages()
	assert {(one.status, one.tries) for one in waiting} == {("Waiting", 0)}, (
		"no message is to blame for the server"
	)
	assert waiting[0].error
	with running() as server:
		use_port(monkeypatch, server.port)
		later()
		assert send() == len(waiting) == len(server.mails)


def test_a_message_that_is_refused_is_tried_so_often_and_then_given_up_with_the_reason(
	server: MailServer,
) -> None:
	frappe.db.set_single_value(REVIEW_SETTINGS, "outbox_tries", 3)
	frappe.clear_document_cache(REVIEW_SETTINGS, REVIEW_SETTINGS)
	one_message()
	server.refused.add(address("TR"))
	for _try in range(5):
		send()
		later()
	stored = messages()[0]
	assert (stored.status, stored.tries) == ("Failed", 3)
	assert "no such user" in stored.error
	server.refused.clear()
	outbox.send_again(stored.name)
	assert send() == 1


def test_a_refused_message_does_not_hold_up_the_next(server: MailServer) -> None:
	to_opinions("IO-02")
	server.refused.add(address("TR"))
	count = len(messages())
	blamed = len(messages(user=address("TR")))
	assert blamed
	assert send() == count - blamed


def test_a_message_whose_sending_was_broken_off_is_sent_again(server: MailServer) -> None:
	message = one_message()
	values = {"status": "Sending", "claimed_at": add_to_date(now_datetime(), minutes=-14), "tries": 1}
	frappe.db.set_value(OUTBOX_MESSAGE, message.name, values)
	assert send() == 0, "another job may still be at it"
	frappe.db.set_value(OUTBOX_MESSAGE, message.name, "claimed_at", add_to_date(now_datetime(), minutes=-16))
	assert send() == 1
	assert len(server.mails) == 1


def test_two_jobs_at_once_send_a_message_once(server: MailServer) -> None:
	message = one_message()
	assert outbox._claim(message.name) is not None
	assert outbox._claim(message.name) is None
	assert send() == 0


def test_the_outbox_is_for_the_supervisor_and_the_administrator_of_the_system() -> None:
	one_message()
	for code, is_read in (("OS", True), ("OA", False), ("SP", False), ("TR", False)):
		assert bool(frappe.has_permission(OUTBOX_MESSAGE, "read", user=address(code))) is is_read


def test_old_messages_are_forgotten() -> None:
	message = one_message()
	frappe.db.set_value(
		OUTBOX_MESSAGE, message.name, "creation", add_to_date(now_datetime(), days=-31), update_modified=False
	)
	outbox.clear_old()
	assert messages() == []


# --- Redis down ---------------------------------------------------------------------------------------------

WITHOUT_REDIS = """
import sys
import frappe
frappe.init(site=sys.argv[1], sites_path=".")
closed = "redis://127.0.0.1:" + sys.argv[2]
frappe.conf.update(redis_cache=closed, redis_queue=closed, redis_socketio=closed)
frappe.connect()
frappe.set_user("Administrator")
sys.path.insert(0, sys.argv[3])
from reviewing import all_agree, order, tasks, to_opinions
name = to_opinions("IO-02")
all_agree(name)
frappe.db.after_commit.run()
print("STATUS", order(name).status, frappe.db.count("Review Task", {"reference_name": name, "status": "Answered"}))
frappe.db.rollback()
"""


def test_with_redis_down_steps_and_opinions_work_and_what_follows_a_commit_breaks_nothing(site: str) -> None:
	"""Cache, queue and realtime are a closed port in a process of its own; what it does is undone."""
	frappe.db.rollback()
	ran = subprocess.run(
		[sys.executable, "-c", WITHOUT_REDIS, site, str(closed_port()), str(REPOSITORY / "tests" / "site")],
		cwd=REPOSITORY / "sites",
		env={**os.environ, "PYTHONPATH": ""},
		capture_output=True,
		text=True,
		timeout=50,
		check=False,
	)
	assert "STATUS Consolidating" in ran.stdout, ran.stderr[-3000:]
	assert int(ran.stdout.split()[-1]) >= 5, "no opinion is lost"


def test_a_job_that_cannot_be_enqueued_after_the_commit_breaks_nothing(
	monkeypatch: pytest.MonkeyPatch,
) -> None:
	calls: list[str] = []

	def queue_is_down(method: str, **_how: Any) -> None:
		calls.append(method)
		raise redis.exceptions.ConnectionError("refused")

	monkeypatch.setattr(frappe, "enqueue", queue_is_down)
	background.after_commit("order_review.services.outbox.clear_old")
	assert calls == [], "not before the commit"
	frappe.db.after_commit.run()
	assert calls == ["order_review.services.outbox.clear_old"]
