"""The review monitor by keyboard, and a reviewer who answers beside what he judges, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import frappe
import pytest
from playwright.sync_api import Page, expect

from order_review.constants import INTENT_ORDER
from tests.site.reviewing import acting, step, tasks
from tests.site.samples import copy_of

SignIn = Callable[[Page, str, str], None]
Logins = dict[str, dict[str, str]]
Picture = Callable[[Page, str], Path]

TITLE = "监控测试 Monitor"


@pytest.fixture
def waiting(untouched_site: str, demo_site: str) -> Iterator[list[str]]:
	"""Three submitted orders and one whose opinions are asked for; they go again after the test."""
	names = []
	for number in range(4):
		with acting("SP"):
			order = copy_of("IO-01", title=f"{TITLE} {number}", external_id=None).insert()
		names.append(str(order.name))
		step(order.name, "Submit for Review", "SP")
	step(names[3], "Receive", "OA")
	step(names[3], "Send to Opinions", "OA")
	frappe.db.commit()  # the web server reads them in another connection
	yield names
	frappe.set_user("Administrator")
	frappe.db.rollback()
	for name in names:
		frappe.db.delete("Notification Log", {"document_name": name})
		frappe.delete_doc(INTENT_ORDER, name, force=True, ignore_permissions=True)
	frappe.db.commit()


def enter(page: Page, sign_in: SignIn, logins: Logins, role: str, language: str = "en") -> None:
	"""Sign in with a role, in a language."""
	frappe.db.set_value("User", logins[role]["user"], "language", language)
	frappe.db.commit()
	frappe.clear_cache(user=logins[role]["user"])
	sign_in(page, logins[role]["user"], logins[role]["password"])
	page.wait_for_selector(".navbar .navbar-home")


def monitor(page: Page, **filters: str) -> None:
	"""Open the review monitor and wait until it has read."""
	asked = "&".join(f"{key}={value}" for key, value in filters.items())
	page.goto(f"/app/review-monitor?{asked}")
	expect(page.locator(".orw[aria-busy=false] .orw-tab").first).to_be_visible()


def test_an_order_administrator_receives_by_keyboard_alone(
	page: Page, sign_in: SignIn, logins: Logins, take_picture: Picture, waiting: list[str]
) -> None:
	enter(page, sign_in, logins, "Order Administrator")
	monitor(page)
	page.keyboard.press("/")
	page.keyboard.type(TITLE)
	page.keyboard.press("Escape")
	rows = page.locator(".orw-row")
	expect(rows).to_have_count(3)
	expect(rows.first).to_have_class(re.compile("orw-current"))
	page.keyboard.press("x")
	page.keyboard.press("j")
	page.keyboard.press("x")
	expect(page.locator(".orw-bulk")).to_contain_text("2 selected")
	take_picture(page, "review-monitor-selection")
	page.keyboard.press("r")
	expect(page.locator(".desk-alert")).to_contain_text("2 done")
	expect(page.locator(".orw-row", has_text="Received")).to_have_count(2)
	frappe.db.rollback()
	statuses = frappe.get_all(INTENT_ORDER, {"name": ["in", waiting]}, pluck="status")
	assert sorted(statuses) == ["Received", "Received", "Submitted", "Under Opinions"]
	page.keyboard.press("?")
	expect(page.locator(".orw-help")).to_contain_text("Receive submitted orders")
	page.keyboard.press("?")
	page.keyboard.press("4")
	expect(page.locator(".orw-row", has_text="SPC-2026-0044").get_by_role("link").first).to_be_visible()
	page.keyboard.press("1")
	expect(page.locator(".orw-row", has_text="Received")).to_have_count(2)
	page.keyboard.press("k")
	page.keyboard.press("Enter")
	page.wait_for_url(re.compile("/app/intent-order/"))


def test_what_could_not_be_received_is_told_with_its_reason(
	page: Page, sign_in: SignIn, logins: Logins, waiting: list[str]
) -> None:
	enter(page, sign_in, logins, "Order Administrator")
	monitor(page, text=TITLE)
	expect(page.locator(".orw-row", has_text="Submitted")).to_have_count(3)
	step(waiting[0], "Withdraw", "SP")
	frappe.db.commit()
	page.locator(".orw-table thead input").check()
	page.keyboard.press("r")
	told = page.locator(".modal.show .orw-results")
	expect(told.locator("tr", has_text="✗")).to_have_count(1)
	expect(told.locator("tr", has_text="✗")).to_contain_text(waiting[0])
	expect(told.locator("tr", has_text="✓")).to_have_count(2)


def test_a_department_finds_its_task_and_answers_beside_what_it_judges_in_chinese(
	page: Page, sign_in: SignIn, logins: Logins, take_picture: Picture, waiting: list[str]
) -> None:
	enter(page, sign_in, logins, "Finance Reviewer", "zh")
	monitor(page, view="mine", text=TITLE)
	expect(page.locator(".orw-tab[aria-selected=true]")).to_contain_text("我的待办")
	row = page.locator(".orw-row")
	expect(row).to_have_count(1)
	expect(row).to_contain_text("财务部")
	expect(row).to_contain_text("剩余")
	take_picture(page, "review-monitor-zh")
	page.keyboard.press("Enter")
	sheet = page.locator(".or-sheet")
	expect(sheet).to_contain_text("本部门评审范围")
	expect(sheet).to_contain_text("825,200")  # the floor price, which Finance may know
	answer = page.locator(".or-answer")
	for field, value in (
		("opinion", "Agree"),
		("price_ok", "Right"),
		("deposit_ok", "Right"),
		("credit_ok", "Right"),
	):
		answer.locator(f"select[data-fieldname={field}]").select_option(value)
	take_picture(page, "review-task-zh")
	answer.locator(".btn-primary").click()
	expect(page.locator(".page-head .indicator-pill").last).to_contain_text("同意")
	frappe.db.rollback()
	task = frappe.db.get_value("Review Task", tasks(waiting[3])["FIN"], ["status", "opinion"])
	assert task == ("Answered", "Agree")
	frappe.db.set_value("User", logins["Finance Reviewer"]["user"], "language", None)
	frappe.db.commit()


def test_a_salesperson_sees_no_steps_for_many_and_no_other_departments(
	page: Page, sign_in: SignIn, logins: Logins, take_picture: Picture, waiting: list[str]
) -> None:
	enter(page, sign_in, logins, "Salesperson")
	monitor(page, tab="all", text=TITLE)
	expect(page.locator(".orw-row").first).to_be_visible()
	page.keyboard.press("x")
	expect(page.locator(".orw-bulk")).to_be_visible()
	expect(page.locator(".orw-bulk [data-step]")).to_have_count(0)
	take_picture(page, "review-monitor-salesperson")
