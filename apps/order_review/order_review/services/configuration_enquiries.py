"""Configuration Enquiries (配置咨询): asked by sales, answered once, published and used again as FAQ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, now_datetime, strip_html
from rapidfuzz import fuzz

from order_review.constants import CONFIGURATION_ENQUIRY
from order_review.exceptions import SmallRecordError
from order_review.permissions import own_departments
from order_review.services import guard, notices, small_records

_ASKERS = ("Salesperson", "Market Department Manager", "Order Administrator", "Order Supervisor")
_ANSWERERS = (
	"Order Administrator",
	"Order Supervisor",
	"Technical Reviewer",
	"Configuration Auditor",
	"Catalogue Manager",
)
_QUESTION = frozenset({"question", "family", "model", "intent_order"})
_ANSWER = frozenset({"answer", "is_published", "family", "model"})

_WORTH_SHOWING = 40.0
_SAME_FAMILY, _SAME_MODEL = 12.0, 8.0
_MOST_COMPARED = 5000


def check_answered(enquiry: Document) -> None:
	"""Raise SmallRecordError without an answer."""
	if not strip_html(enquiry.answer or "").strip():
		frappe.throw(_("Write the answer first."), title=_("No Answer Yet"), exc=SmallRecordError)


def answered(enquiry: Document) -> None:
	"""Who answered, and when."""
	enquiry.update({"answered_by": frappe.session.user, "answered_on": now_datetime()})


def _writers(status: str) -> dict[str, frozenset[str]]:
	asks = dict.fromkeys(_ASKERS, _QUESTION) if status == "Open" else {}
	answers = _ANSWER if status == "Open" else frozenset({"is_published"})
	return {
		role: asks.get(role, frozenset()) | (answers if role in _ANSWERERS else frozenset())
		for role in {*asks, *_ANSWERERS}
	}


PROCESS = guard.Process(
	first="Open",
	writable={status: _writers(status) for status in ("Open", "Answered")},
	computed=frozenset("asked_by market_department answered_by answered_on reuse_count".split()),
	requirements={"Answered": check_answered},
	entering={"Answered": answered},
	backwards=frozenset({("Answered", "Open")}),
	unsealed=frozenset({"reuse_count"}),
)


def complete(enquiry: Document) -> None:
	"""Who asked, and for which market department."""
	if enquiry.intent_order:
		order = frappe.get_doc("Intent Order", enquiry.intent_order)
		if enquiry.has_value_changed("intent_order"):
			order.check_permission("read")
		enquiry.market_department = small_records.department_of("Intent Order", order.name)
	if not enquiry.is_new():
		return
	enquiry.asked_by = frappe.session.user
	own = own_departments(frappe.session.user)
	enquiry.market_department = enquiry.market_department or (own[0] if own else None)


def after_step(enquiry: Document) -> None:
	"""Tell those who answer, or who asked."""
	if enquiry.status == "Open":
		users = [*notices.users_with("Order Administrator"), *notices.users_with("Technical Reviewer")]
	else:
		users = [enquiry.asked_by]
	notices.tell(enquiry, users, _said(enquiry))


def _said(enquiry: Document) -> Callable[[], str]:
	return lambda: _("Enquiry {0}: {1} ({2})").format(
		enquiry.name, (enquiry.question or "")[:80], _(enquiry.status, context=CONFIGURATION_ENQUIRY)
	)


def similar(
	question: str, family: str = "", model: str = "", *, without: str = "", most: int = 5
) -> list[dict[str, Any]]:
	"""Published answers to something like the question, nearest first, with a score of 0 to 100.

	Args:
		question: what is asked; fewer than two characters find nothing.
		without: an enquiry that is not meant.
		most: how many to give at most.
	"""
	wanted = question.strip().casefold()
	if len(wanted) < 2:
		return []
	rows = frappe.get_list(
		CONFIGURATION_ENQUIRY,
		{"status": "Answered", "is_published": 1, "name": ["!=", without]},
		["name", "question", "answer", "family", "model", "reuse_count", "answered_on"],
		order_by="creation desc",
		limit=_MOST_COMPARED,
	)
	found = [{**row, "score": round(_score(row, wanted, family, model))} for row in rows]
	found = [row for row in found if row["score"] >= _WORTH_SHOWING]
	return sorted(found, key=lambda row: (-row["score"], -cint(row["reuse_count"]), row["name"]))[:most]


def _score(row: dict[str, Any], wanted: str, family: str, model: str) -> float:
	text = (row["question"] or "").casefold()
	score = max(
		fuzz.ratio(wanted, text),
		fuzz.partial_ratio(wanted, text) * 0.9,
		fuzz.token_set_ratio(wanted, text) * 0.95,
	)
	near = _SAME_FAMILY * (bool(family) and row["family"] == family)
	near += _SAME_MODEL * (bool(model) and row["model"] == model)
	return min(100.0, score + near) if score >= _WORTH_SHOWING - _SAME_FAMILY else 0.0


def reuse(name: str) -> int:
	"""Count that a published answer helped once more; gives how often it has.

	Raises:
		SmallRecordError: the answer is not published.
	"""
	enquiry = frappe.get_doc(CONFIGURATION_ENQUIRY, name, for_update=True)
	enquiry.check_permission("read")
	if enquiry.status != "Answered" or not enquiry.is_published:
		frappe.throw(_("{0} is no published answer.").format(name), exc=SmallRecordError)
	times = cint(enquiry.reuse_count) + 1
	enquiry.db_set("reuse_count", times, update_modified=False)
	return times
