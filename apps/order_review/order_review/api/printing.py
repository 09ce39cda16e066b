"""Frappe's ways to a PDF, for our sheets as well: its own functions do the work, and files are named by what they hold."""

from __future__ import annotations

import json
from typing import Any

import frappe
from frappe import _
from frappe.utils import print_format as frappe_prints

from order_review.services import print_files, print_pdf

_KNOWN_TO_FRAPPE = ("wkhtmltopdf", "chrome")


@frappe.whitelist(allow_guest=True)
def download_pdf(
	doctype: str,
	name: str,
	format: str | None = None,
	doc: Any = None,
	no_letterhead: Any = 0,
	language: str | None = None,
	letterhead: str | None = None,
	pdf_generator: str | None = None,
) -> None:
	"""Frappe's PDF of one document; a document of ours comes as its sheet, whatever format or generator is asked for.

	Args:
		doc: never taken from outside; the document printed is the one that is kept.
	"""
	chosen = print_pdf.set_generator(doctype, format)
	known = pdf_generator if pdf_generator in _KNOWN_TO_FRAPPE else None
	frappe_prints.download_pdf(doctype, name, chosen, None, no_letterhead, language, letterhead, known)
	frappe.local.response.filename = print_files.sent_name(doctype, [name], chosen)


@frappe.whitelist()
def download_multi_pdf(
	doctype: str | dict[str, list[str]],
	name: str | list[str],
	format: str | None = None,
	no_letterhead: Any = False,
	letterhead: str | None = None,
	options: str | None = None,
) -> None:
	"""Frappe's PDF of several documents; those of ours come as their sheets."""
	if isinstance(doctype, dict) or not print_pdf.our_format(doctype, format):
		frappe_prints.download_multi_pdf(doctype, name, format, no_letterhead, letterhead, options)
		return
	names = _names(name)
	chosen = print_pdf.set_generator(doctype, format)
	frappe.local.response.filecontent = print_files.together(doctype, names, chosen)
	frappe.local.response.filename = print_files.sent_name(doctype, names, chosen)
	frappe.local.response.type = "pdf"


@frappe.whitelist()
def download_multi_pdf_async(
	doctype: str | dict[str, list[str]],
	name: str | list[str],
	format: str | None = None,
	no_letterhead: Any = False,
	letterhead: str | None = None,
	options: str | None = None,
) -> dict[str, str]:
	"""The same in the background; the file is told to whom asked for it when it is ready."""
	chosen = None if isinstance(doctype, dict) else print_pdf.our_format(doctype, format)
	if isinstance(doctype, dict) or not chosen:
		return frappe_prints.download_multi_pdf_async(
			doctype, name, format, no_letterhead, letterhead, options
		)
	task = frappe.generate_hash()
	frappe.enqueue(
		print_files.together_later,
		queue="long",
		doctype=doctype,
		names=_names(name),
		sheet=chosen,
		task=task,
		lang=frappe.local.lang,
	)
	frappe.local.response["http_status_code"] = 201
	return {"task_id": task}


def _names(sent: str | list[str]) -> list[str]:
	"""The documents a client names, as JSON or as a list."""
	try:
		names = json.loads(sent) if isinstance(sent, str) else sent
	except ValueError:
		names = None
	if not isinstance(names, list) or not names or not all(isinstance(one, str) for one in names):
		frappe.throw(_("Select the documents to print."), title=_("Nothing to Print"))
	return list(names)
