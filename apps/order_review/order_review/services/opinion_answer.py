"""What an opinion must say to be complete, and what it must not contradict."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, today

from order_review.constants import REVIEW_REASON
from order_review.engine import opinions
from order_review.engine.opinions import AGREE, CONDITION, NOT_CONCERNED, OBJECT
from order_review.exceptions import ReviewTaskError

FIELDS = (
	"opinion note reason_code acceptable_if condition_text condition_responsible condition_due condition_before "
	"verdict_feasible evidence_feasible verdict_ccc evidence_ccc verdict_grade evidence_grade price_ok deposit_ok "
	"credit_ok proposed_date"
).split()
"""Fields of an answer; nothing else is taken from a client."""


def read(values: Mapping[str, Any]) -> dict[str, str | None]:
	"""The fields of an answer as text; None where nothing is said."""
	return {field: _plain(values.get(field)) for field in FIELDS}


def check(task: Document, given: Mapping[str, Any]) -> None:
	"""Raise ReviewTaskError when an answer to the task is not complete, or contradicts itself."""
	if given["opinion"] not in opinions.OPINIONS:
		_refuse(_("Choose an opinion: agree, agree with condition, object or not concerned."))
	_check_choices(task, given)
	missing = [name for name in _needed(task.department, given) if not given[name]]
	if missing:
		_refuse(
			_("The opinion is not complete: {0}.").format(
				", ".join(_(task.meta.get_label(name), context=task.doctype) for name in missing)
			)
		)
	_check_sense(task.department, given)


def _check_choices(task: Document, given: Mapping[str, Any]) -> None:
	for name in FIELDS:
		field = task.meta.get_field(name)
		if (
			field.fieldtype == "Select"
			and given[name]
			and given[name] not in (field.options or "").split("\n")
		):
			_refuse(_("{0}: {1} is not one of the choices.").format(_(field.label), given[name]))
	if given["reason_code"] and not frappe.db.exists(
		REVIEW_REASON, {"name": given["reason_code"], "kind": "Objection"}
	):
		_refuse(_("{0} is no reason code of objections.").format(given["reason_code"]))


def _needed(department: str, given: Mapping[str, Any]) -> tuple[str, ...]:
	"""Fields an answer must fill in."""
	needed: tuple[str, ...] = ()
	if given["opinion"] == OBJECT:
		needed = ("reason_code", "acceptable_if")
	elif given["opinion"] == CONDITION:
		needed = ("condition_text", "condition_responsible", "condition_due", "condition_before")
	if given["opinion"] == NOT_CONCERNED:
		return needed
	if department == "TECH":
		needed += ("verdict_feasible", "verdict_ccc", "verdict_grade")
		needed += ("evidence_feasible", "evidence_ccc", "evidence_grade")
	elif department == "FIN":
		needed += ("price_ok", "deposit_ok", "credit_ok")
	elif department == "PLAN" and given["opinion"] in (AGREE, CONDITION):
		needed += ("proposed_date",)
	return needed


def _check_sense(department: str, given: Mapping[str, Any]) -> None:
	"""Verdicts and opinion do not contradict each other."""
	said = {
		given[name]
		for name in (
			"verdict_feasible",
			"verdict_ccc",
			"verdict_grade",
			"price_ok",
			"deposit_ok",
			"credit_ok",
		)
	}
	agrees = given["opinion"] in (AGREE, CONDITION)
	if agrees and said & {"No", "Not Possible", "Not Met", "Wrong"}:
		_refuse(
			_("A verdict says no; the opinion cannot be to agree. Object, and say what would be acceptable.")
		)
	if given["opinion"] == AGREE and given["verdict_ccc"] == "Extension Needed":
		_refuse(_("An extension of the certificate is needed: agree with that condition, with a date."))
	if given["verdict_ccc"] == "Extension Needed" and given["condition_before"] not in (
		None,
		"Contract Effective",
	):
		_refuse(
			_("The certificate is extended before the contract becomes effective; no later stage will do.")
		)
	if department in ("TECH", "FIN") and given["opinion"] == NOT_CONCERNED:
		_refuse(_("{0} is always concerned.").format(department))
	if given["condition_due"] and getdate(given["condition_due"]) < getdate(today()):
		_refuse(_("The condition is due in the past."))
	if given["proposed_date"] and getdate(given["proposed_date"]) < getdate(today()):
		_refuse(_("The proposed delivery date is in the past."))


def _plain(value: Any) -> str | None:
	"""A value of an answer as text; None when nothing is said."""
	return str(value).strip() or None if isinstance(value, (str, date)) else None


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Opinion"), exc=ReviewTaskError)
