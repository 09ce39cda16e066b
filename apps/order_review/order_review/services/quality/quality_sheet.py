"""The monthly contract quality sheet on the site: what is printed, for whom."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import get_url_to_form, now_datetime

from order_review.constants import MONTHLY_SCORE
from order_review.engine.quality import MOST_WEIGHT, weight
from order_review.prints import render_html
from order_review.prints.quality_sheet import quality_sheet
from order_review.services import print_pdf
from order_review.services.quality import scores
from order_review.services.quality.points import counted


def contract_quality_sheet(score: Document) -> str:
	"""The sheet for the print format, in the language that is printed."""
	return print_pdf.marked(html(score, "zh" if (frappe.local.lang or "").startswith("zh") else "en"))


def html(score: Document, lang: str) -> str:
	"""The sheet as a whole HTML page, in zh or en."""
	score.check_permission("read")
	context = quality_sheet(
		_figures(score, lang),
		_contracts(score),
		scores.trend(score),
		lang,
		most_weight=MOST_WEIGHT,
		printed=f"{frappe.utils.get_fullname()} {now_datetime():%Y-%m-%d %H:%M}",
		verify_url=get_url_to_form(MONTHLY_SCORE, score.name),
	)
	return render_html("quality_sheet.html", context, lang)


def _figures(score: Document, lang: str) -> dict[str, Any]:
	values = score.as_dict(convert_dates_to_str=True)
	return {
		**values,
		"month": score.quality_month,
		"market_department": _department(score.market_department, lang),
	}


def _department(name: str | None, lang: str) -> str:
	if not name:
		return ""
	chinese, english = frappe.db.get_value("Department", name, ["department_name", "department_name_en"])
	return (english if lang == "en" else chinese) or chinese or name


def _contracts(score: Document) -> list[dict[str, Any]]:
	"""The assessments behind the score; only those the reader may see."""
	own = {scores.KINDS[score.kind]: score.title}
	found = scores.assessments(score.quality_month, score.quality_month, permitted=True, **own)
	for one in found:
		one.weight = weight(one.qty or 0)
		one.customer = frappe.db.get_value("Customer", one.customer, "customer_name") if one.customer else ""
		for row in one.defects:
			row.counted = counted(row)
	return found
