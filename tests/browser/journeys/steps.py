"""The parts of the main journey, from a new order to the Sales Order and the BOM, each by who does it."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta

import frappe
from playwright.sync_api import expect
from pypdf import PdfWriter

from tests.browser.journeys.people import People, Person
from tests.browser.journeys.story import WISH, Story

CUSTOMER = "江南旅运集团有限公司(示例)"
MODEL = "XQK6128H"


def days(ahead: int) -> str:
	"""A day so many days from now."""
	return str(date.today() + timedelta(days=ahead))


# --- the order ----------------------------------------------------------------------------------------------


def enter_order(people: People, story: Story) -> None:
	"""A salesperson enters a new order, runs into a conflict and repairs it, and saves."""
	sales = people("Salesperson")
	sales.begins_at("My Orders")
	sales.opens_new("Intent Order")
	sales.fills(order_type="Direct", customer=CUSTOMER)
	sales.fills(requested_delivery=days(150), model=MODEL)
	sales.page.wait_for_function("cur_frm.doc.configuration && cur_frm.doc.configuration.length > 20")
	sales.fills(qty=10)
	sales.picture("order-head")
	conflict_and_repair(sales)
	sales.saves()
	story.order = sales.name()
	sales.picture("order-saved")


def conflict_and_repair(sales: Person) -> None:
	"""The automatic transmission alone is in conflict; the first repair takes its retarder as well."""
	sales.tab("configuration_tab")
	page = sales.page
	page.wait_for_selector(".orc .orc-option")
	page.locator('.orc [data-option="TRN-AT6"]').click()
	proposal = page.locator(".orc-proposal")
	expect(proposal).to_be_visible()
	sales.picture("conflict-proposal")
	proposal.get_by_role("button", name=sales.word("Choose It Alone")).click()
	page.locator("[data-role=show-conflict]").click()
	expect(page.locator(".orc-repair").first).to_be_visible()
	sales.picture("conflict")
	page.locator(".orc-repair").first.get_by_role("button", name=sales.word("Apply Repair")).click()
	expect(page.locator("[data-role=validity]")).to_contain_text(sales.word("Valid configuration"))
	sales.settles()


def ask_for_special(people: People, story: Story) -> None:
	"""The salesperson asks for a special option, and has a price in mind."""
	sales = people("Salesperson")
	sales.opens("Intent Order", story.order)
	sales.presses("Request a Special Option", group="Special Options")
	sales.page.wait_for_function("cur_frm.doctype === 'Special Option Request'")
	sales.settles()
	sales.picture("special-new")
	sales.fills(**WISH)
	sales.saves()
	story.special = sales.name()
	sales.picture("special-requested")


def complete_order(people: People, story: Story) -> None:
	"""Price, payment and deposit are stated, and the order goes to the order administrators."""
	sales = people("Salesperson")
	sales.opens("Intent Order", story.order)
	sales.sees(story.special)
	sales.fills(negotiated_unit=870000, payment_mode="full_before_delivery", deposit_pct=10)
	sales.saves()
	sales.tab("review_tab")
	sales.picture("order-review")
	sales.takes("Submit for Review", becomes="Submitted")
	sales.picture("order-submitted")


def receive_order(people: People, story: Story) -> None:
	"""The order administrator finds it in the monitor, receives it and asks the departments."""
	administrator = people("Order Administrator")
	administrator.begins_at("Workplace")
	finds_in_monitor(administrator, story.order)
	administrator.takes("Receive", becomes="Received")
	administrator.picture("order-received")
	administrator.takes("Send to Opinions", becomes="Under Opinions")
	administrator.picture("order-under-opinions")


def finds_in_monitor(person: Person, name: str) -> None:
	"""Search a document in the review monitor and open what waits there."""
	person.goes("/app/review-monitor")
	page = person.page
	page.wait_for_selector(".orw-tabs")
	page.locator(".orw-tabs [role=tab]").nth(0).click()
	person.settles()
	box = page.locator("input[type=search]:visible").first
	box.fill(name)
	person.settles()
	person.picture("my-work")
	page.locator("tr", has_text=name).locator("a").first.click()
	page.wait_for_function(
		"window.cur_frm && !cur_frm.is_new() && !location.pathname.includes('review-monitor')"
	)
	person.settles()


ANSWERS: dict[str, tuple[str, dict[str, str]]] = {
	"TECH": (
		"Technical Reviewer",
		{
			"verdict_feasible": "Yes",
			"verdict_ccc": "Covered",
			"verdict_grade": "Met",
			"evidence_feasible": "图纸 C12-310",
			"evidence_ccc": "证书 2026-118",
			"evidence_grade": "JT/T 325",
		},
	),
	"FIN": ("Finance Reviewer", {"price_ok": "Right", "deposit_ok": "Right", "credit_ok": "Right"}),
	"PLAN": ("Planning Reviewer", {"proposed_date": days(140)}),
	"PRODMGT": ("Production Management Reviewer", {}),
	"SERVICE": ("Service Reviewer", {}),
	"MKTPLAN": ("Marketing Planner", {}),
	"SUPPLY": ("Supply Reviewer", {}),
	"QA": ("Quality Reviewer", {}),
}
"""Department → role that answers, and what it fills in when it agrees."""


def departments_agree(people: People, document: str) -> set[str]:
	"""Every department that is asked finds its task in the monitor and agrees; tells who was asked."""
	asked = open_tasks(document)
	for department in asked:
		role, fields = ANSWERS[department]
		reviewer = people(role)
		finds_in_monitor(reviewer, document)
		reviewer.answers("Agree", **fields)
	assert not open_tasks(document)
	return asked


def open_tasks(document: str) -> set[str]:
	"""Departments whose opinion on a document is open."""
	frappe.db.rollback()
	return set(
		frappe.get_all("Review Task", {"reference_name": document, "status": "Open"}, pluck="department")
	)


def order_opinions(people: People, story: Story) -> None:
	"""The departments agree with the order."""
	assert {"TECH", "FIN", "PLAN"} <= departments_agree(people, story.order)
	administrator = people("Order Administrator")
	administrator.opens("Intent Order", story.order)
	assert administrator.status() == "Consolidating"
	administrator.tab("opinions_tab")
	administrator.picture("order-opinions")


# --- the special option -------------------------------------------------------------------------------------


def check_special(people: People, story: Story) -> None:
	"""The order administrator sends the special option to the technical reviewer, who finds it feasible."""
	administrator = people("Order Administrator")
	administrator.opens("Special Option Request", story.special)
	administrator.takes("Send to Technical", becomes="Technical")
	technical = people("Technical Reviewer")
	technical.opens("Special Option Request", story.special)
	technical.fills(
		feasible="Yes", ccc_effect="None", grade_effect="None", drawing_no="DXC-1", technical_lead_days=5
	)
	technical.saves()
	technical.presses("Development Cost")
	technical.confirms(dev_cost=2000)
	technical.settles()
	technical.takes("Finish Technical Check", becomes="Costing")
	technical.picture("special-technical")


def quote_special(people: People, story: Story) -> None:
	"""Supply enters a quotation and chooses it."""
	supply = people("Supply Reviewer")
	supply.opens("Special Option Request", story.special)
	supply.presses("Add Quotation")
	supply.page.wait_for_function("cur_frm.doctype === 'Special Option Quotation'")
	supply.settles()
	supply.fills(
		supplier="江岸汽车附件有限公司(示例)", unit_cost=6000, lead_days=10, valid_to=days(90), is_chosen=1
	)
	supply.saves()
	supply.picture("special-quotation")
	supply.opens("Special Option Request", story.special)
	supply.takes("Finish Costing", becomes="Pricing")


def price_special(people: People, story: Story) -> None:
	"""Marketing planning makes the price from the costs, and finance releases it."""
	planner = people("Marketing Planner")
	planner.opens("Special Option Request", story.special)
	planner.presses("Make the Price")
	planner.page.wait_for_function("cur_frm.doctype === 'Special Option Cost'")
	planner.settles()
	planner.fills(markup_pct=40, floor_price=8000, valid_to=days(60))
	planner.saves()
	planner.picture("special-price")
	planner.opens("Special Option Request", story.special)
	planner.takes("Send to Finance", becomes="Finance Check")
	finance = people("Finance Reviewer")
	finance.opens("Special Option Request", story.special)
	finance.takes("Release Price", becomes="Priced")
	finance.picture("special-priced")


# --- the price ----------------------------------------------------------------------------------------------

LEVELS = {
	"L1": "Market Department Manager",
	"L2": "Sales Operations Manager",
	"L3": "Marketing VP",
	"L4": "Price Committee",
}


def approve_price(people: People, story: Story) -> None:
	"""Who judged the price judges it with the special option in it; then who has the authority approves it."""
	assert {"FIN", "MKTPLAN"} <= departments_agree(people, story.order)
	administrator = people("Order Administrator")
	administrator.opens("Intent Order", story.order)
	administrator.picture("order-special-priced")
	administrator.takes("Send to Price Approval", becomes="Price Approval")
	approver = people(LEVELS[level_of(story.order)])
	finds_in_monitor(approver, story.order)
	approver.presses("Approve", group="Price Approval")
	approver.confirms(reason="量大,客户重要")
	approver.settles()
	approver.no_box()
	approver.picture("price-approved")
	administrator.opens("Intent Order", story.order)
	administrator.takes("Make Valid", becomes="Valid")
	administrator.picture("order-valid")


def level_of(order: str) -> str:
	"""The authority the price needs."""
	frappe.db.rollback()
	return str(frappe.db.get_value("Intent Order Price Review", order, "approval_level"))


# --- the contract -------------------------------------------------------------------------------------------


def make_contract(people: People, story: Story) -> None:
	"""The salesperson makes the contract of the valid order, completes and submits it."""
	sales = people("Salesperson")
	sales.opens("Intent Order", story.order)
	sales.presses("Make Contract")
	sales.confirms()
	sales.page.wait_for_function("cur_frm.doctype === 'Sales Contract' && cur_frm.doc.name")
	sales.settles()
	story.contract = sales.name()
	sales.picture("contract-draft")
	sales.fills(signing_place="南京", delivery_place="南京", delivery_mode="Collected at Works")
	sales.saves()
	sales.picture("contract-complete")
	sales.takes("Submit for Review", becomes="Submitted")


def review_contract(people: People, story: Story) -> None:
	"""The order administrator receives the contract, asks for opinions, and approves it for signing."""
	administrator = people("Order Administrator")
	finds_in_monitor(administrator, story.contract)
	administrator.takes("Receive", becomes="Received")
	administrator.takes("Send to Opinions", becomes="Under Opinions")
	assert "FIN" in departments_agree(people, story.contract)
	administrator.opens("Sales Contract", story.contract)
	administrator.takes("Approve for Signing", becomes="Approved for Signing")
	administrator.picture("contract-approved")


def sign_contract(people: People, story: Story) -> None:
	"""The salesperson hands in the signed copy."""
	sales = people("Salesperson")
	sales.opens("Sales Contract", story.contract)
	sales.tab("signing_tab")
	sales.picture("contract-signing")
	pages, checksum = version_given_out(sales)
	attach(sales, "signed_file", f"{story.contract}-signed.pdf", scan(pages))
	sales.fills(signed_on=days(0), signed_pages=pages, signed_checksum=checksum)
	sales.saves()
	sales.takes("Hand In Signed Copy", becomes="Seal Pending")
	sales.picture("contract-handed-in")


def seal_contract(people: People, story: Story) -> None:
	"""The auditor writes the seal log and seals."""
	auditor = people("Configuration Auditor")
	finds_in_monitor(auditor, story.contract)
	auditor.presses("Write Seal Log")
	auditor.confirms(seal_no="HT-01")
	auditor.settles()
	auditor.takes("Seal", becomes="Signed")
	auditor.picture("contract-sealed")


def version_given_out(sales: Person) -> tuple[int, str]:
	"""Pages and checksum as the form tells them to who holds the signed copy."""
	told = sales.page.locator("[data-fieldname=signing_html]")
	checksum = told.locator("b").first.inner_text()
	numbers = [int(found) for found in re.findall(r"\d+", told.inner_text().split(checksum)[0])]
	return numbers[1], checksum.replace(" ", "")


def scan(pages: int) -> bytes:
	"""A PDF with empty pages."""
	writer, file = PdfWriter(), io.BytesIO()
	for _page in range(pages):
		writer.add_blank_page(595, 842)
	writer.write(file)
	return file.getvalue()


def attach(person: Person, field: str, name: str, content: bytes) -> None:
	"""Attach a file from the person's own disk to a field of the form."""
	page = person.page
	page.locator(f".frappe-control[data-fieldname={field}] .btn-attach").click()
	dialog = page.locator(".modal.show").last
	expect(dialog).to_have_css("opacity", "1")
	with page.expect_file_chooser() as chosen:
		dialog.locator(".btn-file-upload").first.click()
	chosen.value.set_files({"name": name, "mimeType": "application/pdf", "buffer": content})
	dialog.locator(".btn-modal-primary:visible").click()
	expect(dialog).to_be_hidden()
	person.settles()


