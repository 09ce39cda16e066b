"""Technical issues and questions for the Desk."""

from __future__ import annotations

from typing import Any

import frappe

from order_review.constants import TECHNICAL_ISSUE
from order_review.services import clocks, forecast, technical_issues
from order_review.services.retry import with_retry


@frappe.whitelist()
def overview(doctype: str, name: str) -> list[dict[str, Any]]:
	"""The questions about a document, those that are open first."""
	_readable(doctype, name)
	frappe.has_permission(TECHNICAL_ISSUE, "read", throw=True)
	return technical_issues.overview(doctype, name)


@frappe.whitelist()
def fields_to_ask(doctype: str, name: str) -> list[dict[str, str]]:
	"""Fields of a document a question may hang on."""
	_readable(doctype, name)
	return technical_issues.fields_to_ask(doctype)


@frappe.whitelist()
def time_split(doctype: str, name: str) -> dict[str, Any]:
	"""Working hours of a document that were ours, the dealer's and the supplier's, who has the ball, and when the opinions will be there."""
	document = _readable(doctype, name)
	return {
		"hours": clocks.time_split(document),
		"ball": clocks.ball_holder(document),
		"expected": forecast.of_document(document),
	}


@frappe.whitelist(methods=["POST"])
@with_retry
def ask(doctype: str, name: str, question: dict[str, Any] | str) -> str:
	"""Ask something about a document; gives the name of the issue."""
	frappe.has_permission(TECHNICAL_ISSUE, "create", throw=True)
	_readable(doctype, name)
	return technical_issues.ask(doctype, name, _given(question))


@frappe.whitelist(methods=["POST"])
@with_retry
def answer(name: str, answer: dict[str, Any] | str) -> None:
	"""Answer a question."""
	_writable(name)
	technical_issues.answer(name, _given(answer))


@frappe.whitelist(methods=["POST"])
@with_retry
def close(name: str, accept: bool = False, reason: str | None = None) -> None:
	"""Close a question, its proposed value accepted or not."""
	technical_issues.close(name, accept=accept, reason=reason)


@frappe.whitelist(methods=["POST"])
@with_retry
def reopen(name: str, reason: str) -> None:
	"""Ask again, because the answer does not do."""
	technical_issues.reopen(name, reason)


@frappe.whitelist(methods=["POST"])
@with_retry
def take_over(doctype: str, name: str) -> list[str]:
	"""Bring the accepted values of answers into a document that is the user's to write."""
	frappe.has_permission(doctype, "write", doc=name, throw=True)
	return technical_issues.take_over(doctype, name)


def _given(values: dict[str, Any] | str) -> dict[str, Any]:
	given = frappe.parse_json(values)
	return given if isinstance(given, dict) else {}


def _readable(doctype: str, name: str) -> Any:
	document = frappe.get_doc(doctype, name)
	document.check_permission("read")
	return document


def _writable(name: str) -> None:
	frappe.has_permission(TECHNICAL_ISSUE, "write", doc=name, throw=True)
