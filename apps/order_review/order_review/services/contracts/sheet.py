"""The contract and its annex on the site: what is printed, its pages and checksum."""

from __future__ import annotations

import hashlib
import io
import json
from typing import Any

import frappe
from frappe.contacts.doctype.address.address import get_default_address
from frappe.model.document import Document
from frappe.utils import cint, cstr, flt, now_datetime, strip_html

from order_review.prints import contract as contract_print
from order_review.prints import render_html, render_pdf
from order_review.services import catalogue_store, diffs, print_pdf
from order_review.services.contracts import review, rounds
from order_review.services.contracts.lines import LIVERY, claims_of, rows_of


def sales_contract_sheet(contract: Document, internal: bool = False) -> str:
	"""The contract for its print formats, in the language that is printed.

	Args:
		internal: the copy with what differs from the intent orders and between rounds, which is not for signing.
	"""
	contract.check_permission("read")
	lang = diffs.language()
	page = internal_html(contract, lang, _printed()) if internal else html(contract, lang, _printed())
	return print_pdf.marked(page)


def html(contract: Document, lang: str, printed: str = "") -> str:
	"""The contract as a whole HTML page; a draft as long as no version was given out for signing, or while it is back
	with the salesperson."""
	issued = bool(contract.prints) and content_hash(contract) == contract.prints[-1].content_hash
	return _html(contract, lang, issued=issued, printed=printed)


def internal_html(contract: Document, lang: str, printed: str = "") -> str:
	"""The internal copy as a whole HTML page."""
	shown = {
		"differences": review.seen_differences(contract),
		"rounds": [
			{
				"number": row.round_no,
				"day": cstr(row.submitted_on)[:10],
				"who": frappe.utils.get_fullname(row.submitted_by),
				"changes": json.loads(row.changes or "[]"),
			}
			for row in contract.rounds
			if cint(row.round_no) > 1
		],
		"versions": [
			{
				"version": row.version,
				"day": cstr(row.approved_on)[:10],
				"pages": row.pages,
				"checksum": row.annex_checksum,
			}
			for row in contract.prints
		],
	}
	return _html(contract, lang, issued=False, printed=printed, shown=shown)


def _html(
	contract: Document, lang: str, *, issued: bool, printed: str = "", shown: dict[str, Any] | None = None
) -> str:
	context = contract_print.contract_sheet(
		catalogue_store.current(), content(contract), lang, issued=issued, printed=printed, review=shown
	)
	return render_html("contract.html", context, lang)


def pages(contract: Document) -> int:
	"""Number of pages of the contract in its own language, as it is given out for signing."""
	from pypdf import PdfReader

	pdf = render_pdf(_html(contract, contract.print_language, issued=True, printed=_printed()))
	return len(PdfReader(io.BytesIO(pdf)).pages)


def annex_checksum(contract: Document) -> str:
	"""SHA-256 of the annex of the contract's present version."""
	return contract_print.annex_checksum(content(contract))


def content_hash(contract: Document) -> str:
	"""SHA-256 of everything the contract says; another content is another version."""
	said = [contract.name, contract.customer, contract.dealer, contract.currency, rounds.content_of(contract)]
	text = json.dumps(said, ensure_ascii=False, sort_keys=True)
	return hashlib.sha256(text.encode()).hexdigest()


def content(contract: Document) -> dict[str, Any]:
	"""What the contract says: an allow-list of its fields, nothing of floor, cost or review."""
	return {
		"number": contract.name,
		"version": cint(contract.version) or 1,
		"language": contract.print_language,
		"contract_date": cstr(contract.contract_date),
		"export": contract.order_type == "Export",
		"buyer": _party("Customer", contract.customer, "customer_name"),
		"seller": _party("Company", contract.company, "company_name"),
		"lines": [_line(contract, row) for row in contract.lines],
		"total": flt(contract.total),
		"deposit": {
			"kind": contract.deposit_kind,
			"pct": flt(contract.deposit_pct),
			"amount": flt(contract.deposit_amount),
		},
		"payments": [
			{
				"milestone": row.milestone,
				"pct": flt(row.pct),
				"amount": flt(row.amount),
				"days": cint(row.days),
				"remark": row.remark,
			}
			for row in contract.payments
		],
		**{
			name: contract.get(name)
			for name in (
				"dealer signing_place currency incoterm payment_mode delivery_place delivery_mode acceptance service_terms "
				"liability dispute_resolution"
			).split()
		},
	}


def _line(contract: Document, line: Document) -> dict[str, Any]:
	number = line.line_no
	plain = ("line_no", "model", "grade", "use", "livery_reference", "seat_plan", "delivery_lots")
	return {
		**{name: line.get(name) for name in plain},
		"qty": cint(line.qty),
		"unit_price": flt(line.unit_price),
		"amount": flt(line.amount),
		"delivery_date": cstr(line.delivery_date),
		"options": [
			{"option": row.vehicle_option, "remark": row.remark}
			for row in rows_of(contract, "options", number)
		],
		"specials": [
			{"request_no": row.request_no, "name": row.name_zh, "drawing_no": row.drawing_no}
			for row in rows_of(contract, "specials", number)
		],
		"livery_files": [row.entry for row in claims_of(contract, number, LIVERY)],
	}


def _party(doctype: str, name: str, name_field: str) -> dict[str, str]:
	"""Name, address and tax number of a party as the contract states them."""
	known, tax_id = frappe.db.get_value(doctype, name, [name_field, "tax_id"]) or (name, "")
	address = get_default_address(doctype, name)
	text = ""
	if address:
		fields = ["pincode", "state", "city", "address_line1", "address_line2"]
		found = frappe.db.get_value("Address", address, fields) or ()
		text = " ".join(strip_html(part) for part in found if part)
	return {"name": known or name, "tax_id": tax_id or "", "address": text}


def _printed() -> str:
	return f"{frappe.utils.get_fullname()} {now_datetime():%Y-%m-%d %H:%M}"
