"""From a valid intent order to what the plant builds, at the Desk, each person in a browser of their own (scenario 5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import frappe
import pytest
from playwright.sync_api import Locator, Page, expect

from order_review.constants import PRODUCTION_CONFIGURATION, ROLES, SALES_CONTRACT
from order_review.demo.people import address
from order_review.services.production import configuration
from tests.browser.desk_actors import FORM_READY, QUESTION, REFUSAL, Actor, Office
from tests.browser.forms import open_tab
from tests.browser.test_intent_scenarios import ANSWERS
from tests.site import contracting, producing
from tests.site.samples import copy_of

TakePicture = Callable[[Page, str], Path]

TRANSLATOR = "Contract Administrator"
OTHER_SEATS, PROMISED_SEATS = "SLY-1249", "SLY-1251"
ASSEMBLIES = 51
SAVED = "() => !cur_frm.is_dirty() && !cur_frm.is_new()"


def valid_order() -> str:
	"""A valid order like IO-01 that every browser sees."""
	south = frappe.db.get_value("Department", {"department_code": "MARKET-S"})
	order = copy_of("IO-01", external_id=None, market_department=south).insert()
	name = contracting.as_valid(order.name)
	frappe.db.commit()
	return name


def shown(actor: Actor, name: str, tab: str) -> Page:
	"""The contract's form on one of its tabs."""
	page = actor.opens(SALES_CONTRACT, name)
	open_tab(page, f"sales-contract-{tab}")
	return page


def says(page: Page) -> str:
	"""The message a user is shown, which is closed then."""
	message = page.locator(REFUSAL)
	expect(message).to_be_visible()
	text = message.inner_text()
	message.locator(".btn-modal-close:visible").first.click()
	expect(message).to_have_count(0)
	return text


def confirms(page: Page) -> None:
	"""Confirm the dialog that is open."""
	dialog: Locator = page.locator(QUESTION)
	dialog.locator(".btn-modal-primary:visible").click()


def status(doctype: str, name: str) -> str:
	"""The status as it is stored now."""
	frappe.db.rollback()
	return str(frappe.db.get_value(doctype, name, "status"))


def test_a_contract_is_made_of_an_order_and_a_changed_seat_layout_is_caught(
	demo_site: str, office: Office, take_picture: TakePicture
) -> None:
	order, sales = valid_order(), office("Salesperson")
	page = sales.opens("Intent Order", order)
	page.get_by_role("button", name="Make Contract").click()
	expect(page.locator(QUESTION)).to_contain_text("10 of 10 left")
	page.locator(QUESTION).locator("[data-fieldname=qty_0] input").fill("6")
	take_picture(page, "contract-make")
	confirms(page)
	page.wait_for_url("**/sales-contract/SC-*")
	name = page.url.rsplit("/", 1)[1]
	page.wait_for_function(FORM_READY, arg=name)
	page.evaluate("day => cur_frm.set_value('contract_date', day)", contracting.CONTRACT_DAY)
	page.get_by_role("button", name="Change Option").click()
	sales.links(page.locator(QUESTION), "vehicle_option", OTHER_SEATS)
	confirms(page)
	page.wait_for_function(
		"code => cur_frm.doc.options.some(row => row.vehicle_option === code)", arg=OTHER_SEATS
	)
	page.evaluate("cur_frm.save()")
	page.wait_for_function(SAVED)
	sales.takes(SALES_CONTRACT, name, "Submit for Review")

	administrator = office("Order Administrator")
	administrator.takes(SALES_CONTRACT, name, "Receive")
	page = shown(administrator, name, "review_tab")
	differences = page.locator("[data-fieldname=differences_html]")
	for words in ("CONTRACT_DIFFERS", PROMISED_SEATS, OTHER_SEATS):
		expect(differences).to_contain_text(words)
	take_picture(page, "contract-differs")
	administrator.takes(SALES_CONTRACT, name, "Send to Opinions")
	frappe.db.rollback()
	assert "TECH" in contracting.asked(name), "who changed the seats is asked about them"

	page = sales.opens("Intent Order", order)
	page.get_by_role("button", name="Make Contract").click()
	expect(page.locator(QUESTION)).to_contain_text("4 of 10 left")


