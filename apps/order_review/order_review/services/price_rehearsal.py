"""Price rehearsal: a draft of prices against open orders and the last reviewed ones, before it is released."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, now_datetime

from order_review.constants import INTENT_ORDER
from order_review.engine.catalogue import Catalogue
from order_review.engine.pricing import plain
from order_review.engine.rehearsal import Rehearsed, rehearse
from order_review.exceptions import PriceBookError
from order_review.services import background, catalogue_store, policy_adjustment, price_release
from order_review.services.price_check import require_price_reader
from order_review.services.review_intent_order import order_data

REHEARSAL = "Price Rehearsal"
REQUEST = "Policy Adjustment Request"
AS_IF, BY_DATE = "As if in force for every order", "By the dates of draft and order"
CLOSED = ("Converted", "Vetoed", "Expired", "Withdrawn")
LAST_REVIEWED = 500
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)

Data = dict[str, Any]
Progress = Callable[[int, int, str], None]


def make(doctype: str, name: str, mode: str = AS_IF) -> Document:
	"""A rehearsal that waits to be run.

	Args:
		doctype: Price Book, Business Policy or Policy Adjustment Request.
		name: the draft.
		mode: whether every order is priced with the draft, or only those its dates cover.

	Raises:
		PermissionError: the user may not read floor prices.
		PriceBookError: there is no such draft.
	"""
	require_price_reader()
	if doctype not in (price_release.BOOK, price_release.POLICY, REQUEST) or mode not in (AS_IF, BY_DATE):
		frappe.throw(
			_("A rehearsal needs a draft of a price book, a policy or a request."), exc=PriceBookError
		)
	draft = frappe.get_doc(doctype, name)
	draft.check_permission("read")
	document = frappe.get_doc(
		{
			"doctype": REHEARSAL,
			"reference_doctype": doctype,
			"reference_name": name,
			"mode": mode,
			"status": "Queued",
			"started_by": frappe.session.user,
		}
	)
	_save(document)
	return document


def run(name: str, progress: Progress | None = None) -> Document:
	"""Run a rehearsal and keep its result; a draft that makes no catalogue is a result as well."""
	document = frappe.get_doc(REHEARSAL, name)
	document.update({"status": "Running", "progress": 0})
	_save(document)
	outcome = background.attempt(lambda: _compute(document, progress or _silent), f"Rehearsal {name}")
	if outcome.is_done:
		document.update({"status": "Done", "progress": 100, "finished_on": now_datetime()})
	else:
		document = frappe.get_doc(REHEARSAL, name)
		document.update({"status": "Failed", "fault": outcome.said, "finished_on": now_datetime()})
	_save(document)
	background.report(outcome, REHEARSAL, name, lambda: _("Rehearsal {0}").format(name), document.started_by)
	return document


def _compute(document: Document, progress: Progress) -> None:
	data = catalogue_store.read_data()
	names = order_names()
	hash_of = (
		policy_adjustment.content_hash
		if document.reference_doctype == REQUEST
		else price_release.content_hash
	)
	document.content_hash = hash_of(_draft(document))
	before, after = (Catalogue.from_data(each, halfway=True) for each in (data, changed(data, document)))
	stored = {name: frappe.get_doc(INTENT_ORDER, name) for name in names}
	results = rehearse(before, after, _orders(stored, before, document))
	document.set("rows", [])
	totals = {
		"orders": 0,
		"changed": 0,
		"dearer": 0,
		"cheaper": 0,
		"below_floor": 0,
		"unreadable": 0,
		"total_delta": 0.0,
	}
	for done, found in enumerate(results, 1):
		_count(totals, found, stored[found.id])
		if _felt(found):
			document.append("rows", _row(found, stored[found.id]))
		progress(done, len(names), found.id)
	document.update(totals)
	document.rows.sort(key=lambda row: (not row.falls_below_floor, row.delta or 0))
	for index, row in enumerate(document.rows, 1):
		row.idx = index


def order_names() -> list[str]:
	"""Open orders, and the last reviewed ones whatever became of them."""
	reviewed = frappe.get_all(
		INTENT_ORDER,
		pluck="name",
		order_by="modified desc",
		limit=LAST_REVIEWED,
		filters={"verdict": ["is", "set"]},
	)
	still_open = frappe.get_all(
		INTENT_ORDER, pluck="name", filters={"status": ["not in", CLOSED], "docstatus": ["<", 2]}
	)
	return sorted({*reviewed, *still_open})


def changed(data: Mapping[str, Any], rehearsal: Document) -> Data:
	"""The catalogue data with the draft released; the rest stays the very same objects."""
	if rehearsal.reference_doctype == price_release.BOOK:
		return {**data, "prices": _with_book(data["prices"], rehearsal.reference_name, rehearsal.mode)}
	drafts = [rehearsal.reference_name]
	if rehearsal.reference_doctype == REQUEST:
		drafts = frappe.get_all(
			"Policy Adjustment Row",
			filters={"parent": rehearsal.reference_name},
			pluck="policy",
			order_by="idx",
		)
	return {**data, "policies": _with_policies(data["policies"], drafts, rehearsal.mode)}


def _with_book(prices: Mapping[str, Any], draft: str, mode: str) -> Data:
	"""The price part with the draft in force: its lines in every book, or only on its own days."""
	found = next(book for book in prices["price_books"] if book["code"] == draft)
	if mode == AS_IF:
		lines = {"base": found["base"], "options": found["options"]}
		return {**prices, "price_books": [{**book, **lines} for book in prices["price_books"]]}
	books = [
		{**book, "status": "released"} if book["code"] == draft else book for book in prices["price_books"]
	]
	return {**prices, "price_books": books}


def _with_policies(policies: Mapping[str, Any], drafts: list[str], mode: str) -> Data:
	"""The policy part with the drafts released; one that replaces another takes its code, so that claims hold."""
	listed = [copy.copy(policy) for policy in policies["policies"]]
	by_code = {policy["code"]: policy for policy in listed}
	for code in drafts:
		draft = by_code[code]
		draft["status"] = "released"
		older = frappe.db.get_value(price_release.POLICY, code, "supersedes")
		if mode == AS_IF:
			draft |= {"valid_from": _FIRST_DAY, "valid_to": _LAST_DAY}
		if older in by_code and mode == AS_IF:
			listed.remove(by_code[older])
			draft["code"] = older
		elif older is None and draft["type"] in ("discount", "gift"):
			draft["mandatory"] = True  # nobody can have claimed it yet
	return {**policies, "policies": listed}


def _orders(stored: Mapping[str, Document], catalogue: Catalogue, rehearsal: Document) -> Iterator[Data]:
	"""Order data, without claimed prices where the prices change: they were taken from the old ones."""
	for name, document in stored.items():
		data = order_data(document, catalogue)
		data["id"] = name
		if rehearsal.reference_doctype == price_release.BOOK:
			data.pop("claimed", None)
		yield data


def _felt(found: Rehearsed) -> bool:
	return bool(found.fault or found.price_delta or found.new_findings or found.settled_findings)


def _count(totals: dict[str, Any], found: Rehearsed, order: Document) -> None:
	totals["orders"] += 1
	totals["changed"] += _felt(found)
	totals["unreadable"] += bool(found.fault)
	totals["below_floor"] += found.falls_below_floor
	if order.order_type == "Internal":
		return
	delta = found.price_delta or 0
	totals["dearer"] += delta > 0
	totals["cheaper"] += delta < 0
	totals["total_delta"] += float(delta) * order.qty


def _row(found: Rehearsed, order: Document) -> Data:
	"""One order; the price of an internal one comes from its cost and is not shown to floor readers."""
	row: Data = {
		"intent_order": order.name,
		"title": order.title,
		"order_status": order.status,
		"qty": order.qty,
		"falls_below_floor": int(found.falls_below_floor),
		"new_findings": ", ".join(f"{one.code} {one.ref}".strip() for one in found.new_findings),
		"settled_findings": ", ".join(f"{one.code} {one.ref}".strip() for one in found.settled_findings),
		"fault": found.fault,
	}
	if order.order_type == "Internal" or found.after is None:
		return row
	prices = [
		None if review.price is None else plain(review.price.review_price)
		for review in (found.before, found.after)
	]
	row |= {"before": prices[0], "after": prices[1], "delta": plain(found.price_delta)}
	if prices[0] and row["delta"] is not None:
		row["delta_pct"] = round(flt(row["delta"]) / prices[0] * 100, 2)
	return row


def _draft(rehearsal: Document) -> Document:
	return frappe.get_doc(rehearsal.reference_doctype, rehearsal.reference_name)


def latest(doctype: str, name: str) -> str | None:
	"""Name of the last finished rehearsal of a draft."""
	filters = {"reference_doctype": doctype, "reference_name": name, "status": "Done"}
	return frappe.db.get_value(REHEARSAL, filters, "name", order_by="creation desc")


def _save(document: Document) -> None:
	document.flags.by_rehearsal = document.flags.ignore_permissions = True
	document.flags.ignore_links = True
	document.save()


def _silent(_done: int, _total: int, _what: str) -> None:
	return None
