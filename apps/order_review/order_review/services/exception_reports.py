"""Exception Reports (异常上报): raised from any document to supervisor, manager or VP; some by the system.

Why the system raised one is for those who read floor prices; salespeople see none of them.
"""

from __future__ import annotations

from collections.abc import Callable

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from order_review.constants import EXCEPTION_REPORT, INTENT_ORDER, REVIEW_TASK
from order_review.exceptions import SmallRecordError
from order_review.services import guard, notices, small_records
from order_review.services.review_intent_order import kept_review

BELOW_FLOOR, CCC_GAP, OVERRUN = "Below Floor", "CCC Gap After Signing", "Deadline Overrun"
"""Kinds the system raises."""

_SUPERVISOR, _MANAGER, _VP = "Order Supervisor", "Sales Operations Manager", "Marketing VP"
_RECIPIENT_OF = {BELOW_FLOOR: _VP, CCC_GAP: _MANAGER, OVERRUN: _MANAGER}
_OVERRUN_PCT = 200
_MOST_AT_ONCE = 200

REPORT = frozenset("reference_doctype reference_name kind recipient description harm".split())
SETTLEMENT = frozenset({"recipient", "result"})
_REPORTERS = (
	"Order Administrator,Contract Administrator,Configuration Auditor,Livery Support,Technical Reviewer,"
	"Finance Reviewer,Planning Reviewer,Supply Reviewer,Marketing Planner,Market Management Officer,"
	"Quality Reviewer,Service Reviewer,Production Management Reviewer"
).split(",")
_SETTLERS = (_SUPERVISOR, _MANAGER, _VP)


def check_settled(report: Document) -> None:
	"""Raise SmallRecordError without a result."""
	if not (report.result or "").strip():
		frappe.throw(
			_("State the result before the report is settled."), title=_("Not Settled"), exc=SmallRecordError
		)


def settled(report: Document) -> None:
	"""Who settled it, and when."""
	report.update({"settled_by": frappe.session.user, "settled_on": now_datetime()})


def reopened(report: Document) -> None:
	"""A report that is opened again is settled by nobody."""
	report.update({"settled_by": None, "settled_on": None})


PROCESS = guard.Process(
	first="Open",
	writable={
		"Open": {
			**dict.fromkeys(_REPORTERS, REPORT),
			**dict.fromkeys(_SETTLERS, REPORT | SETTLEMENT),
		}
	},
	computed=frozenset("title raised_by is_automatic market_department settled_by settled_on".split()),
	requirements={"Settled": check_settled},
	entering={"Settled": settled, "Open": reopened},
	backwards=frozenset({("Settled", "Open")}),
)


# --- the document -------------------------------------------------------------------------------------------


def complete(report: Document) -> None:
	"""Who raised it, where it belongs, a title for lists."""
	report.raised_by = report.raised_by or (None if report.is_automatic else frappe.session.user)
	report.market_department = small_records.department_of(report.reference_doctype, report.reference_name)
	report.title = f"{report.reference_name} · {report.description or ''}".replace("\n", " ")[:140]


def after_step(report: Document, before: str | None) -> None:
	"""Tell those it is reported to; of the settlement, who raised it."""
	if report.status == "Open":
		users = notices.users_with(report.recipient)
	else:
		users = [report.raised_by] if report.raised_by else []
	notices.tell(report, users, _said(report), report.result if report.status == "Settled" else None)


def after_change(report: Document, before: Document) -> None:
	"""Passed on to somebody else: they are told."""
	if before.recipient != report.recipient:
		notices.tell(report, notices.users_with(report.recipient), _said(report))


def _said(report: Document) -> Callable[[], str]:
	def said() -> str:
		kind, status = (
			_(report.kind, context=EXCEPTION_REPORT),
			_(report.status, context=EXCEPTION_REPORT),
		)
		return _("Exception report {0} on {1}: {2} ({3})").format(
			report.name, report.reference_name, kind, status
		)

	return said


# --- raised by the system -----------------------------------------------------------------------------------


def raise_for(
	document: Document, kind: str, text: str, recipient: str | None = None, *, once: bool = False
) -> str | None:
	"""Report a document by the system, once while the report is open; gives its name, None when there is one.

	Args:
		kind: one of the kinds of an Exception Report.
		text: what happened; no amounts that are a secret.
		recipient: role it goes to, unless the kind says.
		once: whether the same happening is not reported again when its report is settled: of what lasts.
	"""
	about = {"reference_doctype": document.doctype, "reference_name": document.name, "kind": kind}
	if frappe.db.exists(EXCEPTION_REPORT, {**about, "status": "Open", "is_automatic": 1}):
		return None
	if once and (document.doctype, document.name, text) in _settled(kind, document.name):
		return None
	to = recipient or _RECIPIENT_OF.get(kind, _SUPERVISOR)
	values = {"doctype": EXCEPTION_REPORT, **about, "description": text, "recipient": to, "is_automatic": 1}
	report = frappe.get_doc(values)
	guard.insert(report)
	return str(report.name)


def watch_price(order: Document) -> None:
	"""Report an order whose price lies below the floor; the amounts stand in its price review only."""
	whole = kept_review(order.name) or {"findings": []}
	if any(found["code"] == "BELOW_FLOOR" for found in whole["findings"]):
		raise_for(order, BELOW_FLOOR, _("The negotiated price is below the floor price."))


def watch_deadlines() -> int:
	"""Report documents with an opinion that has used twice its time, some at a time; gives the number of reports."""
	late = frappe.get_all(
		REVIEW_TASK,
		{"status": "Open", "reminded_pct": [">=", _OVERRUN_PCT]},
		["reference_doctype", "reference_name", "department", "due_at"],
		order_by="due_at asc",
		limit=_MOST_AT_ONCE * 5,
	)
	done: set[tuple[str, str]] = set(_reported(OVERRUN))
	settled_ones = _settled(OVERRUN)
	raised = 0
	for row in late:
		key = (row.reference_doctype, row.reference_name)
		text = _("The opinion of {0} has used more than {1} % of its time; it was due {2}.").format(
			row.department, _OVERRUN_PCT, row.due_at
		)
		if key in done or (*key, text) in settled_ones or raised >= _MOST_AT_ONCE:
			continue
		done.add(key)
		raised += bool(raise_for(frappe.get_doc(*key), OVERRUN, text))
	return raised


def _settled(kind: str, name: str | None = None) -> set[tuple[str, str, str]]:
	"""What the system reported of a kind and somebody settled: DocType, name and what happened."""
	filters: dict[str, str | int] = {"kind": kind, "status": "Settled", "is_automatic": 1}
	if name:
		filters["reference_name"] = name
	rows = frappe.get_all(
		EXCEPTION_REPORT, filters, ["reference_doctype", "reference_name", "description"], as_list=True
	)
	return set(rows)


def _reported(kind: str) -> list[tuple[str, str]]:
	rows = frappe.get_all(
		EXCEPTION_REPORT,
		{"kind": kind, "status": "Open", "is_automatic": 1},
		["reference_doctype", "reference_name"],
	)
	return [(row.reference_doctype, row.reference_name) for row in rows]


def after_intent_step(order: Document) -> None:
	"""What is reported of an intent order when it is received, and when its opinions are in."""
	if order.doctype == INTENT_ORDER and order.status in ("Received", "Consolidating"):
		watch_price(order)
