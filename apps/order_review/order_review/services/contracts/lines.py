"""Lines of a contract as the engine reads them, and what of them is compared."""

from __future__ import annotations

import json
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, cstr, flt

from order_review.adapters.intent_order import to_order_data
from order_review.engine import diff, payments
from order_review.engine.catalogue import Catalogue
from order_review.exceptions import ContractError
from order_review.services import catalogue_store, exchange_rates, guard, special_options, special_prices
from order_review.services.contracts import schedule

POLICY, SERVICE, EVIDENCE, LIVERY = "Policy", "Service", "Evidence", "Livery File"
"""Kinds of claims."""

TERMS = ("payment_mode", "service_terms", "incoterm")
"""Terms an intent order has as well, so that the contract can differ from it."""

PROMISES = (
	"acceptance",
	"liability",
	"dispute_resolution",
	"delivery_place",
	"delivery_mode",
	"deposit_kind",
)
"""Terms only the contract has; they differ between its rounds and versions."""


def line(contract: Document, line_no: int) -> Document:
	"""A line of the contract by its number.

	Raises:
		ContractError: there is none.
	"""
	for row in contract.lines:
		if cint(row.line_no) == cint(line_no):
			return row
	frappe.throw(_("{0} has no line {1}.").format(contract.name, line_no), exc=ContractError)


def rows_of(contract: Document, table: str, line_no: int) -> list[Document]:
	"""Rows of a table that belong to a line."""
	return [row for row in contract.get(table) if cint(row.line_no) == cint(line_no)]


def claims_of(contract: Document, line_no: int, kind: str) -> list[Document]:
	"""Claims of a kind on a line."""
	return [row for row in rows_of(contract, "claims", line_no) if row.kind == kind]


def order_data(contract: Document, line: Document) -> dict[str, Any]:
	"""A line as order data for ``Order.from_data``, secrets of specials included.

	It is dated by the contract; the quotation is the intent order's, so that a price book that covered it counts as
	long as the price protection lasts.
	"""
	catalogue = catalogue_store.current()
	costs = special_prices.costs_of(rows_of(contract, "specials", line.line_no))
	data = to_order_data(_as_order(contract, line), catalogue, costs, _people(contract, line))
	return data | exchange_rates.check_of(contract.currency, contract.contract_date)


def _as_order(contract: Document, line: Document) -> dict[str, Any]:
	"""The line in the fields of an intent order."""
	number = line.line_no

	def claimed(kind: str) -> list[Document]:
		return claims_of(contract, number, kind)

	return {
		"name": f"{contract.name or 'new'}-{number}",
		"title": contract.title,
		"order_type": contract.order_type,
		"order_date": contract.contract_date,
		"quotation_date": line.quotation_date,
		"requested_delivery": line.delivery_date,
		"customer_class": _customer_class(line),
		**{
			name: line.get(name)
			for name in ("model", "grade", "use", "qty", "price_book", "dest_emission_stage")
		},
		"payment_mode": contract.payment_mode,
		"deposit_pct": contract.deposit_pct,
		"negotiated_unit": line.unit_price,
		"currency": contract.currency,
		"fx_rate": rate_of(contract, line),
		"claimed_base_price": line.claimed_base_price,
		"configuration": [row.as_dict() for row in rows_of(contract, "options", number)],
		"specials": [row.as_dict() for row in rows_of(contract, "specials", number)],
		"policies": [{"policy": row.entry} for row in claimed(POLICY)],
		"services": [{"service": row.entry, "amount": row.amount} for row in claimed(SERVICE)],
		"evidence": [{"evidence": row.entry} for row in claimed(EVIDENCE)],
		"livery_files": [{"file_name": row.entry} for row in claimed(LIVERY)],
	}


def _customer_class(line: Document) -> str | None:
	return (
		frappe.get_cached_value("Intent Order", line.intent_order, "customer_class")
		if line.intent_order
		else None
	)


def rate_of(contract: Document, line: Any) -> float:
	"""Yuan for one of the contract's currency on a line: each line has the rate its intent order was agreed at."""
	return flt(line.get("fx_rate")) or flt(contract.get("fx_rate"))