def record_deposit(people: People, story: Story) -> None:
	"""Finance records and confirms the deposit; the contract is in force then."""
	finance = people("Finance Reviewer")
	finance.opens("Sales Contract", story.contract)
	finance.picture("deposit-missing")
	enter_payment(finance)
	finance.opens("Sales Contract", story.contract)
	finance.presses("Confirm Deposit")
	finance.page.wait_for_function("cur_frm.doc.status === 'Effective'")
	finance.settles()
	finance.picture("contract-effective")


def enter_payment(finance: Person) -> None:
	"""The payment opens filled in; finance adds the bank's reference, saves and submits."""
	finance.presses("Record Deposit")
	finance.page.wait_for_function("cur_frm.doctype === 'Payment Entry'")
	finance.settles()
	finance.picture("deposit-new")
	finance.fills(reference_no="T-1", reference_date=days(0))
	finance.saves()
	finance.page.locator(".page-head:visible .primary-action:visible").click()
	finance.confirms()
	finance.page.wait_for_function("cur_frm.doc.docstatus === 1")
	finance.settles()
	finance.picture("deposit-submitted")


# --- the order entry ----------------------------------------------------------------------------------------


def translate(people: People, story: Story) -> None:
	"""The order administrator translates what was sold into what is built."""
	story.configuration = configuration_of(story.contract)
	administrator = people("Order Administrator")
	finds_in_monitor(administrator, story.configuration)
	administrator.takes("Begin Translation", becomes="Translating")
	administrator.picture("configuration-translating")
	administrator.fills(livery_status="None Needed")
	if story.special:
		administrator.tab("lines_tab")
		administrator.cell("specials", 1, "handling", "No Production Effect")
		administrator.cell("specials", 1, "reason", "随车散件交付,不入生产配置。")
	administrator.saves()
	administrator.picture("configuration-filled")
	administrator.takes("Submit for Audit", becomes="Auditing")


