"""The delivery commitment on paper (交货期确认单): what is printed, and the print format's function."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import cint, date_diff, get_datetime, get_url_to_form, getdate, now_datetime

from order_review.constants import DELIVERY_COMMITMENT
from order_review.engine.delivery import week_label
from order_review.prints import render_html, render_pdf
from order_review.prints.delivery_commitment import delivery_commitment
from order_review.services import catalogue_store, print_pdf

_PLAIN = "status reference_name reference_line model qty sales_person dealer company reason is_over_capacity".split()


def delivery_commitment_sheet(commitment: Document) -> str:
	"""The sheet for the print format, in the language that is printed."""
	return print_pdf.marked(html(commitment, "zh" if (frappe.local.lang or "").startswith("zh") else "en"))


def pdf(commitment: Document, lang: str) -> bytes:
	"""The sheet as a PDF."""
	return render_pdf(html(commitment, lang))


def html(commitment: Document, lang: str) -> str:
	"""The sheet as a whole HTML page, in zh or en."""
	context = delivery_commitment(
		content(commitment, lang),
		lang,
		printed=f"{frappe.utils.get_fullname()} {now_datetime():%Y-%m-%d %H:%M}",
		verify_url=get_url_to_form(DELIVERY_COMMITMENT, commitment.name),
	)
	return render_html("delivery_commitment.html", context, lang)


def content(commitment: Document, lang: str) -> dict[str, Any]:
	"""What the sheet says."""
	model = catalogue_store.current().models.get(commitment.model)
	wish, committed = commitment.wish, commitment.committed_date
	return {
		"id": commitment.name,
		**{name: commitment.get(name) for name in _PLAIN},
		"model_name": getattr(model, "name_zh" if lang == "zh" else "name_en", ""),
		"customer": frappe.db.get_value("Customer", commitment.customer, "customer_name")
		if commitment.customer
		else None,
		"market_department": _department(commitment.market_department, lang),
		"wish": str(wish or ""),
		"earliest": str(commitment.earliest or ""),
		"committed_date": str(committed or ""),
		"days_late": date_diff(committed, wish) if committed and wish else None,
		"lots": [_lot(row) for row in commitment.lots],
		"proposals": [_proposal(row) for row in commitment.proposals],
	}


def _lot(row: Document) -> dict[str, Any]:
	day = getdate(row.delivery_date)
	return {"qty": cint(row.qty), "day": day.isoformat(), "week": week_label(day), "note": row.note}


def _proposal(row: Document) -> dict[str, Any]:
	return {
		"on": f"{get_datetime(row.proposed_on):%Y-%m-%d %H:%M}",
		"by": frappe.utils.get_fullname(row.proposed_by),
		"what": row.lots or str(row.committed_date),
		"reason": row.reason,
		"answer": row.answer,
		"answered_by": frappe.utils.get_fullname(row.answered_by) if row.answered_by else "",
		"answer_reason": row.answer_reason,
	}


def _department(name: str | None, lang: str) -> str:
	if not name:
		return ""
	fields = ["department_name", "department_name_en"]
	chinese, english = frappe.db.get_value("Department", name, fields) or ("", "")
	return str((english if lang == "en" else chinese) or chinese or name)
