"""What reviews have in common, whatever is reviewed: who takes part, what holds a document up, clocks, reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from order_review.exceptions import SelfApprovalError, StatusChangeError
from order_review.services import (
	deadlines,
	guard,
	opinion_routing,
	order_rounds,
	review_tasks,
	step_reasons,
	technical_issues,
)


@dataclass(frozen=True)
class ReviewSteps:
	"""The common part of a review's steps.

	Attributes:
		process: name in the table of stage deadlines.
		fault: what is raised when a step is not taken.
	"""

	process: str
	fault: type[StatusChangeError]

	def refuse(self, message: str) -> NoReturn:
		"""Raise the fault."""
		frappe.throw(message, title=_("Step Not Taken"), exc=self.fault)

	# --- what a step requires

	def check_hands(self, document: Document) -> None:
		"""Who takes the step had no hand in the document."""
		if guard.people() & set(order_rounds.authors(document)):
			frappe.throw(
				_("You wrote, changed or submitted {0}; somebody else reviews it.").format(document.name),
				title=_("Step Not Taken"),
				exc=SelfApprovalError,
			)

	def check_sendable(self, document: Document) -> None:
		"""No error is open but those that are settled later; somebody can answer for each department."""
		blocking = [f"{row.code} {row.ref or ''}".strip() for row in document.findings if row.blocks_sending]
		if blocking:
			self.refuse(
				_("Open errors keep {0} from its opinions: {1}. Return it to the salesperson.").format(
					document.name, ", ".join(blocking)
				)
			)
		opinion_routing.check_routing(document)

	def check_veto(self, document: Document) -> None:
		"""A veto has a reason code."""
		step_reasons.reason_of(document, "Veto")

	def refuse_unsettled(self, document: Document) -> None:
		"""Raise the fault while an issue blocks, or an objection stands."""
		if technical_issues.blocking_open(document.doctype, document.name):
			self.refuse(
				_("Technical issues that block the review are not closed: {0}.").format(
					"; ".join(technical_issues.blocking_words(document))
				)
			)
		objections = review_tasks.standing_objections(document)
		if objections:
			self.refuse(
				_("Objections stand: {0}. Return {1}, or have them overruled where that is possible.").format(
					", ".join(objections), document.name
				)
			)

	# --- what a step brings

	def start_clock(self, document: Document) -> None:
		"""Begin the time of the state that is entered."""
		now = now_datetime()
		due = deadlines.due(self.process, document.status, now)
		document.update({"step_since": now, "due_at": due, "is_overdue": 0, "reminded_pct": 0})

	def owner_on_receipt(self, document: Document) -> str:
		"""The order administrator who receives it; with a lifted veto it is whose it was."""
		is_lifted = document.get_doc_before_save().status == "Vetoed"
		return str((document.owner_oa if is_lifted else None) or frappe.session.user)

	def returned(self, document: Document) -> None:
		"""The round ended; the salesperson's clock begins."""
		code, words = step_reasons.reason_of(document, "Return")
		order_rounds.end(document, frappe.session.user, code, words)
		document.stop_reason = step_reasons.named(code, words)
		self.start_clock(document)

	def vetoed(self, document: Document) -> None:
		"""The reason stands on the document."""
		document.stop_reason = step_reasons.named(*step_reasons.reason_of(document, "Veto"))
		self.start_clock(document)