def test_a_veto_blocks_the_seal(demo_site: str, office: Office, take_picture: TakePicture) -> None:
	name = contracting.approved(contracting.received(contracting.made(valid_order())))
	contracting.hand_in(name)
	frappe.db.commit()
	auditor = office("Configuration Auditor")
	page = shown(auditor, name, "signing_tab")
	seal = page.get_by_role("button", name="Write Seal Log")
	expect(seal).to_be_visible()
	office("Order Administrator").takes(SALES_CONTRACT, name, "Veto", "VT-BUILD", "座椅间距无法制造")
	# The auditor's form still shows the contract as it was when it was opened.
	seal.click()
	page.locator(QUESTION).locator("[data-fieldname=seal_no] input").fill("HT-01")
	confirms(page)
	assert "Vetoed" in says(page)
	page = auditor.opens(SALES_CONTRACT, name)
	expect(page.locator(".title-area .indicator-pill")).to_contain_text("Vetoed")
	expect(page.locator("body")).to_contain_text("座椅间距无法制造")
	expect(page.get_by_role("button", name="Write Seal Log")).to_have_count(0)
	take_picture(page, "contract-vetoed")
	assert status(SALES_CONTRACT, name) == "Vetoed"


@pytest.fixture
def both_roles(demo_site: str) -> Iterator[None]:
	"""The translator may audit as well, as far as roles go."""
	user, role = frappe.get_doc("User", address("CA")), ROLES["AU"][0]
	user.add_roles(role)
	frappe.db.commit()
	yield
	frappe.db.rollback()
	frappe.get_doc("User", address("CA")).remove_roles(role)
	frappe.db.commit()


def test_a_contract_line_is_translated_audited_by_somebody_else_and_released(
	both_roles: None, office: Office, take_picture: TakePicture
) -> None:
	contract = producing.in_force("IO-01")
	name = configuration.create(contract, 1)
	frappe.db.commit()
	translator, auditor = office(TRANSLATOR), office("Configuration Auditor")
	translator.takes(PRODUCTION_CONFIGURATION, name, "Begin Translation")
	page = translator.opens(PRODUCTION_CONFIGURATION, name)
	assert page.evaluate("cur_frm.doc.lines.length") == ASSEMBLIES
	page.evaluate("cur_frm.set_value({ livery_status: 'Library Pattern', livery_pattern: 'P-118' })")
	page.evaluate("cur_frm.save()")
	page.wait_for_function(SAVED)
	take_picture(page, "production-translated")
	translator.takes(PRODUCTION_CONFIGURATION, name, "Submit for Audit")

	producing.not_drawn(name)
	frappe.db.commit()
	assert "translat" in translator.tries(PRODUCTION_CONFIGURATION, name, "Pass Audit").lower()
	take_picture(translator.page, "production-audit-refused")
	assert status(PRODUCTION_CONFIGURATION, name) == "Auditing"

	page = auditor.opens(PRODUCTION_CONFIGURATION, name)
	rows = page.locator(".or-audit tbody tr")
	expect(rows.first).to_be_visible()
	rows.first.locator(".or-tick").check()
	expect(page.locator(".or-ticked")).to_have_text("1")
	page.locator(".or-tick-shown").click()
	expect(page.locator(".or-ticked")).to_have_text(str(rows.count()))
	take_picture(page, "production-audit")
	auditor.takes(PRODUCTION_CONFIGURATION, name, "Pass Audit")

	frappe.db.rollback()
	for department in ("PRODMGT", "PLAN"):
		role, fields = ANSWERS[department]
		office(role).answers(_asked(name, department), "Agree", **fields)
	page = office("Order Administrator").opens(PRODUCTION_CONFIGURATION, name)
	page.locator(".actions-btn-group button:visible").first.click()
	page.locator(".actions-btn-group").get_by_text("Release", exact=True).click()
	page.wait_for_function("() => cur_frm.doc.status === 'Released' && cur_frm.doc.sales_order")
	page.wait_for_load_state("networkidle")
	take_picture(page, "production-released")

	frappe.db.rollback()
	made = producing.pcf(name)
	assert frappe.db.get_value("Sales Order", made.sales_order, "docstatus") == 1
	assert frappe.db.get_value("BOM", made.bom, "docstatus") == 1
	assert frappe.db.count("BOM Item", {"parent": made.bom}) == ASSEMBLIES
	assert frappe.db.get_value("Sales Order Item", {"parent": made.sales_order}, "item_code") == made.item
	assert status(SALES_CONTRACT, contract) == "In Fulfilment"


def _asked(name: str, department: str) -> str:
	filters = {"reference_name": name, "department": department, "status": "Open"}
	return str(frappe.db.get_value("Review Task", filters))
