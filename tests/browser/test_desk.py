"""An order administrator's first minute: the login page, then the Desk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page


def test_order_administrator_signs_in_and_reaches_the_desk(
	page: Page,
	logins: dict[str, dict[str, str]],
	sign_in: Callable[[Page, str, str], None],
	take_picture: Callable[[Page, str], Path],
) -> None:
	administrator = logins["Order Administrator"]
	sign_in(page, administrator["user"], administrator["password"])
	page.wait_for_selector(".navbar .navbar-home")
	page.wait_for_selector(".desk-sidebar, .standard-sidebar")
	assert "/app" in page.url
	assert page.evaluate("frappe.session.user") == administrator["user"]
	assert page.evaluate("frappe.user.has_role('Order Administrator')")
	assert not page.evaluate("frappe.user.has_role('System Manager')")
	take_picture(page, "desk-order-administrator")


def test_a_wrong_password_stays_on_the_login_page(page: Page, logins: dict[str, dict[str, str]]) -> None:
	page.goto("/login")
	page.fill("#login_email", logins["Order Administrator"]["user"])
	page.fill("#login_password", "not the password")
	page.click(".form-login .btn-login")
	page.wait_for_function("document.querySelector('.form-login .btn-login').innerText.match(/invalid/i)")
	assert page.url.endswith("/login#login") or page.url.endswith("/login")
