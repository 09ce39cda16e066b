"""The livery confirmation on paper (图案确认单): what is printed, and the print format's function."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import cint, get_url_to_form, now_datetime

from order_review.constants import LIVERY_DESIGN
from order_review.prints import render_html, render_pdf
from order_review.prints.livery_confirmation import livery_confirmation
from order_review.services import catalogue_store, print_pdf

_PICTURES = {
	"png": "image/png",
	"jpg": "image/jpeg",
	"jpeg": "image/jpeg",
	"gif": "image/gif",
	"webp": "image/webp",
}
_LARGEST = 8 * 1024 * 1024


def livery_confirmation_sheet(design: Document) -> str:
	"""The sheet for the print format, in the language that is printed."""
	return print_pdf.marked(html(design, "zh" if (frappe.local.lang or "").startswith("zh") else "en"))


def pdf(design: Document, lang: str) -> bytes:
	"""The sheet as a PDF."""
	return render_pdf(html(design, lang))


def html(design: Document, lang: str) -> str:
	"""The sheet as a whole HTML page, in zh or en."""
	context = livery_confirmation(
		content(design, lang),
		lang,
		printed=f"{frappe.utils.get_fullname()} {now_datetime():%Y-%m-%d %H:%M}",
		verify_url=get_url_to_form(LIVERY_DESIGN, design.name),
	)
	return render_html("livery_confirmation.html", context, lang)


def content(design: Document, lang: str) -> dict[str, Any]:
	"""What the sheet says."""
	model = catalogue_store.current().models.get(design.model)
	plain = "status model qty livery_type pattern_no surface wishes confirmed_by company".split()
	return {
		"id": design.name,
		**{name: design.get(name) for name in plain},
		"version": cint(design.version) or 1,
		"contract": design.sales_contract,
		"line": design.contract_line,
		"model_name": getattr(model, "name_zh" if lang == "zh" else "name_en", ""),
		"customer": frappe.db.get_value("Customer", design.customer, "customer_name") or design.customer,
		"market_department": _department(design.market_department, lang),
		"needed_by": str(design.needed_by or ""),
		"confirmed_on": str(design.confirmed_on or ""),
		"note": design.design_note,
		"colours": [
			{"position": row.position, "code": row.colour_code, "name": row.colour_name, "remark": row.remark}
			for row in design.colours
		],
		"views": [_view(design, row) for row in design.views],
	}


def _view(design: Document, row: Document) -> dict[str, Any]:
	"""A view with its picture inside the page, where the file is a picture and is attached to this very design."""
	file_name = (row.image or "").rsplit("/", 1)[-1]
	inside = _content_of(design, row.image)
	kind = _PICTURES.get(file_name.rsplit(".", 1)[-1].lower())
	picture = ""
	if inside and kind and len(inside) <= _LARGEST:
		picture = f"data:{kind};base64,{base64.b64encode(inside).decode()}"
	digest = hashlib.sha256(inside or (row.image or "").encode()).hexdigest()
	return {"view": row.view, "remark": row.remark, "file": file_name, "picture": picture, "digest": digest}


def _content_of(design: Document, url: str | None) -> bytes | None:
	name = frappe.db.get_value(
		"File", {"file_url": url, "attached_to_doctype": LIVERY_DESIGN, "attached_to_name": design.name}
	)
	if not url or not name:
		return None
	file = frappe.get_doc("File", name)
	if not file.exists_on_disk():
		return None
	found = file.get_content()
	return found.encode() if isinstance(found, str) else found


def _department(name: str | None, lang: str) -> str:
	row = frappe.db.get_value("Department", name, ["department_name", "department_name_en"]) if name else None
	chinese, english = row or ("", "")
	return (english if lang == "en" else chinese) or chinese or name or ""
