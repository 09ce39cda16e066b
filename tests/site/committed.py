"""Orders that other connections see, for tests of races and of real requests; taken away again afterwards."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import frappe

from order_review.constants import (
	DELIVERY_COMMITMENT,
	INTENT_ORDER,
	REVIEW_CONDITION,
	REVIEW_TASK,
	TECHNICAL_ISSUE,
)
from tests.site.reviewing import bid_file, step
from tests.site.samples import copy_of

TENDER = "TB-RACE"
_STEPS = {
	"Draft": (),
	"Submitted": (("Submit for Review", "SP"),),
	"Received": (("Submit for Review", "SP"), ("Receive", "OA")),
	"Under Opinions": (("Submit for Review", "SP"), ("Receive", "OA"), ("Send to Opinions", "OA")),
}


@contextmanager
def committed_orders(
	status: str, copies: int = 1, sample: str = "IO-02", **values: Any
) -> Iterator[list[str]]:
	"""Copies of a sample order in a status, committed."""
	south = frappe.db.get_value("Department", {"department_code": "MARKET-S"})
	common = {"market_department": south, "tender_no": TENDER, "external_id": None, "bid_file": bid_file()}
	names = []
	for _number in range(copies):
		names.append(copy_of(sample, **common, **values).insert().name)
		for action, code in _STEPS[status]:
			step(names[-1], action, code)
	frappe.db.commit()
	try:
		yield names
	finally:
		frappe.set_user("Administrator")
		frappe.db.rollback()
		_take_away(names)
		frappe.db.commit()


def _take_away(names: list[str]) -> None:
	told = [*names]
	for doctype in (REVIEW_TASK, REVIEW_CONDITION, TECHNICAL_ISSUE, DELIVERY_COMMITMENT):
		told += frappe.get_all(doctype, {"reference_name": ["in", names]}, pluck="name")
	for name in names:
		frappe.db.set_value(INTENT_ORDER, name, "docstatus", 0)
		frappe.delete_doc(INTENT_ORDER, name, force=True)
	for doctype, field in (
		("Notification Log", "document_name"),
		("Comment", "reference_name"),
		("Outbox Message", "reference_name"),
		("Version", "docname"),
	):
		frappe.db.delete(doctype, {field: ["in", told]})
	frappe.db.delete("File", {"file_url": bid_file()})


def at_once(site: str, *calls: tuple[str, Callable[[], Any]]) -> list[BaseException | None]:
	"""Run calls as users at the same moment, each in a transaction of its own; tells how each ended."""
	gate = threading.Barrier(len(calls))
	ends = _in_own_transactions(site, calls, lambda: gate.wait(timeout=30))
	frappe.db.rollback()  # see what the others committed
	return ends


def meanwhile(user: str, call: Callable[[], Any]) -> None:
	"""Let a user do something between two reads of the present transaction, whose view of the data stays as it was."""
	(end,) = _in_own_transactions(frappe.local.site, [(user, call)], lambda: None)
	if end:
		raise end


def _in_own_transactions(
	site: str, calls: Sequence[tuple[str, Callable[[], Any]]], wait: Callable[[], Any]
) -> list[BaseException | None]:
	ends: list[BaseException | None] = [None] * len(calls)
	folder = frappe.local.sites_path

	def run(index: int, user: str, call: Callable[[], Any]) -> None:
		frappe.init(site, sites_path=folder)
		frappe.connect()
		try:
			frappe.set_user(user)
			frappe.get_roles()  # reads before the lock, as a request does: its view of the data is already fixed
			frappe.db.get_value(INTENT_ORDER, {"tender_no": TENDER}, "status")
			wait()
			call()
			frappe.db.commit()
		except BaseException as error:
			ends[index] = error
			frappe.db.rollback()
		finally:
			frappe.destroy()

	threads = [threading.Thread(target=run, args=(i, user, call)) for i, (user, call) in enumerate(calls)]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join(timeout=60)
	return ends
