"""The intent order review sheet (有效意向订单评审表) on the site: what is printed, and for whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_url_to_form, now_datetime

from order_review.adapters.intent_order import to_order_data
from order_review.constants import INTENT_ORDER, REVIEW_CONDITION, REVIEW_REASON, REVIEW_TASK
from order_review.engine.order import Order
from order_review.exceptions import OrderReviewError
from order_review.prints import render_html
from order_review.prints.review_sheet import review_sheet
from order_review.services import (
	catalogue_store,
	conditions,
	delegations,
	order_rounds,
	print_pdf,
	responsible,
	review_tasks,
	sheet_facts,
)
from order_review.services.review_intent_order import kept_review
from order_review.services.review_views import EVERYTHING, Clearance


def intent_order_review_sheet(order: Document, internal: bool = False) -> str:
	"""The sheet for a print format, in the language that is printed.

	Args:
		order: the intent order.
		internal: the copy with floor price, level and opinions; who may not know them gets the public copy.
	"""
	lang = "zh" if (frappe.local.lang or "").startswith("zh") else "en"
	return print_pdf.marked(html(order, lang, internal))


def html(order: Document, lang: str, internal: bool = False) -> str:
	"""The sheet as a whole HTML page.

	Raises:
		OrderReviewError: the order has not been reviewed yet.
	"""
	order.check_permission("read")
	whole = kept_review(order.name)
	if whole is None:
		message = _("{0} has no review yet. Save it first.").format(order.name)
		frappe.throw(message, title=_("Nothing to Print"), exc=OrderReviewError)
	is_internal_copy = internal and _clearance().prices(order.order_type == "Internal")
	catalogue = catalogue_store.current()
	read = Order.from_data(to_order_data(order.as_dict(), catalogue, {}, _people(order)), catalogue)
	context = review_sheet(
		catalogue,
		read,
		whole,
		lang,
		internal=is_internal_copy,
		production=is_internal_copy and _clearance().production,
		status=order.status,
		objected=review_tasks.is_objected(order),
		round_no=order.review_round or 1,
		round_changes=order_rounds.diff_rows(order).get(order.review_round),
		opinions=_opinions(order, lang) if is_internal_copy else (),
		settlements=sheet_facts.settlements(order, whole["findings"], internal=is_internal_copy),
		signatures=sheet_facts.signatures(order, lang, internal=is_internal_copy),
		committed_delivery=sheet_facts.committed_delivery(order, lang),
		conditions=_conditions(order, lang),
		printed=f"{frappe.utils.get_fullname()} {now_datetime():%Y-%m-%d %H:%M}",
		verify_url=get_url_to_form(INTENT_ORDER, order.name),
	)
	return render_html("review_sheet.html", context, lang)


def _clearance() -> Clearance:
	user = frappe.session.user
	return EVERYTHING if user == "Administrator" else Clearance.of_roles(frappe.get_roles(user))


def _people(order: Document) -> dict[str, Any]:
	"""Customer, dealer, department and salesperson as the order files write them."""
	department = order.market_department
	return {
		"customer": {
			"name": frappe.db.get_value("Customer", order.customer, "customer_name")
			if order.customer
			else None
		},
		"dealer": order.dealer,
		"market_department": frappe.db.get_value("Department", department, "department_code") or department,
		"salesperson": order.sales_person,
	}


def _opinions(order: Document, lang: str) -> list[dict[str, str]]:
	"""What the departments said in this round, or what was carried over into it."""
	tasks = frappe.get_all(
		REVIEW_TASK,
		filters={
			"reference_doctype": INTENT_ORDER,
			"reference_name": order.name,
			"review_round": order.review_round,
			"status": ["in", ["Open", "Answered"]],
		},
		fields=[
			"department",
			"opinion",
			"reason_code",
			"acceptable_if",
			"condition_text",
			"note",
			"user",
			"on_behalf_of",
			"is_overruled",
			"overrule_reason",
			"answered_at",
			"review_round",
			"carried_from",
		],
		order_by="creation, name",
	)
	return [_opinion(task, lang) for task in tasks]


def _opinion(task: dict[str, Any], lang: str) -> dict[str, str]:
	origin = (
		frappe.db.get_value(REVIEW_TASK, task.carried_from, "review_round") if task.carried_from else None
	)
	carried = (
		""
		if origin is None
		else f" (沿用第{origin}轮)"
		if lang == "zh"
		else f" (carried from round {origin})"
	)
	return {
		"department": task.department,
		"opinion": (_(task.opinion, lang, context=REVIEW_TASK) if task.opinion else "")
		+ carried
		+ _overruled(task, lang),
		"condition": "; ".join(filter(None, _said(task, lang))),
		"name": delegations.signature(task.user, task.on_behalf_of, lang),
		"date": str(task.answered_at or "")[:10],
		"round": str(task.review_round or 1),
	}


def _said(task: dict[str, Any], lang: str) -> Iterator[str | None]:
	"""What a department said beside its opinion: the condition, or why it objects and what would be acceptable."""
	if task.reason_code:
		name = "name_zh" if lang == "zh" else "name_en"
		yield frappe.db.get_value(REVIEW_REASON, task.reason_code, name) or task.reason_code
	if task.acceptable_if:
		yield f"{_('Acceptable If', lang, context=REVIEW_TASK)}: {task.acceptable_if}"
	yield task.condition_text or task.note
	yield task.overrule_reason


def _overruled(task: dict[str, Any], lang: str) -> str:
	return f" ({_('Overruled', lang)})" if task.is_overruled else ""


def _conditions(order: Document, lang: str) -> list[dict[str, str]]:
	"""The conditions as their records stand now, each with what has become of it."""
	return [
		{
			"text": _settled(row, lang),
			"responsible": responsible.name_of(row, lang),
			"due": str(row["due_date"] or ""),
			"before": _(row["due_before"], lang, context=REVIEW_CONDITION),
		}
		for row in conditions.of_documents([(order.doctype, order.name)])
	]


def _settled(row: dict[str, Any], lang: str) -> str:
	if row["status"] == "Open":
		return str(row["condition_text"])
	state = _(row["status"], lang, context=REVIEW_CONDITION)
	said = row["evidence"] or row["waive_reason"] or (row["evidence_file"] or "").rsplit("/", 1)[-1]
	return f"{row['condition_text']} ({state}: {said})"