def salesperson_of(contract: Document, line: Any) -> str | None:
	"""Whose line it is: the salesperson of its intent order."""
	return line.get("sales_person") or contract.get("sales_person")


def _people(contract: Document, line: Document) -> dict[str, Any]:
	return {
		"customer": {"name": contract.customer},
		"dealer": contract.dealer,
		"salesperson": salesperson_of(contract, line),
	}


# --- what came in -------------------------------------------------------------------------------------------

_LOCKED = (
	"line_no intent_order sales_person fx_rate model grade use dest_emission_stage quotation_date review_price deviation_pct verdict "
	"configuration_hash production_configuration sales_order released_on delivered_qty"
).split()
"""What of a line nobody enters."""


def keep_identity(contract: Document) -> None:
	"""Lines come with the intent orders: none is added by hand, and each stays what it is.

	Raises:
		ContractError: a line is new, or none is left.
	"""
	stored = contract.get_doc_before_save()
	if stored is None or guard.is_system_save(contract):
		return
	before = {row.name: row for row in stored.lines}
	for row in contract.lines:
		own = before.get(row.name)
		if own is None:
			_refuse(
				_("Lines, row {0}: a line comes with its intent order and is not added by hand.").format(
					row.idx
				)
			)
		row.update({name: own.get(name) for name in _LOCKED})
	if not contract.lines:
		_refuse(_("A contract needs at least one line. Withdraw it if nothing is bought."))
	kept = {cint(row.line_no) for row in contract.lines}
	if len(kept) < len(before):
		for table in ("options", "specials", "claims"):
			contract.set(table, [row for row in contract.get(table) if cint(row.line_no) in kept])


def prepare(contract: Document, catalogue: Catalogue) -> None:
	"""Complete the rows: families, names, order of the options; specials from their requests; amounts.

	Raises:
		ContractError: a row belongs to no line, or an option stands twice.
	"""
	numbers = {cint(row.line_no) for row in contract.lines}
	for table in ("options", "specials", "claims"):
		for row in contract.get(table):
			if cint(row.line_no) not in numbers:
				label = _(contract.meta.get_label(table), context=contract.doctype)
				_refuse(_("{0}, row {1}: the contract has no line {2}.").format(label, row.idx, row.line_no))
	for line in contract.lines:
		_prepare_options(contract, line, catalogue)
		specials = rows_of(contract, "specials", line.line_no)
		special_options.fill_specials(
			SimpleNamespace(
				name=line.intent_order,
				specials=specials,
				model=line.model,
				customer=contract.customer,
				market_department=contract.market_department,
			),
			contract.contract_date,
		)
		_add_drawings(specials)
	_sort_options(contract, catalogue)
	_sum_up(contract)


def _prepare_options(contract: Document, line: Document, catalogue: Catalogue) -> None:
	standard = (
		frozenset(catalogue.models[line.model].standard) if line.model in catalogue.models else frozenset()
	)
	seen: set[str] = set()
	for row in rows_of(contract, "options", line.line_no):
		if row.vehicle_option in seen:
			_refuse(
				_("Options, row {0}: {1} stands twice on line {2}. Delete one of the rows.").format(
					row.idx, row.vehicle_option, line.line_no
				)
			)
		seen.add(row.vehicle_option)
		option = catalogue.options.get(row.vehicle_option)
		row.is_standard = int(row.vehicle_option in standard)
		row.is_claimed = int(bool(row.is_claimed or row.claimed_price))
		if option is not None:
			row.family, row.name_zh, row.name_en = option.family, option.name_zh, option.name_en
	line.configuration_hash = configuration_hash(contract, line)


def _add_drawings(specials: list[Document]) -> None:
	if specials:
		names = [row.request_no for row in specials]
		drawings = dict(
			frappe.get_all(
				"Special Option Request", {"name": ["in", names]}, ["name", "drawing_no"], as_list=True
			)
		)
		for row in specials:
			row.drawing_no = drawings.get(row.request_no)


def _sort_options(contract: Document, catalogue: Catalogue) -> None:
	def place(row: Document) -> tuple[int, int, str]:
		family = catalogue.families.get(row.family or "")
		return (cint(row.line_no), family.sort if family else 10_000, row.vehicle_option)

	contract.options.sort(key=place)
	for index, row in enumerate(contract.options, 1):
		row.idx = index


