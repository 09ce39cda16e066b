"""Printing: our sheet comes whichever way a document is printed, and ERPNext's own documents print as well."""

from __future__ import annotations

import io
import json
from typing import Any

import frappe
import pytest
from frappe.www.printview import get_html_and_style
from pypdf import PdfReader

from order_review.api import printing
from order_review.services import print_files, print_pdf
from tests.site.reviewing import to_opinions
from tests.site.visiting import Visitor

SHEETS = {
	"Intent Order": ("Intent Order Review Sheet", "Intent Order Review Sheet"),
	"Delivery Date Commitment": ("Delivery Commitment", "Delivery"),
	"Production Configuration": ("Production Configuration Sheet", "Production Configuration Sheet"),
	"Livery Design": ("Livery Confirmation", "Livery Confirmation"),
	"Special Option Request": ("Special Option Price Notice", "Special-Option"),
	"Sales Contract": ("Sales Contract With Annex", "Contract"),
	"Monthly Quality Score": ("Contract Quality Sheet", "Contract Quality"),
}
"""DocType → its print format, and words that stand on the sheet."""

INTERNAL = "Intent Order Review Sheet Internal"
FLOOR = "825,200"
"""Floor price of IO-01, which no salesperson may learn."""
DOWNLOAD = "frappe.utils.print_format.download_pdf"


@pytest.fixture(autouse=True)
def a_request_of_its_own() -> None:
	"""Frappe remembers the generator of a request's first print."""
	frappe.local.form_dict = frappe._dict()
	frappe.local.response = frappe._dict()
	frappe.local.lang = "en"


def text_of(pdf: bytes) -> str:
	return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def downloaded(doctype: str, name: str, **asked: Any) -> tuple[str, str]:
	"""Name and text of the file a browser gets."""
	printing.download_pdf(doctype, name, **asked)
	answer = frappe.local.response
	return str(answer.filename), text_of(answer.filecontent)


def order(external_id: str) -> str:
	return str(frappe.db.get_value("Intent Order", {"external_id": external_id}))


ASKED: tuple[tuple[str, dict[str, str]], ...] = (
	*((doctype, {}) for doctype in SHEETS),
	("Intent Order", {"format": "Standard"}),
	("Sales Contract", {"pdf_generator": "weasyprint"}),
	("Sales Contract", {"pdf_generator": "wkhtmltopdf", "format": "Standard"}),
)


@pytest.mark.parametrize(("doctype", "asked"), ASKED)
def test_a_document_of_ours_is_printed_as_its_sheet(
	demo_site: str, doctype: str, asked: dict[str, str]
) -> None:
	name = frappe.db.get_value(doctype, {"docstatus": ["<", 2]})
	print_format, words = SHEETS[doctype]
	assert frappe.get_meta(doctype).default_print_format == print_format
	file_name, text = downloaded(doctype, name, **asked)
	assert words in " ".join(text.split())
	assert file_name.startswith(f"{name}_{print_format.replace(' ', '-')}")
	assert file_name.endswith(".pdf")


def test_the_page_of_the_printer_icon_shows_the_sheet_whatever_format_is_left_blank(demo_site: str) -> None:
	document = frappe.get_doc("Intent Order", order("IO-01"))
	shown = get_html_and_style(doc=document.as_json(), print_format="Standard")["html"]
	assert "Intent Order Review Sheet" in shown
	assert "print-heading" not in shown


def test_a_file_is_named_by_document_print_format_and_version_in_the_language_printed(demo_site: str) -> None:
	frappe.local.lang = "zh"
	name = order("IO-01")
	assert downloaded("Intent Order", name)[0] == f"{name}_有效意向订单评审表_r1.pdf"


def test_several_orders_come_in_one_file(demo_site: str) -> None:
	names = [order("IO-01"), order("IO-02")]
	frappe.set_user("oa@review.localhost")
	printing.download_multi_pdf("Intent Order", json.dumps(names), "Standard")
	text = text_of(frappe.local.response.filecontent)
	assert all(name in text for name in names)
	assert frappe.local.response.filename.startswith("Intent-Order-Review-Sheet_2_")


def test_several_orders_are_printed_in_the_background(demo_site: str) -> None:
	frappe.set_user("oa@review.localhost")
	print_files.together_later(
		"Intent Order", [order("IO-01"), order("IO-02")], INTERNAL, task="task", lang="zh"
	)
	file = frappe.get_last_doc("File", {"file_name": ["like", "%内部%"]})
	assert file.is_private
	assert "有效意向订单评审表" in text_of(file.get_content())


