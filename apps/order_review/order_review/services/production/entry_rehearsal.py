"""What would stop the release of a contract's lines in ERPNext, found while the contract can still be changed.

The Item and the Sales Order of each line are made as the release would make them, validated by ERPNext itself, and
taken back; nothing is submitted, numbered or told to anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import frappe
from erpnext.selling.doctype.customer.customer import get_credit_limit, get_customer_outstanding
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt, strip_html

from order_review.engine.errors import BadInput
from order_review.engine.order import Order
from order_review.engine.review import translate_order
from order_review.services import catalogue_store
from order_review.services.contracts import lines
from order_review.services.production import bound_orders, entry_items, entry_sales_order
from order_review.services.production.entry_items import Assembly
from order_review.services.production.entry_settings import EntrySettings

Result = TypeVar("Result")
_SAVEPOINT = "order_entry_rehearsal"


def obstacles(contract: Document) -> list[str]:
	"""Sentences that say what stands in the way, each with who or what puts it right; empty when nothing does."""
	found: list[str] = []
	settings = _tried(found, lambda: EntrySettings.read(contract.company))
	if settings is None:
		return found
	for check in (_check_customer, _check_people, _check_price_list, _check_credit):
		_tried(found, lambda check=check: check(contract, settings))
	if not found:
		with bound_orders.lawful(contract.name):
			for line in contract.lines:
				_tried(found, lambda line=line: _rehearse(contract, line, settings))
	return list(dict.fromkeys(found))


def _tried(found: list[str], step: Callable[[], Result]) -> Result | None:
	"""What a step gives; where it is refused, what it says is found."""
	shown = len(frappe.local.message_log)
	try:
		return step()
	except frappe.ValidationError as refused:
		found.append(" ".join(strip_html(str(refused)).split()))
		return None
	finally:
		del frappe.local.message_log[shown:]


# --- what is told in our own words --------------------------------------------------------------------------


def _check_customer(contract: Document, _settings: EntrySettings) -> None:
	row = frappe.db.get_value("Customer", contract.customer, ["disabled", "is_frozen"], as_dict=True)
	if row is None:
		frappe.throw(_("{0} names no customer; a Sales Order needs one.").format(contract.name))
	if cint(row.disabled):
		frappe.throw(
			_("Customer {0} is disabled in ERPNext. Have the customer enabled.").format(contract.customer)
		)
	if cint(row.is_frozen):
		frappe.throw(
			_("Customer {0} is frozen in ERPNext. Finance takes the freeze off.").format(contract.customer)
		)


def _check_people(contract: Document, _settings: EntrySettings) -> None:
	for person in dict.fromkeys(lines.salesperson_of(contract, line) for line in contract.lines):
		if person and not cint(frappe.db.get_value("Sales Person", person, "enabled")):
			frappe.throw(
				_("Sales Person {0} is disabled in ERPNext. Name another one on the intent order.").format(
					person
				)
			)


def _check_price_list(_contract: Document, settings: EntrySettings) -> None:
	row = frappe.db.get_value(
		"Price List", settings.selling_price_list, ["enabled", "selling"], as_dict=True
	) or frappe._dict(enabled=0, selling=0)
	if not (cint(row.enabled) and cint(row.selling)):
		frappe.throw(
			_(
				"Price List {0} is disabled or not for selling. Enable it, or choose another one in {1}."
			).format(settings.selling_price_list, _("Order Review Settings"))
		)


def _check_credit(contract: Document, _settings: EntrySettings) -> None:
	"""ERPNext looks at the credit limit when a Sales Order is submitted; the amounts are not for everybody."""
	limits = {"parenttype": "Customer", "parent": contract.customer, "company": contract.company}
	if cint(frappe.db.get_value("Customer Credit Limit", limits, "bypass_credit_limit_check")):
		return
	limit = flt(get_credit_limit(contract.customer, contract.company))
	ordered = flt(contract.total) * (flt(contract.fx_rate) or 1)
	if limit > 0 and flt(get_customer_outstanding(contract.customer, contract.company)) + ordered > limit:
		frappe.throw(
			_("The credit limit of customer {0} does not cover this contract. Finance raises it.").format(
				contract.customer
			)
		)


# --- what ERPNext says --------------------------------------------------------------------------------------


@contextmanager
def _taken_back() -> Iterator[None]:
	frappe.db.savepoint(_SAVEPOINT)
	try:
		yield
	finally:
		frappe.db.rollback(save_point=_SAVEPOINT)


def _rehearse(contract: Document, line: Document, settings: EntrySettings) -> None:
	"""Make Item and Sales Order of a line as its release would, and take them back."""
	entry_items.check_assemblies(entry_items.missing_assemblies(_assemblies(contract, line)), settings)
	version = frappe._dict(model=line.model, line_no=cint(line.line_no), version=1, name=None)
	item = entry_items.draft_item(version, contract, settings)
	if frappe.db.exists("Item", item.item_code):
		return  # it was released before; the contract is past any refusal
	with _taken_back():
		_store(item)
		try:
			order = entry_sales_order.draft(version, contract, line, str(item.name), None, settings)
			_validated(order)
			entry_sales_order.check_total(order, line)
		finally:
			frappe.clear_document_cache("Item", item.name)


def _assemblies(contract: Document, line: Document) -> list[Assembly]:
	"""What the rules translate the line into today; what is entered by hand comes later."""
	catalogue = catalogue_store.current()
	try:
		made = translate_order(catalogue, Order.from_data(lines.order_data(contract, line), catalogue))
	except BadInput:  # the review of the contract says so
		return []
	return [
		Assembly(
			row.assembly.assembly,
			row.assembly.name_zh or row.assembly.assembly,
			float(row.assembly.qty),
			row.slot,
		)
		for row in made.lines
	]


def _store(item: Document) -> None:
	"""Write a valid Item and its rows without anything that follows from an Item."""
	_validated(item)
	for row in [item, *item.get_all_children()]:
		row.db_insert()


def _validated(document: Document) -> None:
	"""All of Frappe's and ERPNext's checks of a new document, without writing or numbering it."""
	document.set("__islocal", True)
	document._set_defaults()
	document.set_user_and_timestamp()
	document.set_docstatus()
	document.check_if_latest()
	document._validate_links()
	document.run_method("before_insert")
	if document.doctype == "Item":
		document.set_new_name()
	else:
		document.name = _SAVEPOINT
	document.set_parent_in_children()
	document.run_before_save_methods()
	document._validate()
