"""The configurator in the intent order form: conflict, repair, keyboard, phone, read-only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import frappe
import pytest
from playwright.sync_api import Page, expect

from order_review.constants import INTENT_ORDER
from tests.browser.forms import open_tab

Logins = dict[str, dict[str, str]]
SignIn = Callable[[Page, str, str], None]
GoIn = Callable[..., None]
TakePicture = Callable[[Page, str], Path]

OWN_DEPARTMENT = "IO-01"
"""A sample order of the demo salesperson's own market department."""


@pytest.fixture
def copies(demo_site: str) -> Iterator[Callable[[str], str]]:
	"""Makes copies of sample orders that the demo salesperson may edit; they are gone after the test."""
	if not getattr(frappe.local, "db", None):
		frappe.init(site=demo_site)
		frappe.connect()
	frappe.set_user("Administrator")
	made: list[str] = []

	def make(sample: str) -> str:
		frappe.db.rollback()
		department = frappe.db.get_value(INTENT_ORDER, {"external_id": OWN_DEPARTMENT}, "market_department")
		original = frappe.get_doc(INTENT_ORDER, {"external_id": sample})
		copy = frappe.copy_doc(original)
		copy.update({"market_department": department, "sales_person": None, "external_id": None})
		copy.insert()
		frappe.db.commit()
		made.append(copy.name)
		return copy.name

	yield make
	frappe.db.rollback()
	for name in made:
		frappe.delete_doc(INTENT_ORDER, name, force=True)
	frappe.db.commit()


def open_configurator(page: Page, order: str) -> None:
	page.goto(f"/app/intent-order/{order}")
	open_tab(page, "intent-order-configuration_tab")
	page.wait_for_selector(".orc .orc-option")


def option(page: Page, code: str) -> str:
	"""Whether an option is chosen, as a screen reader hears it."""
	return page.get_attribute(f'.orc [data-option="{code}"]', "aria-checked") or ""


def name_of(sample: str) -> str:
	frappe.db.rollback()
	return str(frappe.db.get_value(INTENT_ORDER, {"external_id": sample}, "name"))


@pytest.fixture
def go_in(page: Page, logins: Logins, sign_in: SignIn) -> Iterator[Callable[..., None]]:
	"""Signs a demo user in by role, with the language a test reads."""
	before: dict[str, str] = {}

	def enter(role: str, language: str = "en") -> None:
		user = logins[role]["user"]
		before.setdefault(user, _set_language(user, language))
		sign_in(page, user, logins[role]["password"])

	yield enter
	for user, language in before.items():
		_set_language(user, language)


def _set_language(user: str, language: str) -> str:
	frappe.db.rollback()
	frappe.set_user("Administrator")
	before = frappe.db.get_value("User", user, "language") or ""
	frappe.db.set_value("User", user, "language", language)
	frappe.db.commit()
	frappe.clear_cache(user=user)
	return str(before)


@pytest.mark.parametrize("sample", ["IO-07", "IO-12"])
def test_a_salesperson_applies_the_first_repair_and_the_findings_clear(
	page: Page,
	go_in: GoIn,
	copies: Callable[[str], str],
	take_picture: TakePicture,
	sample: str,
) -> None:
	order = copies(sample)
	go_in("Salesperson")
	open_configurator(page, order)
	expect(page.locator("[data-role=validity]")).to_contain_text("Conflict")
	page.click("[data-role=show-conflict]")
	expect(page.locator(".orc-conflict header")).to_contain_text("breaks:")
	take_picture(page, f"configurator-conflict-{sample}")
	page.locator(".orc-repair").first.get_by_role("button", name="Apply Repair").click()
	expect(page.locator("[data-role=validity]")).to_contain_text("Valid configuration")
	assert page.evaluate("cur_frm.is_dirty()")
	page.keyboard.press("Control+s")
	page.wait_for_function("!cur_frm.is_dirty() && !cur_frm.saving")
	found = page.evaluate("cur_frm.doc.findings.map((row) => row.code)")
	assert not {"CFG_RULE", "GRADE_NOT_MET", "CFG_MISSING", "CFG_DOUBLE"} & set(found)
	page.reload()
	open_tab(page, "intent-order-configuration_tab")
	expect(page.locator("[data-role=validity]")).to_contain_text("Valid configuration")


def test_the_order_administrator_sees_the_conflict_and_its_repairs_but_changes_nothing(
	page: Page, go_in: GoIn, demo_site: str
) -> None:
	go_in("Order Administrator")
	open_configurator(page, name_of("IO-07"))
	page.click("[data-role=show-conflict]")
	expect(page.locator(".orc-conflict header")).to_contain_text("(R-P02)")
	expect(page.locator(".orc-repair")).to_have_count(3)
	expect(page.get_by_role("button", name="Apply Repair")).to_have_count(0)
	expect(page.locator("[data-role=complete]")).to_have_count(0)
	page.click('.orc [data-option="ENG-D247"]')
	expect(page.locator(".orc-proposal")).to_contain_text("Nothing stands against it")
	assert option(page, "ENG-D265") == "true"
	assert not page.evaluate("cur_frm.is_dirty()")


