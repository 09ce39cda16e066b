"""Making a contract of valid intent orders: one, or several of the same customer in one framework contract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, cstr, flt, today

from order_review.constants import INTENT_ORDER, REVIEW_SETTINGS, SALES_CONTRACT
from order_review.exceptions import ContractError
from order_review.services import delivery_commitment, guard, intent_steps
from order_review.services.contracts.lines import EVIDENCE, LIVERY, POLICY, SERVICE

EARNEST, ADVANCE = "Earnest Money", "Advance Payment"
"""Kinds of deposit: 定金, which the law caps, and 预付款."""

USUAL_CAP_PCT = 20.0

_SHARED = (
	"customer",
	"company",
	"market_department",
	"currency",
	"order_type",
	"dealer",
	"incoterm",
	"payment_mode",
)
"""What orders in one contract must agree on."""

_OF_HEAD = (*_SHARED, "sales_person", "fx_rate", "deposit_pct", "service_terms")
_OF_LINE = ("model", "grade", "use", "dest_emission_stage", "price_book", "claimed_base_price")
_OF_OPTION = ("family", "vehicle_option", "is_standard", "is_claimed", "claimed_price")
_OF_SPECIAL = ("request_no", "name_zh", "request", "is_priced", "unit_price", "valid_to", "lead_days")


def make(orders: Sequence[str], quantity: Mapping[str, int] | None = None, key: str | None = None) -> str:
	"""A draft contract of valid intent orders; tells its name.

	Args:
		orders: the intent orders, one line each.
		quantity: vehicles per intent order; all that remain where it says nothing.
		key: a second call with the same key gives the contract of the first one.

	Raises:
		frappe.PermissionError: the user may not make contracts, or may not read an order.
		ContractError: the orders do not fit together, or fewer vehicles remain.
		IntentOrderStepError: an order is not open for contracting.
	"""
	frappe.has_permission(SALES_CONTRACT, "create", throw=True)
	names = list(dict.fromkeys(orders))
	if not names:
		_refuse(_("Choose at least one valid intent order."))
	locked = {name: _locked(name) for name in sorted(names)}
	made = _made_before(key)
	if made:
		return made
	contract = _contract([locked[name] for name in names], dict(quantity or {}))
	contract.creation_key = key
	guard.insert(contract)
	return str(contract.name)


def _locked(name: str) -> Document:
	order = frappe.get_doc(INTENT_ORDER, name, for_update=True)
	order.check_permission("read")
	return order


def _made_before(key: str | None) -> str | None:
	"""The contract an earlier call with this key made, as it stands now and not as this transaction first saw it."""
	if not key:
		return None
	found = frappe.db.get_values(SALES_CONTRACT, {"creation_key": key}, ["name", "owner"], for_update=True)
	if found and found[0][1] != frappe.session.user:
		_refuse(_("The key of this call was used by somebody else. Reload the page and try again."))
	return str(found[0][0]) if found else None


def _contract(orders: list[Document], quantity: Mapping[str, int]) -> Document:
	_check_together(orders)
	first = orders[0]
	contract = frappe.new_doc(SALES_CONTRACT)
	contract.update({name: first.get(name) for name in _OF_HEAD})
	contract.update(
		{
			"contract_date": today(),
			"service_terms": "\n".join(
				dict.fromkeys(filter(None, (cstr(one.service_terms).strip() for one in orders)))
			),
			"deposit_pct": max(flt(one.deposit_pct) for one in orders),
			"title": _title(first, orders, quantity),
			"print_language": "en" if first.order_type == "Export" else "zh",
		}
	)
	contract.deposit_kind = EARNEST if flt(contract.deposit_pct) <= legal_cap_pct() else ADVANCE
	contract.set("payments", _usual_schedule(contract))
	for line_no, order in enumerate(orders, 1):
		_add_line(contract, line_no, order, _quantity(order, quantity))
	return contract


def legal_cap_pct() -> float:
	"""Most of the contract's value that may be earnest money (定金), in percent."""
	return flt(frappe.db.get_single_value(REVIEW_SETTINGS, "deposit_legal_cap_pct")) or USUAL_CAP_PCT


def _check_together(orders: list[Document]) -> None:
	for order in orders:
		intent_steps.check_contractable(order)
		if (
			order.order_type == "Internal" or not order.customer
		):  # an internal order's prices would tell its cost
			_refuse(
				_("{0} ({1}) has no customer outside the company; nobody could sign the contract.").format(
					order.name, _(order.order_type, context=INTENT_ORDER)
				)
			)
	first = orders[0]
	for order in orders[1:]:
		for name in _SHARED:
			if cstr(order.get(name)) != cstr(first.get(name)):
				_refuse(
					_("{0} and {1} do not fit into one contract: {2} is {3} here and {4} there.").format(
						first.name,
						order.name,
						_(order.meta.get_label(name), context=order.doctype),
						first.get(name) or "–",
						order.get(name) or "–",
					)
				)


def _quantity(order: Document, quantity: Mapping[str, int]) -> int:
	wanted = cint(quantity.get(order.name, intent_steps.remaining(order)))
	if wanted < 1:
		_refuse(_("{0}: {1} vehicles cannot be contracted; at least 1 is needed.").format(order.name, wanted))
	return wanted


def _title(first: Document, orders: list[Document], quantity: Mapping[str, int]) -> str:
	vehicles: Counter[str] = Counter()
	for order in orders:
		vehicles[order.model] += _quantity(order, quantity)
	listed = ", ".join(f"{model} × {qty}" for model, qty in vehicles.items())
	return f"{first.customer} {listed}"[:140]


def _usual_schedule(contract: Document) -> list[dict[str, Any]]:
	share = flt(contract.deposit_pct)
	rest = 100 - share
	last = "After Delivery" if contract.payment_mode in ("net_30", "instalment") else "Before Delivery"
	rows = [{"milestone": "Signing", "pct": share}] if share else []
	return [*rows, {"milestone": last, "pct": rest, "days": 30 if contract.payment_mode == "net_30" else 0}]


def _add_line(contract: Document, line_no: int, order: Document, qty: int) -> None:
	promised = delivery_commitment.standing(INTENT_ORDER, order.name)
	contract.append(
		"lines",
		{
			"line_no": line_no,
			"intent_order": order.name,
			"qty": qty,
			"unit_price": order.negotiated_unit,
			"delivery_date": (promised and promised.get("committed_date")) or order.requested_delivery,
			"quotation_date": order.quotation_date or order.order_date,
			"sales_person": order.sales_person,
			"fx_rate": order.fx_rate,
			**{name: order.get(name) for name in _OF_LINE},
		},
	)
	for table, columns, rows in (
		("options", _OF_OPTION, order.configuration),
		("specials", _OF_SPECIAL, order.specials),
	):
		for row in rows:
			contract.append(table, {"line_no": line_no, **{name: row.get(name) for name in columns}})
	for claim in _claims(order):
		contract.append("claims", {"line_no": line_no, **claim})


def _claims(order: Document) -> list[dict[str, Any]]:
	return [
		*({"kind": POLICY, "entry": row.policy} for row in order.policies),
		*({"kind": SERVICE, "entry": row.service, "amount": row.amount} for row in order.services),
		*({"kind": EVIDENCE, "entry": row.evidence, "file": row.get("attachment")} for row in order.evidence),
		*(
			{"kind": LIVERY, "entry": row.file_name, "file": row.get("attachment")}
			for row in order.livery_files
		),
	]


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Contract Not Made"), exc=ContractError)
