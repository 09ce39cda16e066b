"""What demo data made, in the order it was made: kept in Order Review Settings."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import frappe

from order_review.constants import INTENT_ORDER, PRICE_APPROVAL, REVIEW_SETTINGS
from order_review.services.production import bound_orders

_FIELD = "demo_records"
_TRACES = {
	"Version": ("ref_doctype", "docname"),
	"Comment": ("reference_doctype", "reference_name"),
	"Notification Log": ("document_type", "document_name"),
	"Workflow Action": ("reference_doctype", "reference_name"),
	"Outbox Message": ("reference_doctype", "reference_name"),
	"GL Entry": ("voucher_type", "voucher_no"),
	"Payment Ledger Entry": ("voucher_type", "voucher_no"),
}
"""What is written about a document on the way: DocType → fields that name the document."""

_LINKED_TO_USER = (
	("Contact", "user"),
	("User Permission", "user"),
	("Notification Settings", "name"),
	("Activity Log", "user"),
	("Notification Log", "for_user"),
)


def entries() -> list[tuple[str, str]]:
	"""DocType and name of everything made, in order."""
	kept = frappe.db.get_single_value(REVIEW_SETTINGS, _FIELD, cache=False)
	return [(doctype, name) for doctype, name in json.loads(kept)] if kept else []


def note(doctype: str, name: str) -> None:
	"""Write down that a record was made."""
	_keep([*entries(), (doctype, name)])


def note_once(doctype: str, name: str) -> None:
	"""Write down a record, unless it is written down already."""
	if (doctype, name) not in entries():
		note(doctype, name)


def has(doctype: str) -> bool:
	"""Whether a record of this kind was made."""
	return any(kind == doctype for kind, _name in entries())


def forget() -> None:
	"""Strike everything."""
	_keep([])


def make(doctype: str, identity: dict[str, Any], **values: Any) -> str:
	"""The name of the record with this identity; made and written down when it is not there."""
	found = frappe.db.exists(doctype, identity)
	if found:
		return str(found)
	document = frappe.get_doc({"doctype": doctype, **identity, **values})
	document.flags.ignore_permissions = True
	document.flags.no_welcome_mail = True
	document.insert()
	note(doctype, document.name)
	return str(document.name)


def remove(doctype: str, name: str) -> None:
	"""Delete one record for good; one that is gone already is no fault."""
	if doctype == "Catalogue":
		from .places import remove_catalogue

		remove_catalogue()
		return
	if not frappe.db.exists(doctype, name):
		return
	if doctype == "User":
		_remove_what_hangs_on(name)
	if frappe.db.get_value(doctype, name, "docstatus") == 1:  # Frappe deletes no submitted document
		frappe.db.set_value(doctype, name, "docstatus", 2, update_modified=False)
	with _way_to(doctype, name):
		frappe.delete_doc(doctype, name, force=True, ignore_permissions=True, delete_permanently=True)
	if doctype == INTENT_ORDER:
		frappe.db.delete(PRICE_APPROVAL, {"intent_order": name})
	for trace, (kind, field) in _TRACES.items():
		frappe.db.delete(trace, {kind: doctype, field: name})


def _way_to(doctype: str, name: str) -> AbstractContextManager[None]:
	"""What a release made goes with its contract."""
	item = frappe.db.get_value("BOM", name, "item") if doctype == "BOM" else None
	contract = bound_orders.stored_contract("Item", item) or bound_orders.stored_contract(doctype, name)
	return bound_orders.lawful(contract) if contract else nullcontext()


def _remove_what_hangs_on(user: str) -> None:
	for doctype, field in _LINKED_TO_USER:
		for name in frappe.get_all(doctype, filters={field: user}, pluck="name"):
			frappe.delete_doc(doctype, name, force=True, ignore_permissions=True, delete_permanently=True)
	frappe.db.delete("DefaultValue", {"parent": user})


def _keep(records: list[tuple[str, str]]) -> None:
	text = json.dumps(records, ensure_ascii=False) if records else None
	frappe.db.set_single_value(REVIEW_SETTINGS, _FIELD, text, update_modified=False)
