"""A delegate answers for an absent reviewer in the Desk, for identical orders at once, and takes a step for another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import frappe
import pytest
from frappe.utils import add_days, formatdate, today
from playwright.sync_api import Page, expect

from order_review.constants import DELEGATION, REVIEW_TASK
from order_review.demo.people import address
from tests.site.committed import committed_orders
from tests.site.reviewing import all_agree, hand_over, order, tasks

SignIn = Callable[[Page, str, str], None]
Logins = dict[str, dict[str, str]]
Picture = Callable[[Page, str], Path]

CONDITION = "CCC extension of the 310 kWh battery"


@pytest.fixture
def orders(untouched_site: str, demo_site: str) -> Iterator[list[str]]:
	"""Two identical orders under opinions; a technical reviewer and an order administrator who are absent."""
	with committed_orders("Under Opinions", copies=2) as names:
		made = [hand_over("TR", "QA").name, hand_over("OA", "AU").name]
		frappe.db.commit()
		yield names
		frappe.set_user("Administrator")
		frappe.db.rollback()
		for name in made:
			frappe.delete_doc(DELEGATION, name, force=True)
		frappe.db.delete("Notification Log", {"document_name": ["in", made]})
		frappe.db.commit()


def enter(page: Page, sign_in: SignIn, logins: Logins, role: str) -> None:
	sign_in(page, logins[role]["user"], logins[role]["password"])
	page.wait_for_selector(".navbar .navbar-home")


def test_a_delegate_answers_identical_orders_at_once(
	orders: list[str], page: Page, logins: Logins, sign_in: SignIn, take_picture: Picture
) -> None:
	first, second = orders
	enter(page, sign_in, logins, "Quality Reviewer")
	page.goto(f"/app/review-task/{tasks(first)['TECH']}")
	expect(page.locator(".form-message")).to_contain_text("Technical Reviewer")
	form = page.locator(".or-answer")
	choices = {"opinion": "Agree With Condition", "verdict_feasible": "Yes", "verdict_grade": "Met"}
	for name, value in {
		**choices,
		"verdict_ccc": "Extension Needed",
		"condition_before": "Contract Effective",
	}.items():
		form.locator(f"select[data-fieldname={name}]").select_option(value)
	for name in ("evidence_feasible", "evidence_ccc", "evidence_grade", "condition_responsible"):
		form.locator(f"input[data-fieldname={name}]").fill("E12-310")
	form.locator("textarea[data-fieldname=condition_text]").fill(CONDITION)
	form.locator("input[data-fieldname=condition_due]").fill(formatdate(add_days(today(), 30)))
	page.keyboard.press("Escape")
	expect(form.locator(".checkbox-options")).to_contain_text(second)
	form.locator(".checkbox-options input[type=checkbox]").first.check()
	take_picture(page, "opinion-of-a-delegate")
	form.locator(".btn-primary").click()
	expect(page.locator(".form-message")).to_contain_text("acting for")
	expect(page.locator(".form-message")).to_have_count(1)
	frappe.db.rollback()
	for name in orders:
		answered = frappe.db.get_value(
			REVIEW_TASK, tasks(name)["TECH"], ["user", "on_behalf_of", "condition_text"]
		)
		assert answered == (address("QA"), address("TR"), CONDITION)


def test_a_delegate_takes_a_step_for_the_absent_administrator(
	orders: list[str], page: Page, logins: Logins, sign_in: SignIn, take_picture: Picture
) -> None:
	name = orders[0]
	all_agree(name)
	frappe.db.commit()
	enter(page, sign_in, logins, "Configuration Auditor")
	page.goto(f"/app/intent-order/{name}")
	page.locator(".inner-group-button button", has_text="Acting for").click()
	page.locator(".dropdown-item:visible", has_text="Make Valid").click()
	take_picture(page, "step-of-a-delegate")
	page.locator(".modal.show .btn-primary", has_text="Yes").click()
	expect(page.locator(".indicator-pill", has_text="Valid").first).to_be_visible()
	frappe.db.rollback()
	event = order(name).events[-1]
	assert (order(name).status, event.actor, event.on_behalf_of) == ("Valid", address("AU"), address("OA"))
