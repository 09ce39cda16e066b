"""Steps of a Contract Quality Assessment: what each requires and brings, and what is open to whom."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, getdate, now_datetime, today

from order_review.constants import QUALITY_ASSESSMENT, SALES_CONTRACT
from order_review.engine import quality
from order_review.engine.findings import SECRET_FINDINGS
from order_review.exceptions import FieldLockedError, QualityError, SelfApprovalError
from order_review.services import deadlines, guard, notices
from order_review.services.quality import points, records, sources

APPEAL_DAYS = 3
"""Working days in which a salesperson may appeal."""

_OPEN_FIELDS = frozenset({"defects", "remark"})
_WAIVED_BY_HAND = ("is_waived", "evidence", "evidence_file")
"""Fields of an automatic row that the assessors write."""

COMPUTED = frozenset(
	"title sales_contract customer sales_person sales_user market_department company quality_month assessed_on qty "
	"is_vetoed score grade assessor confirmed_on appeal_until returns late_changes price_error_amount appeals "
	"appeals_granted".split()
)


# --- what each step requires --------------------------------------------------------------------------------


def check_confirmed(assessment: Document) -> None:
	"""The contract is settled, and every manual or waived row says why."""
	from order_review.services.quality import assessment as assessments

	assessments.check_settled(assessment)
	for row in assessment.defects:
		_check_evidence(row)


def check_appealed(assessment: Document) -> None:
	"""The salesperson disputes one row."""
	if not disputed(assessment):
		_refuse(_("An appeal names one row and says why. Use Appeal on the row."))


def check_appealable(assessment: Document) -> None:
	"""The salesperson appeals, in time."""
	if frappe.session.user != assessment.sales_user:
		_refuse(_("Only the salesperson of {0} appeals against it.").format(assessment.sales_contract))
	if assessment.status != "Reopened" and getdate(today()) > getdate(assessment.appeal_until):
		_refuse(
			_("The time for an appeal ended on {0}.").format(frappe.format(assessment.appeal_until, "Date"))
		)


def check_decided(assessment: Document) -> None:
	"""Each disputed row is decided."""
	if disputed(assessment):
		_refuse(_("The disputed row has no decision yet. Use Decide on the row."))


def check_decidable(assessment: Document) -> None:
	"""Who decides an appeal neither confirmed the assessment nor wrote the contract."""
	_refuse_own(assessment)
	if frappe.session.user == assessment.assessor:
		frappe.throw(
			_("You confirmed {0}; somebody else decides the appeal.").format(assessment.name),
			title=_("Step Not Taken"),
			exc=SelfApprovalError,
		)


def _refuse_own(assessment: Document) -> None:
	contract = frappe.get_doc(SALES_CONTRACT, assessment.sales_contract)
	if frappe.session.user in sources.writers(sources.documents_of(contract)) | {assessment.sales_user}:
		frappe.throw(
			_("{0} is your own contract; somebody else assesses it.").format(assessment.sales_contract),
			title=_("Step Not Taken"),
			exc=SelfApprovalError,
		)


def disputed(assessment: Document) -> list[Document]:
	"""Rows under appeal that are not decided."""
	return [row for row in assessment.defects if row.is_disputed and not row.decision]


# --- what each step brings ----------------------------------------------------------------------------------


def confirmed(assessment: Document) -> None:
	"""The salesperson may appeal from now on for so many working days."""
	last = deadlines.working_time().working_days_after(getdate(today()), APPEAL_DAYS)
	assessment.update({"assessor": frappe.session.user, "confirmed_on": now_datetime(), "appeal_until": last})


PROCESS = guard.Process(
	first="Draft",
	writable={"Draft": {"Order Administrator": _OPEN_FIELDS, "Configuration Auditor": _OPEN_FIELDS}},
	computed=COMPUTED,
	openings={"Confirmed": _refuse_own, "Appealed": check_appealable, "Decided": check_decidable},
	asking=frozenset({"Appeal", "Decide Appeal"}),
	requirements={"Confirmed": check_confirmed, "Appealed": check_appealed, "Decided": check_decided},
	entering={"Confirmed": confirmed},
	system_moves=frozenset(
		{
			("Confirmed", "Draft"),
			("Appealed", "Draft"),
			("Decided", "Draft"),
			("Reopened", "Draft"),
			("Closed", "Draft"),
			("Handed Over", "Draft"),
			("Confirmed", "Closed"),
			("Decided", "Closed"),
			("Reopened", "Closed"),
			("Closed", "Handed Over"),
			("Closed", "Reopened"),
			("Handed Over", "Reopened"),
		}
	),
)


# --- rows ---------------------------------------------------------------------------------------------------


def check_rows(assessment: Document) -> None:
	"""People add manual rows and waive automatic ones; what the system found they do not change.

	Raises:
		FieldLockedError: an automatic row was taken away.
		QualityError: a row names no defect in use, no occurrence, or one that sales may not read.
	"""
	if guard.is_system_save(assessment):
		return
	stored = assessment.get_doc_before_save()
	kept = {row.name: row for row in (stored.defects if stored else ())}
	_refuse_removed(assessment, kept)
	known = records.defect_rows()
	for row in assessment.defects:
		before = kept.get(row.name)
		if before is not None and before.source == "Automatic":
			_restore(row, before, _WAIVED_BY_HAND)
		else:
			_fill_manual(row, known)


def _refuse_removed(assessment: Document, kept: dict[str, Document]) -> None:
	left = {row.name for row in assessment.defects}
	gone = [row.defect for name, row in kept.items() if row.source == "Automatic" and name not in left]
	if gone:
		frappe.throw(
			_(
				"{0} was found by the system and stays. Waive it with a reason if it is not the salesperson's."
			).format(", ".join(gone)),
			title=_("Not Changed"),
			exc=FieldLockedError,
		)


def _restore(row: Document, before: Document, but: tuple[str, ...]) -> None:
	for field in row.meta.get_valid_columns():
		if field not in but and field not in ("modified", "modified_by", "idx"):
			row.set(field, before.get(field))


def _fill_manual(row: Document, known: dict[str, Document]) -> None:
	defect = known.get(row.defect)
	if defect is None:
		_refuse(_("Row {0}: {1} is no defect in use.").format(row.idx, row.defect or "–"))
	if defect.finding_code in SECRET_FINDINGS:
		_refuse(
			_("Row {0}: {1} is kept apart and not charged by hand.").format(row.idx, records.name_of(defect))
		)
	if cint(row.count) < 1:
		_refuse(_("Row {0}: at least one occurrence is charged.").format(row.idx))
	row.update(points.row_of(defect))
	row.update(
		{
			"source": "Manual",
			"share": float(quality.FULL_SHARE),
			"is_waived": 0,
			"is_disputed": 0,
			"dispute": None,
			"disputed_on": None,
			"decision": None,
			"decided_count": 0,
			"decision_note": None,
			"decided_by": None,
		}
	)
	_check_evidence(row)


def _check_evidence(row: Document) -> None:
	if row.source == "Automatic" and not row.is_waived:
		return
	if not (row.evidence or "").strip() and not row.evidence_file:
		_refuse(_("Row {0} ({1}): state the evidence or attach it.").format(row.idx, row.defect))


# --- what follows -------------------------------------------------------------------------------------------


def after_step(assessment: Document) -> None:
	"""Tell the next to act."""
	subject = _("{0}: {1}, {2} points, grade {3}").format(
		assessment.name,
		_(assessment.status, context=QUALITY_ASSESSMENT),
		assessment.score,
		assessment.grade or "–",
	)
	if assessment.status in ("Confirmed", "Decided"):
		notices.tell(assessment, [assessment.sales_user], subject)
	elif assessment.status == "Appealed":
		notices.tell(assessment, notices.users_with("Order Supervisor"), subject)


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Quality Assessment"), exc=QualityError)
