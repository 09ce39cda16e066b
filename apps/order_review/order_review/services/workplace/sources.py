"""Which documents are open work, in which status, and who holds the ball there. Plain data; a new process adds its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from order_review.constants import (
	BLIND_TRANSLATION,
	INTENT_ORDER,
	REVIEW_CONDITION,
	SPECIAL_REQUEST,
	TECHNICAL_ISSUE,
)
from order_review.engine.clocks import DEALER, OURS


@dataclass(frozen=True)
class Stage:
	"""Who has to act on a document in a status.

	Attributes:
		roles: roles that may act; the first one names the holder.
		side: side that holds the ball; the salesperson and the dealer behind him are one.
		is_personal: whether the document names a person, who then holds it alone.
		is_ladder: whether the role is that of the order's authority level, which not everybody may know.
		flag: Check field that must be set for anybody to have to act.
		asked: whether the price must have been asked for.
		role_field: field that names the role which holds it where no person is named.
		blind: whether versions drawn for a blind re-check wait elsewhere, with their own sheet.
	"""

	roles: tuple[str, ...]
	side: str = OURS
	is_personal: bool = False
	is_ladder: bool = False
	flag: str = ""
	asked: bool = False
	role_field: str = ""
	blind: bool = False

	def is_open(self, document: Any) -> bool:
		"""Whether somebody has to act on a document in the status."""
		return (
			bool(not self.flag or document.get(self.flag))
			and (not self.asked or document.get("price_approval") == "Needed")
			and not (self.blind and document.get("blind_state") == "Drawn")
		)


@dataclass(frozen=True)
class Source:
	"""A DocType whose documents are open work in some statuses.

	Attributes:
		process: name of the process in the table of stage deadlines.
		stages: status → who holds the ball.
		columns: column of a row → field of the DocType, where the names differ.
		beside: name of what is waited for beside the stage of the document, which somebody else holds; such work is shown
			to whom it waits for, and not twice among all open work.
	"""

	doctype: str
	process: str
	stages: Mapping[str, Stage]
	columns: Mapping[str, str] = field(default_factory=dict)
	beside: str = ""

	@property
	def is_about_another(self) -> bool:
		"""Whether its documents are about another one, which is shown instead."""
		return "document" in self.columns


_OA = ("Order Administrator",)
_ADMINISTRATOR = Stage(_OA, is_personal=True)
_TRANSLATOR = Stage((*_OA, "Contract Administrator"), is_personal=True)
_JOINED = replace(_ADMINISTRATOR, flag="opinions_joined")
_AUDITOR = ("Configuration Auditor",)
_SALES = Stage(("Salesperson",), DEALER)
_APPROVER = Stage(
	("Market Department Manager", "Sales Operations Manager", "Marketing VP", "Price Committee"),
	is_ladder=True,
)
_ASKED = replace(_APPROVER, asked=True)
_REFERENCE = {"document_type": "reference_doctype", "document": "reference_name"}

SOURCES: tuple[Source, ...] = (
	Source(
		INTENT_ORDER,
		"intent",
		{
			"Submitted": _ADMINISTRATOR,
			"Received": _ADMINISTRATOR,
			"Consolidating": _ADMINISTRATOR,
			"Price Approval": _APPROVER,
			"Returned": _SALES,
		},
		{"person": "owner_oa"},
	),
	Source(
		INTENT_ORDER,
		"intent",
		dict.fromkeys(
			("Draft", "Submitted", "Received", "Under Opinions", "Consolidating", "Returned"), _ASKED
		),
		{"due_at": "", "step_since": "modified", "person": ""},
		beside="Price Approval",
	),
	Source(
		"Sales Contract",
		"contract",
		dict.fromkeys(("Received", "Under Opinions"), _ASKED),
		{"due_at": "", "step_since": "modified", "person": ""},
		beside="Price Approval",
	),
	Source(
		SPECIAL_REQUEST,
		"special",
		{
			"Requested": Stage(_OA),
			"Technical": Stage(("Technical Reviewer",)),
			"Costing": Stage(("Supply Reviewer",)),
			"Pricing": Stage(("Marketing Planner",)),
			"Finance Check": Stage(("Finance Reviewer", "Marketing VP", "Price Committee")),
		},
		{"title": "option_name"},
	),
	Source(
		TECHNICAL_ISSUE,
		"intent",
		{
			"Open": _SALES,
			"Reopened": _SALES,
			"Answered": Stage(("Technical Reviewer",), is_personal=True),
		},
		{"person": "raised_by", **_REFERENCE},
	),
	Source(
		"Delivery Date Commitment",
		"intent",
		{"Requested": Stage(("Planning Reviewer",)), "Proposed": _SALES},
		_REFERENCE,
	),
	Source(
		"Sales Contract",
		"contract",
		{
			"Submitted": _ADMINISTRATOR,
			"Received": _ADMINISTRATOR,
			"Under Opinions": _JOINED,
			"Approved for Signing": _SALES,
			"Seal Pending": Stage(_AUDITOR),
			"Returned": _SALES,
		},
		{"person": "owner_oa"},
	),
	Source(
		"Production Configuration",
		"order_entry",
		{
			"Draft": _TRANSLATOR,
			"Translating": _TRANSLATOR,
			"Returned to Translator": _TRANSLATOR,
			"Auditing": Stage(_AUDITOR, blind=True),
			"Department Confirmation": replace(_JOINED, is_personal=False),
		},
		{"person": "translator"},
	),
	Source(
		REVIEW_CONDITION,
		"intent",
		{"Open": Stage(_OA, is_personal=True, role_field="responsible_role")},
		{
			"person": "responsible_user",
			"role": "responsible_role",
			"due_at": "due_date",
			"step_since": "creation",
			**_REFERENCE,
		},
	),
	Source(
		BLIND_TRANSLATION,
		"order_entry",
		{"Open": Stage(_AUDITOR, is_personal=True)},
		{"person": "auditor"},
	),
)
"""Documents that somebody holds himself; the opinions of departments on them are Review Tasks."""

REVIEWED = (INTENT_ORDER, "Sales Contract", "Production Configuration")
"""DocTypes on which departments give opinions."""
