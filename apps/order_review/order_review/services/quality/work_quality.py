"""Work Quality Record (工作质量记录) of order and contract administrators: what an auditor or the system writes down."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, now_datetime

from order_review.constants import ROLES, WORK_QUALITY
from order_review.exceptions import FieldLockedError, OrderReviewError, QualityError, SelfApprovalError
from order_review.services import guard, notices
from order_review.services.quality import records

JUDGED = frozenset({ROLES["OA"][0], ROLES["CA"][0]})
RECORDERS = tuple(ROLES[code][0] for code in ("AU", "QA", "PM"))
_ENTERED = frozenset("work_quality_type user reference_doctype reference_name note".split())

PROCESS = guard.Process(
	first="Recorded",
	writable={"Recorded": dict.fromkeys(RECORDERS, _ENTERED)},
	computed=frozenset("title type_zh type_en points source recorder recorded_on month".split()),
	reasoned=frozenset({"Void"}),
)


def record(user: str, type_code: str, reference_doctype: str, reference_name: str, note: str) -> str:
	"""Write down a fault in an administrator's work, as the system; gives the record's name.

	The same fault of the same document is written down once.

	Raises:
		QualityError: the type is not in the settings, or the user is no order or contract administrator.
	"""
	same = {
		"user": user,
		"work_quality_type": type_code,
		"reference_doctype": reference_doctype,
		"reference_name": reference_name,
		"note": note,
	}
	found = frappe.db.exists(WORK_QUALITY, {**same, "status": "Recorded"})
	if found:
		return str(found)
	document = frappe.new_doc(WORK_QUALITY)
	document.update({**same, "source": "Automatic"})
	guard.insert(document)
	return str(document.name)


def record_if_judged(
	user: str, type_code: str, reference_doctype: str, reference_name: str, note: str
) -> None:
	"""Write a fault down as ``record`` does; nothing where nobody's record is kept, so that no step fails for it."""
	frappe.db.savepoint("work_quality")
	try:
		record(user, type_code, reference_doctype, reference_name, note)
	except OrderReviewError:  # not an administrator, or the type was taken out of the settings
		frappe.db.rollback(save_point="work_quality")
		frappe.clear_last_message()


def check_record(document: Document) -> None:
	"""A record is complete, by somebody else than it is about, and stays as it is.

	Raises:
		FieldLockedError: it was to be changed.
		QualityError, SelfApprovalError.
	"""
	stored = document.get_doc_before_save()
	if stored is not None:
		_refuse_changes(document, stored)
		return
	kind = records.work_types().get(document.work_quality_type)
	if kind is None:
		_refuse(
			_("{0} is no type of work quality. Known: {1}.").format(
				document.work_quality_type or "–", ", ".join(records.work_types())
			)
		)
	if JUDGED.isdisjoint(frappe.get_roles(document.user)):
		_refuse(_("{0} is neither order nor contract administrator.").format(document.user))
	is_system = guard.is_system_save(document)
	if not is_system:
		_check_manual(document)
	now = now_datetime()
	document.update(
		{
			"title": f"{document.work_quality_type} · {frappe.utils.get_fullname(document.user)}",
			"type_zh": kind.name_zh,
			"type_en": kind.name_en,
			"points": kind.points,
			"source": "Automatic" if is_system else "Manual",
			"recorder": frappe.session.user,
			"recorded_on": now,
			"month": f"{getdate(now):%Y-%m}",
		}
	)


def _check_manual(document: Document) -> None:
	if document.user == frappe.session.user:
		frappe.throw(
			_("Nobody records the quality of his own work."), title=_("Not Changed"), exc=SelfApprovalError
		)
	missing = [name for name in ("reference_doctype", "reference_name", "note") if not document.get(name)]
	if missing:
		labels = ", ".join(_(document.meta.get_label(name), context=document.doctype) for name in missing)
		_refuse(_("A record says what happened, and with which document. Fill in: {0}.").format(labels))


def _refuse_changes(document: Document, stored: Document) -> None:
	changed = [name for name in guard.changes(document, stored) if name != "status"]
	if changed and not guard.is_system_save(document):
		frappe.throw(
			_("A record is not edited. Have it made void, and write another one."),
			title=_("Not Changed"),
			exc=FieldLockedError,
		)


def after_insert(document: Document) -> None:
	"""Tell whom it is about."""
	subject = _("Work quality: {0}").format(document.title)
	notices.tell(document, [document.user], subject, document.note)


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Work Quality Record"), exc=QualityError)