def _sum_up(contract: Document) -> None:
	for row in contract.lines:
		row.amount = flt(flt(row.unit_price) * cint(row.qty), 2)
	contract.total_qty = sum(cint(row.qty) for row in contract.lines)
	contract.total = flt(sum(row.amount for row in contract.lines), 2)
	_set_head(contract)
	schedule.fill_amounts(contract)


def _set_head(contract: Document) -> None:
	"""What the contract takes of its lines: the rate by their value, and the salesperson of the first one."""
	for row in contract.lines:
		stated = frappe._dict(currency=contract.currency, fx_rate=rate_of(contract, row))
		exchange_rates.set_rate(stated, contract.contract_date)
		row.fx_rate = stated.fx_rate
	contract.fx_rate = float(
		payments.average_rate(
			[schedule.exact(row.amount) for row in contract.lines],
			[schedule.exact(row.fx_rate) for row in contract.lines],
		)
	)
	contract.sales_person = salesperson_of(contract, contract.lines[0])


def configuration_hash(contract: Document, line: Document) -> str:
	"""Hash of what is to be built for a line: model, options, specials; the same as on an intent order."""
	built = [
		line.model,
		sorted(row.vehicle_option for row in rows_of(contract, "options", line.line_no)),
		sorted([row.request_no, row.name_zh] for row in rows_of(contract, "specials", line.line_no)),
	]
	return frappe.utils.sha256_hash(json.dumps(built, ensure_ascii=False))


# --- what is compared ---------------------------------------------------------------------------------------


def content_of_line(contract: Document, line: Document) -> diff.Content:
	"""What a line says, to compare it with its intent order."""
	number = line.line_no
	return diff.Content(
		model=cstr(line.model),
		options=frozenset(row.vehicle_option for row in rows_of(contract, "options", number)),
		specials=_specials(rows_of(contract, "specials", number)),
		services={row.entry: _yuan(row.amount) for row in claims_of(contract, number, SERVICE)},
		policies=frozenset(row.entry for row in claims_of(contract, number, POLICY)),
		values={
			diff.VEHICLE: {"grade": cstr(line.grade), "use": cstr(line.use)},
			diff.QUANTITY: {"qty": Decimal(cint(line.qty))},
			diff.PRICE: {
				"unit_price": _yuan(line.unit_price),
				"deposit_pct": _yuan(contract.deposit_pct),
			},
			diff.DATES: {"delivery_date": cstr(line.delivery_date)},
			diff.TERMS: {name: cstr(contract.get(name)).strip() for name in TERMS},
		},
	)


def content_of_order(order: Any, delivery_date: Any, service_terms: str) -> diff.Content:
	"""What an intent order says, in the same form.

	Args:
		order: the order, or what of it is compared.
		delivery_date: the date that was committed, or wished where none was.
		service_terms: deviating terms of all orders in the contract.
	"""
	return diff.Content(
		model=cstr(order.model),
		options=frozenset(row.vehicle_option for row in order.configuration),
		specials=_specials(order.specials),
		services={row.service: _yuan(row.amount) for row in order.services},
		policies=frozenset(row.policy for row in order.policies),
		values={
			diff.VEHICLE: {"grade": cstr(order.grade), "use": cstr(order.use)},
			diff.QUANTITY: {"qty": Decimal(cint(order.qty))},
			diff.PRICE: {
				"unit_price": _yuan(order.negotiated_unit),
				"deposit_pct": _yuan(order.deposit_pct),
			},
			diff.DATES: {"delivery_date": cstr(delivery_date)},
			diff.TERMS: {
				**{name: cstr(order.get(name)).strip() for name in TERMS},
				"service_terms": service_terms,
			},
		},
	)


def _specials(rows: list[Document]) -> dict[str, diff.SpecialPart]:
	return {
		row.request_no: diff.SpecialPart(cstr(row.name_zh), _yuan(row.unit_price) if row.is_priced else None)
		for row in rows
	}


def _yuan(value: Any) -> Decimal:
	return Decimal(str(flt(value, 6))).normalize() + 0


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Contract Not Understood"), exc=ContractError)