def test_options_are_found_and_chosen_by_keyboard_alone(
	page: Page, go_in: GoIn, copies: Callable[[str], str]
) -> None:
	order = copies("IO-01")
	go_in("Salesperson")
	open_configurator(page, order)
	page.focus(".orc-option[tabindex='0']")
	before = page.inner_text("[data-role=total]")
	page.keyboard.press("4")
	page.wait_for_function("document.activeElement.dataset.option === 'FLR-B'")
	page.keyboard.press("ArrowDown")
	page.wait_for_function("document.activeElement.dataset.option === 'FLR-W'")
	page.keyboard.press("Enter")
	page.wait_for_function(f"document.querySelector('[data-role=total]').innerText !== '{before}'")
	assert option(page, "FLR-W") == "true"
	assert option(page, "FLR-B") == "false"
	page.keyboard.press("/")
	page.keyboard.type("retarder")
	page.keyboard.press("ArrowDown")
	page.wait_for_function(
		"document.activeElement.dataset.option && document.activeElement.closest('[data-family]')"
	)
	page.focus('.orc [data-option="RET-AT"]')
	page.keyboard.press("Enter")
	proposal = page.locator(".orc-proposal")
	expect(proposal).to_contain_text("6-speed automatic with integral retarder")
	expect(proposal).to_contain_text("+75,500")
	page.keyboard.press("Enter")
	expect(page.locator("[data-role=validity]")).to_contain_text("Valid configuration")
	chosen = set(page.evaluate("cur_frm.doc.configuration.map((row) => row.vehicle_option)"))
	assert {"FLR-W", "RET-AT", "TRN-AT6"} <= chosen
	page.wait_for_function("document.activeElement.dataset.option === 'RET-AT'")
	page.keyboard.press("u")
	page.wait_for_function("document.querySelector('.orc [data-option=\"RET-E\"]').ariaChecked === 'true'")
	page.keyboard.press("u")
	page.wait_for_function(f"document.querySelector('[data-role=total]').innerText === '{before}'")


def test_standard_deviation_and_excluded_differ_by_more_than_colour(
	page: Page, go_in: GoIn, demo_site: str
) -> None:
	go_in("Salesperson")
	open_configurator(page, name_of("IO-12"))
	page.click("[data-step=interior]")
	row = page.locator('.orc [data-option="SLY-1249"]')
	expect(row).to_contain_text("Deviation")
	expect(page.locator('.orc [data-option="SLY-1251"]')).to_contain_text("Standard")
	excluded = page.locator('.orc [data-option="TOI-R"]')
	expect(excluded).to_contain_text("⊘")
	expect(excluded).to_contain_text("not with your choices")
	expect(excluded).to_contain_text("Rear toilet allows at most 47 seats (R-B03)")
	assert "not with your choices" in (excluded.get_attribute("aria-label") or "")


def test_comparison_with_standard_and_earlier_order(page: Page, go_in: GoIn, demo_site: str) -> None:
	go_in("Salesperson")
	open_configurator(page, name_of("IO-12"))
	page.click("[data-role=compare]")
	expect(page.locator(".orc-compare tfoot")).to_contain_text("+4,400")
	page.select_option(".orc-compare select", name_of("IO-01"))
	expect(page.locator(".orc-compare tfoot")).to_contain_text("−83,800")
	offered = page.locator(".orc-compare option").all_inner_texts()
	assert not [title for title in offered if "IO-07" in title]


def test_the_configurator_fits_a_phone(
	page: Page, go_in: GoIn, copies: Callable[[str], str], take_picture: TakePicture
) -> None:
	order = copies("IO-07")
	page.set_viewport_size({"width": 390, "height": 844})
	go_in("Salesperson")
	open_configurator(page, order)
	page.click("[data-role=show-conflict]")
	page.locator(".orc-repair").first.get_by_role("button", name="Apply Repair").click()
	expect(page.locator("[data-role=validity]")).to_contain_text("Valid configuration")
	page.locator("[data-step=interior]").click()
	page.locator('.orc [data-option="FLR-W"]').click()
	expect(page.locator('.orc [data-option="FLR-W"]')).to_have_attribute("aria-checked", "true")
	assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
	wide = page.evaluate(
		"[...document.querySelectorAll('.orc-option, .orc-box, .orc-family')]"
		".filter((each) => each.getBoundingClientRect().right > window.innerWidth).length"
	)
	assert wide == 0
	take_picture(page, "configurator-phone")


def test_the_configurator_speaks_chinese(
	page: Page, go_in: GoIn, demo_site: str, take_picture: TakePicture
) -> None:
	go_in("Technical Reviewer", "zh")
	open_configurator(page, name_of("IO-07"))
	page.click("[data-role=show-conflict]")
	text = page.inner_text(".orc")
	take_picture(page, "configurator-zh")
	assert "液力自动变速器必须选内置缓速器(R-P02)" in text
	assert "偏离标配" in text
	for word in ("Conflict", "Standard", "Deviation", "Repair", "Search", "List price", "possible"):
		assert word not in text
