"""Price books, policies and adjustment requests for the Desk: steps, sheets, copies, rehearsals."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, getdate
from frappe.utils.background_jobs import is_job_enqueued

from order_review.engine.price_books import FIGURES, Change
from order_review.exceptions import PriceBookError
from order_review.services import (
	background,
	policy_adjustment,
	policy_release,
	price_book,
	price_rehearsal,
	price_release,
)
from order_review.services.price_book import Preview

EVENT = "order_review_prices"
LARGEST_FILE = 25 * 1024 * 1024
_SHOWN_CHANGES = 200
_CHECKS = {price_release.BOOK: price_book.check_release, price_release.POLICY: policy_release.check_release}
_REASONED = {
	"withdraw": price_release.withdraw,
	"reject": price_release.reject,
	"suspend": price_release.suspend,
	"resume": price_release.resume,
}


@frappe.whitelist(methods=["POST"])
def take_step(doctype: str, name: str, step: str, reason: str | None = None) -> str:
	"""Request, withdraw, approve or reject a release, suspend or resume a policy; the status afterwards."""
	document = _released_kind(doctype, name)
	if step == "request":
		price_release.request_approval(document, _CHECKS[doctype])
	elif step == "approve":
		price_release.approve(document, _CHECKS[doctype])
	elif step in _REASONED:
		_REASONED[step](document, reason or "")
	else:
		frappe.throw(_("There is no step {0}.").format(step), exc=PriceBookError)
	return str(document.status)


@frappe.whitelist(methods=["POST"])
def take_request_step(name: str, step: str, reason: str | None = None, opinion: str | None = None) -> str:
	"""Submit, withdraw, judge, approve or reject a policy adjustment request; its status afterwards."""
	document = frappe.get_doc(policy_adjustment.REQUEST, name, for_update=True)
	document.check_permission("read")
	if step == "submit":
		document.check_permission("write")
		policy_adjustment.submit(document)
	elif step == "give_opinion":
		policy_adjustment.give_opinion(document, opinion or "", reason or "")
	elif step == "approve":
		policy_adjustment.approve(document)
	elif step in ("withdraw", "reject"):
		getattr(policy_adjustment, step)(document, reason or "")
	else:
		frappe.throw(_("There is no step {0}.").format(step), exc=PriceBookError)
	return str(document.status)


@frappe.whitelist()
def get_summary(book: str) -> dict[str, Any]:
	"""Lines of a book by model."""
	_book(book)
	return price_book.summary(book)


@frappe.whitelist()
def get_faults(book: str) -> list[str]:
	"""What keeps a book from being released, in sentences."""
	_book(book)
	return [price_book.sentence(fault) for fault in price_book.faults(book)]


@frappe.whitelist(methods=["GET", "POST"])
def download_sheet(book: str) -> None:
	"""Download a book as an XLSX sheet, with the figures the user may know."""
	_book(book)
	frappe.response.filename = f"{book}.xlsx"
	frappe.response.filecontent = price_book.export_sheet(book)
	frappe.response.type = "download"


@frappe.whitelist(methods=["POST"])
def preview_sheet(book: str, file: str, remove_missing: int = 1) -> dict[str, Any]:
	"""What an edited sheet would change; nothing is written."""
	_book(book, "write")
	found = price_book.preview_sheet(book, _content(file), bool(cint(remove_missing)))
	return _shown(found)


@frappe.whitelist(methods=["POST"])
def start_import(book: str, file: str, remove_missing: int = 1, jumps_seen: int = 0) -> None:
	"""Bring a draft to what an edited sheet says, in the background; progress and outcome come by realtime events."""
	_book(book, "write")
	_content(file)
	job = f"order_review_prices_{book}"
	if is_job_enqueued(job):
		frappe.throw(
			_("A sheet is being imported into {0} already. Wait until it is done.").format(book),
			exc=PriceBookError,
		)
	values = {"book": book, "file": file, "remove_missing": cint(remove_missing), "user": frappe.session.user}
	values["jumps_seen"] = cint(jumps_seen)
	frappe.enqueue(run_import, queue="long", job_id=job, enqueue_after_commit=True, **values)


def run_import(book: str, file: str, remove_missing: int, user: str, jumps_seen: int = 0) -> None:
	"""The background job: import all or nothing, tell the user, take the upload away."""
	outcome = background.attempt(
		lambda: price_book.apply_sheet(
			book, _content(file), bool(remove_missing), _teller(user, book), jumps_seen=bool(jumps_seen)
		),
		f"Price sheet imported into {book}",
	)
	if outcome.is_done:
		_tell(user, book, finished=_shown(outcome.result)["counts"])
	else:
		_tell(user, book, failed=outcome.said)
	background.report(
		outcome, price_release.BOOK, book, lambda: _("Import of a sheet into {0}").format(book), user
	)
	frappe.delete_doc("File", file, ignore_permissions=True)


@frappe.whitelist(methods=["POST"])
def copy_book(
	source: str,
	code: str,
	name_zh: str,
	valid_from: str,
	valid_to: str,
	list_pct: float = 0,
	floor_pct: float = 0,
	cost_pct: float = 0,
	name_en: str = "",
	supersedes: int = 0,
) -> str:
	"""Copy a book to a draft, each figure moved by a percentage; the draft's name."""
	frappe.has_permission(price_release.BOOK, "create", throw=True)
	_book(source)
	_require_figures()
	percents = price_book.checked_percents({"list": list_pct, "floor": floor_pct, "cost": cost_pct})
	span = (getdate(valid_from), getdate(valid_to))
	return price_book.copy_book(source, code, name_zh, *span, percents, name_en, bool(cint(supersedes)))


