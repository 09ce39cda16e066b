"""Special option requests of the sample orders, taken through their steps by the sample users."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import frappe
import yaml
from frappe.model.naming import NamingSeries
from frappe.model.workflow import apply_workflow

from order_review.constants import (
	INTENT_ORDER,
	SPECIAL_COST,
	SPECIAL_DEVELOPMENT,
	SPECIAL_QUOTATION,
	SPECIAL_REQUEST,
)

from . import ledger
from .people import address
from .places import DATA, company

_PLAIN = ("option_name", "option_name_en", "model", "family", "qty", "request_date", "description")


def sample_requests() -> list[dict[str, Any]]:
	"""The sample requests as the file states them."""
	return yaml.safe_load((DATA / "special_options.yaml").read_text(encoding="utf-8"))["requests"]


def create_requests() -> None:
	"""Each sample request, as far as the sample has come."""
	for entry in sample_requests():
		if not frappe.db.exists(SPECIAL_REQUEST, entry["name"]):
			_create(entry)


def _create(entry: Mapping[str, Any]) -> None:
	request = frappe.new_doc(SPECIAL_REQUEST, company=company())
	request.update({name: entry[name] for name in _PLAIN})
	request.intent_order = (
		frappe.db.get_value(INTENT_ORDER, {"external_id": entry["order"]}) if entry["order"] else None
	)
	with _as("OA"):
		request.insert(set_name=entry["name"])
	_keep_number(entry["name"])
	if "price" in entry:
		_price(entry)
	ledger.note(SPECIAL_REQUEST, entry["name"])


def _price(entry: Mapping[str, Any]) -> None:
	"""All steps to the released price."""
	name = entry["name"]
	with _as("OA"):
		_step(name, "Send to Technical")
	with _as("TR"):
		_save(SPECIAL_REQUEST, name, entry["technical"])
		frappe.get_doc(
			{"doctype": SPECIAL_DEVELOPMENT, "request_no": name, "dev_cost": entry["dev_cost"]}
		).insert()
		_step(name, "Finish Technical Check")
	for quotation in entry["quotations"]:
		_quote(name, quotation)
	with _as("SU"):
		_step(name, "Finish Costing")
	with _as("MP"):
		_save(SPECIAL_COST, name, entry["price"])
		_save(SPECIAL_REQUEST, name, {"notice_conditions": entry["notice_conditions"]})
		_step(name, "Send to Finance")
	with _as("FR"):
		_step(name, "Release Price")


def _quote(request: str, quotation: Mapping[str, Any]) -> None:
	supplier = ledger.make(
		"Supplier",
		{"supplier_name": quotation["supplier"]},
		supplier_group=_supplier_group(),
		supplier_type="Company",
	)
	values = {key: quotation[key] for key in ("unit_cost", "moq", "lead_days", "valid_to")}
	values |= {"request_no": request, "supplier": supplier, "is_chosen": int(bool(quotation.get("chosen")))}
	with _as("SU"):
		frappe.get_doc({"doctype": SPECIAL_QUOTATION, **values}).insert()


def _save(doctype: str, name: str, values: Mapping[str, Any]) -> None:
	document = frappe.get_doc(doctype, name)
	document.update(values)
	document.save()


def _step(name: str, action: str) -> None:
	apply_workflow(frappe.get_doc(SPECIAL_REQUEST, name), action)


def _supplier_group() -> str:
	return frappe.db.get_value("Supplier Group", {"is_group": 0}, "name", order_by="lft")


def _keep_number(name: str) -> None:
	"""The next request gets a later number than this one."""
	series = NamingSeries(name[:-4] + ".####")
	if series.get_current_value() < int(name[-4:]):
		series.update_counter(int(name[-4:]))


@contextmanager
def _as(code: str) -> Iterator[None]:
	"""Act as the sample user with a role; no letters are written."""
	before, muted = frappe.session.user, frappe.flags.mute_emails
	frappe.set_user(address(code))
	frappe.flags.mute_emails = True
	try:
		yield
	finally:
		frappe.set_user(before)
		frappe.flags.mute_emails = muted
