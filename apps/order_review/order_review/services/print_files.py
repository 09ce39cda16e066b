"""Files with prints of our documents: several in one PDF, in the background, and attached to mails."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.translate import print_language
from frappe.utils import getdate

from order_review.services import background, print_pdf


def sent_name(doctype: str, names: Sequence[str], sheet: str | None) -> str:
	"""Name of a PDF that is sent to the browser.

	Frappe writes it into the answer's head byte by byte, as a web server takes it and a browser reads it as UTF-8.
	"""
	return f"{_name(doctype, names, sheet)}.pdf"


def send(doctype: str, name: str, sheet: str, content: bytes, lang: str) -> None:
	"""Answer the request with the PDF of one document, named in the language it is printed in."""
	with print_language(lang):
		frappe.local.response.filename = sent_name(doctype, [name], sheet)
	frappe.local.response.filecontent = content
	frappe.local.response.type = "pdf"


def _name(doctype: str, names: Sequence[str], sheet: str | None) -> str:
	chosen = sheet or frappe.get_meta(doctype).default_print_format or "Standard"
	if len(names) == 1:
		return print_pdf.file_name(doctype, names[0], chosen)
	day = getdate().strftime("%Y-%m-%d")
	return f"{_(chosen)}_{len(names)}_{day}".replace(" ", "-").replace("/", "-")


def together(doctype: str, names: Sequence[str], sheet: str, task: str = "") -> bytes:
	"""The sheets of several documents in one PDF, in the order they were named.

	Nothing is left out without a word: a document that may not or cannot be printed stops the whole.

	Args:
		task: a background task whose user is told how far it is.
	"""
	from pypdf import PdfReader, PdfWriter

	writer = PdfWriter()
	for number, name in enumerate(names, start=1):
		pdf = frappe.get_print(doctype, name, sheet, as_pdf=True, pdf_generator=print_pdf.GENERATOR)
		writer.append_pages_from_reader(PdfReader(io.BytesIO(pdf)))
		if task:
			_tell(number, len(names), task)
	target = io.BytesIO()
	writer.write(target)
	return target.getvalue()


def _tell(done: int, total: int, task: str) -> None:
	words = _("{0} of {1} sheets are ready. Leave this page open.").format(done, total)
	frappe.publish_progress(
		done / total * 100, title=_("Printing Several Sheets"), description=words, task_id=task
	)


def together_later(doctype: str, names: list[str], sheet: str, task: str, lang: str) -> None:
	"""The same as a background job: a private file of the one who asked, told to his browser."""

	def work() -> Document:
		with print_language(lang):
			content, name = together(doctype, names, sheet, task), _name(doctype, names, sheet)
		return frappe.get_doc(
			{"doctype": "File", "file_name": f"{name}.pdf", "content": content, "is_private": 1}
		).insert()

	outcome = background.attempt(work, "Printing several sheets")
	about = ("File", outcome.result.name) if outcome.is_done else (doctype, names[0])
	background.report(outcome, *about, lambda: _("Printing of {0} sheets").format(len(names)))
	if outcome.is_done:
		frappe.publish_realtime(
			f"task_complete:{task}", message={"file_url": outcome.result.unique_url}, after_commit=True
		)


def print_attachments(mail: Document, method: str | None = None) -> None:
	"""Prints of our documents that go out with a mail are made when it is written, as who writes it may see them.

	Frappe prints attachments when the mail is sent, with the rights of the clock: the internal copy of an order would
	go to whoever may only write mails.
	"""
	attachments = json.loads(mail.attachments or "[]")
	made = [_printed(mail, row) or row for row in attachments]
	if made != attachments:
		mail.db_set("attachments", json.dumps(made), update_modified=False)


def _printed(mail: Document, row: dict[str, Any]) -> dict[str, Any] | None:
	"""The attachment as a file, where it is the print of a document of ours."""
	doctype, name = row.get("doctype"), row.get("name")
	if not (row.get("print_format_attachment") and doctype and name) or row.get("html"):
		return None
	sheet = print_pdf.our_format(doctype, row.get("print_format"))
	if not sheet:
		return None
	with print_language(row.get("lang") or frappe.local.lang):
		content = together(doctype, [name], sheet)
		file_name = f"{_name(doctype, [name], sheet)}.pdf"
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": file_name,
			"content": content,
			"is_private": 1,
			"attached_to_doctype": mail.doctype,
			"attached_to_name": mail.name,
		}
	).insert(ignore_permissions=True)
	return {"fid": file.name}