@frappe.whitelist(methods=["POST"])
def new_policy_version(source: str, code: str, valid_from: str, valid_to: str) -> str:
	"""A draft that takes the place of a released policy; its name."""
	frappe.has_permission(price_release.POLICY, "create", throw=True)
	return policy_release.new_version(source, code, getdate(valid_from), getdate(valid_to))


@frappe.whitelist(methods=["POST"])
def start_rehearsal(doctype: str, name: str, mode: str = price_rehearsal.AS_IF) -> str:
	"""Rehearse a draft on open and reviewed orders in the background; name of the rehearsal."""
	rehearsal = price_rehearsal.make(doctype, name, mode)
	if doctype == policy_adjustment.REQUEST:
		_link_rehearsal(name, rehearsal.name)
	frappe.enqueue(
		run_rehearsal, queue="long", enqueue_after_commit=True, name=rehearsal.name, user=frappe.session.user
	)
	return str(rehearsal.name)


def run_rehearsal(name: str, user: str) -> None:
	"""The background job."""
	document = price_rehearsal.run(name, _teller(user, name))
	_tell(
		user,
		name,
		finished={"status": document.status, "changed": document.changed, "orders": document.orders},
	)


def _link_rehearsal(request: str, rehearsal: str) -> None:
	document = frappe.get_doc(policy_adjustment.REQUEST, request)
	if document.status == policy_adjustment.FIRST:
		document.rehearsal = rehearsal
		policy_adjustment.save(document)


def _released_kind(doctype: str, name: str) -> Document:
	if doctype not in _CHECKS:
		frappe.throw(_("{0} has no steps of release.").format(doctype), exc=PriceBookError)
	document = frappe.get_doc(doctype, name)
	document.check_permission("read")
	return document


def _book(name: str, right: str = "read") -> Document:
	document = frappe.get_doc(price_release.BOOK, name)
	document.check_permission(right)
	return document


def _require_figures() -> None:
	"""A copy takes floor and cost along; that is for those who may know them."""
	if set(price_book.figures_for(frappe.session.user)) != set(FIGURES):
		frappe.throw(_("Your roles do not let you set floor prices or costs."), exc=frappe.PermissionError)


def _content(file: str) -> bytes:
	"""The bytes of an uploaded file of the user's own."""
	document = frappe.get_doc("File", file)
	if document.owner != frappe.session.user and frappe.session.user != "Administrator":
		frappe.throw(_("Upload the sheet yourself."), exc=frappe.PermissionError)
	content = document.get_content()
	content = content.encode() if isinstance(content, str) else content
	if len(content) > LARGEST_FILE:
		frappe.throw(
			_("The file is larger than {0} MB.").format(LARGEST_FILE // 1024 // 1024), exc=PriceBookError
		)
	return content


def _shown(found: Preview) -> dict[str, Any]:
	allowed = price_book.figures_for(frappe.session.user)
	jumps = found.jumps(allowed)
	first = {(change.option, change.model) for change in jumps}
	others = [change for change in found.changes if (change.option, change.model) not in first]
	rows = [_change(change, allowed) for change in [*jumps, *others][:_SHOWN_CHANGES]]
	return {
		"counts": found.counts(),
		"figures": allowed,
		"rows": rows,
		"jumps": len(jumps),
		"more": max(len(found.changes) - len(rows), 0),
	}


def _change(change: Change, figures: tuple[str, ...]) -> dict[str, Any]:
	jump = any(change.jumps(figure) for figure in figures)
	shown: dict[str, Any] = {
		"jump": jump,
		"kind": change.kind,
		"option": change.option,
		"model": change.model,
	}
	for figure in figures:
		pair = [None if line is None else getattr(line, figure) for line in (change.before, change.after)]
		percent = change.percent(figure)
		shown[figure] = [None if amount is None else float(amount) for amount in pair] + [
			None if percent is None else float(percent)
		]
	return shown


def _teller(user: str, name: str) -> Any:
	last = [-1]

	def show(done: int, total: int, what: str) -> None:
		percent = int(done * 100 / total) if total else 100
		if percent != last[0]:
			last[0] = percent
			_tell(user, name, percent=percent, what=what)

	return show


def _tell(user: str, name: str, **message: Any) -> None:
	frappe.publish_realtime(EVENT, {"name": name, **message}, user=user)
