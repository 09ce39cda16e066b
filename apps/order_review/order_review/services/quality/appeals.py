"""Appeals against an assessment: one row is disputed, one row is decided, the others stay as they are."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.workflow import apply_workflow
from frappe.utils import cint, now_datetime

from order_review.constants import QUALITY_ASSESSMENT
from order_review.exceptions import QualityError, ReasonMissingError, StatusChangeError
from order_review.services import guard

DECISIONS = ("Upheld", "Reduced", "Removed")


def appeal(name: str, row: str, grounds: str) -> float:
	"""Dispute one row of one's own assessment; gives the score, which stays until the decision.

	Raises:
		QualityError: the month is closed, the row is not there or decided already, or charges nothing.
		ReasonMissingError: no grounds are given.
	"""
	assessment = frappe.get_doc(QUALITY_ASSESSMENT, name, for_update=True)
	assessment.check_permission("write")
	_refuse_closed(assessment)
	check_appeal(assessment)
	_need(grounds, _("Say why the row is not right."))
	disputed = _row(assessment, row)
	if disputed.is_disputed:
		_refuse(_("{0} is disputed already; a row is decided once.").format(disputed.defect))
	if not disputed.points:
		_refuse(_("{0} charges nothing.").format(disputed.defect))
	disputed.update({"is_disputed": 1, "dispute": grounds.strip(), "disputed_on": now_datetime()})
	return _keep(assessment, {"appeals": cint(assessment.appeals) + 1}, "Appeal", grounds)


def decide(name: str, row: str, decision: str, note: str, count: int = 0) -> float:
	"""Decide a disputed row; gives the score afterwards.

	Args:
		decision: Upheld, Reduced or Removed.
		note: why, required.
		count: occurrences that stay, of a row that is reduced.

	Raises:
		QualityError: the row is not under appeal, or the decision does not fit it.
		ReasonMissingError: no reason is given.
	"""
	assessment = frappe.get_doc(QUALITY_ASSESSMENT, name, for_update=True)
	assessment.check_permission("write")
	check_decision(assessment)
	_need(note, _("Say why it is decided so."))
	disputed = _row(assessment, row)
	if not disputed.is_disputed or disputed.decision:
		_refuse(_("{0} is not under appeal.").format(disputed.defect))
	if decision not in DECISIONS:
		_refuse(_("Decide: {0}.").format(", ".join(_(word) for word in DECISIONS)))
	if decision == "Reduced" and not 0 < count < disputed.count:
		_refuse(
			_("Of {0} occurrences at least 1 and at most {1} stay when a row is reduced.").format(
				disputed.count, disputed.count - 1
			)
		)
	disputed.update(
		{
			"decision": decision,
			"decided_count": count if decision == "Reduced" else 0,
			"decision_note": note.strip(),
			"decided_by": frappe.session.user,
		}
	)
	granted = cint(assessment.appeals_granted) + (decision != "Upheld")
	return _keep(assessment, {"appeals_granted": granted}, "Decide Appeal", note)


def _keep(assessment: Document, values: dict[str, Any], action: str, reason: str) -> float:
	"""Write the row as the system, then take the user's step; the step refuses who may not."""
	guard.write(assessment, values)
	with guard.because(reason):
		stepped = apply_workflow(frappe.get_doc(QUALITY_ASSESSMENT, assessment.name), action)
	return float(stepped.score)


def check_appeal(assessment: Document) -> None:
	"""The user may appeal against the assessment; some row of it charges something that is not disputed yet."""
	assessment.check_permission("write")
	_check_step(assessment, "Appeal")
	if not any(row.points and not row.is_disputed for row in assessment.defects):
		_refuse(_("No row charges anything that is not disputed or decided already."))


def check_decision(assessment: Document) -> None:
	"""The user may decide the appeal against the assessment."""
	assessment.check_permission("write")
	_check_step(assessment, "Decide Appeal")


OFFERS = {"appeal": check_appeal, "decide": check_decision}
"""What the form offers, each with the check its call begins with."""


def _check_step(assessment: Document, action: str) -> None:
	"""The user may take the step, before anything is written for it."""
	if not guard.is_own(assessment, action):
		frappe.throw(
			_("{0} is {1}: this step is not yours now.").format(
				assessment.name, _(assessment.status, context=QUALITY_ASSESSMENT)
			),
			title=_("Step Not Taken"),
			exc=StatusChangeError,
		)


def _row(assessment: Document, name: str) -> Document:
	found = [row for row in assessment.defects if row.name == name]
	if not found:
		_refuse(_("{0} has no such row.").format(assessment.name))
	return found[0]


def _refuse_closed(assessment: Document) -> None:
	if assessment.status in ("Closed", "Handed Over"):
		_refuse(
			_("Month {0} is closed and its scores are final, unless Market Management reopens it.").format(
				assessment.quality_month
			)
		)


def _need(text: str | None, message: str) -> None:
	if not (text or "").strip():
		frappe.throw(message, title=_("Reason Missing"), exc=ReasonMissingError)


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Appeal"), exc=QualityError)