def configuration_of(contract: str) -> str:
	"""The production configuration the system began for the contract."""
	frappe.db.rollback()
	return str(frappe.db.get_value("Production Configuration", {"sales_contract": contract}, "name"))


def audit(people: People, story: Story) -> None:
	"""The auditor ticks every row and passes the translation; what was drawn he translates himself before."""
	auditor = people("Configuration Auditor")
	if is_drawn(story.configuration):
		translate_blindly(auditor, story)
	auditor.opens("Production Configuration", story.configuration)
	auditor.tab("audit_tab")
	auditor.picture("configuration-audit")
	auditor.page.locator(".or-tick-shown").click()
	auditor.settles()
	auditor.picture("configuration-ticked")
	auditor.takes("Pass Audit", becomes="Department Confirmation")


def is_drawn(configuration: str) -> bool:
	"""Whether the configuration waits for its blind re-check."""
	frappe.db.rollback()
	return bool(frappe.db.get_value("Production Configuration", configuration, "blind_state") == "Drawn")


def translate_blindly(auditor: Person, story: Story) -> None:
	"""The auditor's own translation: he writes what he is sure of and hands it in."""
	finds_in_monitor(auditor, story.contract)
	auditor.page.wait_for_function("cur_frm.doctype === 'Blind Translation'")
	auditor.cell("lines", 1, "assembly_no", "1000010-C12-D220")
	auditor.picture("blind-translation")
	auditor.saves()
	auditor.presses("Hand In")
	auditor.confirms()
	auditor.page.wait_for_function("cur_frm.doc.status === 'Handed In'")
	auditor.settles()
	auditor.picture("blind-handed-in")


def confirm_and_release(people: People, story: Story) -> None:
	"""The departments confirm, and the order administrator releases."""
	assert departments_agree(people, story.configuration) == {"PRODMGT", "PLAN"}
	administrator = people("Order Administrator")
	administrator.opens("Production Configuration", story.configuration)
	administrator.takes("Release", becomes="Released")
	administrator.picture("configuration-released")
	assert administrator.page.locator(".desk-alert").count() <= 2


def open_what_was_made(people: People, story: Story) -> None:
	"""The order administrator opens the Sales Order and the BOM."""
	administrator = people("Order Administrator")
	for doctype in ("Sales Order", "BOM"):
		administrator.opens("Production Configuration", story.configuration)
		administrator.presses(doctype, group="Open")
		administrator.page.wait_for_function("doctype => cur_frm && cur_frm.doctype === doctype", arg=doctype)
		administrator.settles()
		administrator.picture(doctype.lower().replace(" ", "-"))
