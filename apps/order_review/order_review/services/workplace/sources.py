"""Which documents are open work, in which status, and who holds the ball there. Plain data; a new process adds its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from order_review.constants import INTENT_ORDER, SPECIAL_REQUEST, TECHNICAL_ISSUE
from order_review.engine.clocks import DEALER, OURS


@dataclass(frozen=True)
class Stage:
	"""Who has to act on a document in a status.

	Attributes:
		roles: roles that may act; the first one names the holder.
		side: side that holds the ball; the salesperson and the dealer behind him are one.
		is_personal: whether the document names a person, who then holds it alone.
		is_ladder: whether the role is that of the order's authority level, which not everybody may know.
	"""

	roles: tuple[str, ...]
	side: str = OURS
	is_personal: bool = False
	is_ladder: bool = False


@dataclass(frozen=True)
class Source:
	"""A DocType whose documents are open work in some statuses.

	Attributes:
		process: name of the process in the table of stage deadlines.
		stages: status → who holds the ball.
		columns: column of a row → field of the DocType, where the names differ.
	"""

	doctype: str
	process: str
	stages: Mapping[str, Stage]
	columns: Mapping[str, str] = field(default_factory=dict)

	@property
	def is_about_another(self) -> bool:
		"""Whether its documents are about another one, which is shown instead."""
		return "document" in self.columns


_OA = ("Order Administrator",)
_ADMINISTRATOR = Stage(_OA, is_personal=True)
_TRANSLATOR = Stage((*_OA, "Contract Administrator"), is_personal=True)
_SALES = Stage(("Salesperson",), DEALER)
_APPROVER = Stage(
	("Market Department Manager", "Sales Operations Manager", "Marketing VP", "Price Committee"),
	is_ladder=True,
)
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
			"Approved for Signing": _SALES,
			"Seal Pending": Stage(("Configuration Auditor",)),
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
			"Auditing": Stage(("Configuration Auditor",), is_personal=True),
		},
		{"person": "translator"},
	),
)
"""Documents that somebody holds himself; the opinions of departments on them are Review Tasks."""

REVIEWED = (INTENT_ORDER, "Sales Contract", "Production Configuration")
"""DocTypes on which departments give opinions."""