def test_one_document_that_may_not_be_printed_stops_the_whole(demo_site: str) -> None:
	foreign = order("IO-03")
	north = frappe.db.get_value("Department", {"department_code": "MARKET-N"})
	frappe.db.set_value("Intent Order", foreign, {"market_department": north, "owner": "Administrator"})
	frappe.set_user("sp@review.localhost")
	with pytest.raises(frappe.PermissionError):
		printing.download_multi_pdf("Intent Order", json.dumps([order("IO-01"), foreign]))


@pytest.mark.parametrize("sent", ["not json", "{}", "[]", "[1]"])
def test_whoever_selects_nothing_is_told(demo_site: str, sent: str) -> None:
	with pytest.raises(frappe.ValidationError, match="Select the documents"):
		printing.download_multi_pdf("Intent Order", sent)


def mail_with(sheet: str, name: str) -> Any:
	"""A mail waiting to be sent with a print, as the mail dialog of a form writes it."""
	return frappe.get_doc(
		{
			"doctype": "Email Queue",
			"sender": "sp@review.localhost",
			"message": "MIME-Version: 1.0\n\n",
			"reference_doctype": "Intent Order",
			"reference_name": name,
			"recipients": [{"recipient": "customer@example.com"}],
			"attachments": json.dumps(
				[
					{
						"print_format_attachment": 1,
						"print_format": sheet,
						"doctype": "Intent Order",
						"name": name,
						"lang": "en",
					}
				]
			),
		}
	).insert(ignore_permissions=True)


@pytest.mark.parametrize("sheet", ["Standard", "Intent Order Review Sheet", INTERNAL])
def test_a_mail_takes_the_sheet_along_as_its_writer_may_see_it(demo_site: str, sheet: str) -> None:
	frappe.set_user("sp@review.localhost")
	mail = mail_with(sheet, order("IO-01"))
	frappe.set_user("Administrator")
	(attached,) = json.loads(frappe.db.get_value("Email Queue", mail.name, "attachments"))
	file = frappe.get_doc("File", attached["fid"])
	text = text_of(file.get_content())
	assert "855,978" in text
	assert FLOOR not in text
	assert file.file_name.startswith(f"{order('IO-01')}_Intent-Order-Review-Sheet")


def test_who_knows_the_floor_price_may_mail_the_internal_copy(demo_site: str) -> None:
	frappe.set_user("oa@review.localhost")
	mail = mail_with(INTERNAL, order("IO-01"))
	(attached,) = json.loads(mail.attachments)
	assert FLOOR in text_of(frappe.get_doc("File", attached["fid"]).get_content())


def test_a_print_without_a_format_is_the_sheet_even_where_the_host_makes_the_pdf(demo_site: str) -> None:
	"""As a workflow or a payment request of the host attaches prints: no format, no generator."""
	attached = frappe.attach_print("Intent Order", order("IO-01"))
	assert "Intent Order Review Sheet" in " ".join(text_of(attached["fcontent"]).split())


def test_documents_of_erpnext_are_printed_as_pdf_with_page_numbers(demo_site: str) -> None:
	customer = frappe.db.get_value("Intent Order", order("IO-01"), "customer")
	_file, text = downloaded("Customer", customer)
	assert frappe.db.get_value("Customer", customer, "customer_name") in text
	assert "Page 1 of" in text


def test_the_browser_gets_them_by_the_addresses_the_desk_uses(
	web_address: str, logins: dict[str, dict[str, str]]
) -> None:
	name = order("IO-01")
	login = logins["Salesperson"]
	visitor = Visitor(web_address, login["user"], login["password"])
	for asked in ({}, {"format": "Standard"}, {"format": INTERNAL, "pdf_generator": "weasyprint"}):
		status, text = visitor.get(f"/api/method/{DOWNLOAD}", doctype="Intent Order", name=name, **asked)
		assert (status, text[:4]) == (200, "%PDF"), text[:300]
	status, text = visitor.get(
		"/api/method/frappe.utils.print_format.download_multi_pdf",
		doctype="Intent Order",
		name=json.dumps([name]),
	)
	assert (status, text[:4]) == (200, "%PDF"), text[:300]
	assert visitor.get("/api/method/frappe.utils.pdf.is_wkhtmltopdf_valid") == (200, '{"message":true}')


def test_a_request_without_a_price_is_printed_as_a_request(demo_site: str) -> None:
	_file, text = downloaded("Special Option Request", "SPC-2026-0044")
	assert "this is not a price notice" in " ".join(text.split())


def test_the_version_stands_in_the_name(demo_site: str) -> None:
	to_opinions("IO-02")
	name = order("IO-02")
	frappe.db.set_value("Intent Order", name, "review_round", 3)
	assert print_pdf.file_name("Intent Order", name, INTERNAL).endswith("_r3")
