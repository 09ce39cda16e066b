"""PDFs of our print formats by WeasyPrint, and our sheet wherever one of our documents is printed."""

from __future__ import annotations

import io
import re
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint
from frappe.www.printview import get_print_format

from order_review.prints import render_pdf
from order_review.prints.marks import marked, page_in

__all__ = ["GENERATOR", "body_html", "file_name", "marked", "our_format", "pdf_generator", "set_generator"]

GENERATOR = "weasyprint"
"""Name of the generator in our print formats."""

_BODY_HOOK = "order_review.services.print_pdf.body_html"
_NOT_IN_NAMES = re.compile(r'[\s/\\:*?"<>|]+')


def pdf_generator(
	print_format: str | None = None,
	html: str = "",
	options: dict[str, Any] | None = None,
	output: Any = None,
	pdf_generator: str | None = None,
) -> Any:
	"""Frappe's hook: the PDF of a marked page; None where the page or the generator is not ours.

	Args:
		output: a pypdf writer the pages are added to, when several documents go into one file.
	"""
	page = page_in(html) if pdf_generator == GENERATOR else None
	if page is None:
		return None
	pdf = _locked(render_pdf(page), (options or {}).get("password"))
	if output is None:
		return pdf
	from pypdf import PdfReader

	output.append_pages_from_reader(PdfReader(io.BytesIO(pdf)))
	return output


def _locked(pdf: bytes, password: str | None) -> bytes:
	"""The PDF, to be opened with the password where one is asked for."""
	if not password:
		return pdf
	from pypdf import PdfReader, PdfWriter

	writer = PdfWriter()
	writer.append_pages_from_reader(PdfReader(io.BytesIO(pdf)))
	writer.encrypt(password)
	target = io.BytesIO()
	writer.write(target)
	return target.getvalue()


def body_html(jenv: Any, template: Any, print_format: Document | None, args: dict[str, Any]) -> str:
	"""Frappe's hook for the body of every print: a document of ours without a print format gets its sheet.

	Everything else goes to the hook that was there before.
	"""
	document = args["doc"]
	sheet = None if print_format else our_format(document.doctype)
	if sheet:
		print_format = frappe.get_doc("Print Format", sheet)
		template = jenv.from_string(get_print_format(document.doctype, print_format))
	before = next(hook for hook in reversed(frappe.get_hooks("pdf_body_html")) if hook != _BODY_HOOK)
	return str(frappe.get_attr(before)(jenv=jenv, template=template, print_format=print_format, args=args))


def our_format(doctype: str, wanted: str | None = None) -> str | None:
	"""The sheet of ours a document is printed with: the one asked for, or the document's own; None where it is none of ours."""
	name = wanted if wanted and wanted not in ("Standard", "null", "undefined") else None
	name = name or frappe.get_meta(doctype).default_print_format
	if not name or frappe.get_cached_value("Print Format", name, "pdf_generator") != GENERATOR:
		return None
	return str(name)


def set_generator(doctype: str, wanted: str | None = None) -> str | None:
	"""Have the PDF of this request made by our generator where the sheet is ours; the print format to be used."""
	sheet = our_format(doctype, wanted)
	if sheet:
		frappe.local.form_dict.pdf_generator = GENERATOR
	return sheet or wanted


def file_name(doctype: str, name: str, sheet: str) -> str:
	"""Document, print format and version, without the ending: what a saved print is called."""
	parts = [name, _(sheet), _version(doctype, name)]
	return "_".join(_NOT_IN_NAMES.sub("-", part) for part in parts if part)


def _version(doctype: str, name: str) -> str:
	"""Version of a document, or the round it is reviewed in."""
	meta = frappe.get_meta(doctype)
	for field, letter in (("version", "v"), ("review_round", "r")):
		if meta.has_field(field):
			return f"{letter}{cint(frappe.db.get_value(doctype, name, field)) or 1}"
	return ""
