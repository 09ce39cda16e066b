"""How departments' opinions are collected on contracts: only where the contract differs, Finance always."""

from __future__ import annotations

from typing import Any

from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, cstr, flt

from order_review.constants import SALES_CONTRACT
from order_review.engine import diff
from order_review.services import catalogue_store, guard, notices, review_tasks
from order_review.services.contracts.lines import EVIDENCE, LIVERY, POLICY, SERVICE, claims_of, rows_of
from order_review.services.contracts.review import WARRANTY_FAMILY, differing_families, differing_groups
from order_review.services.reviewed import Reviewed

COLLECTING = "Under Opinions"

_CONFIGURED = {diff.VEHICLE, diff.CONFIGURATION, diff.SPECIAL}
_PRICED = {diff.PRICE, diff.POLICY, diff.SERVICE}


def routing_facts(contract: Document) -> dict[str, Any]:
	"""Field → value for routing conditions; of vehicle, grade and use what the first line says."""
	groups = differing_groups(contract)
	warranty = WARRANTY_FAMILY in differing_families(contract)
	first = contract.lines[0]
	return {
		**{name: first.get(name) for name in ("model", "grade", "use")},
		**{
			name: contract.get(name)
			for name in ("order_type", "market_department", "deposit_pct", "payment_mode", "currency")
		},
		"qty": cint(contract.total_qty),
		"has_special": bool(contract.specials),
		"custom_livery": bool(_livery(contract)),
		"service_terms": bool(cstr(contract.service_terms).strip()),
		"service_terms_changed": warranty or _terms_changed(contract),
		"config_differs_from_intent": bool(groups & _CONFIGURED),
		"delivery_differs_from_intent": diff.DATES in groups,
		"price_differs_from_intent": bool(groups & _PRICED),
		"qty_differs_from_intent": diff.QUANTITY in groups,
		"terms_differ_from_intent": diff.TERMS in groups,
	}


def _terms_changed(contract: Document) -> bool:
	return any(row.code == "CONTRACT_DIFFERS" and row.ref == "service_terms" for row in contract.findings)


def scope_facts(contract: Document) -> dict[str, Any]:
	"""Group → plain data; of prices only what the salesperson says, so that the hash tells no secret."""
	lines = [(cint(row.line_no), row) for row in contract.lines]

	def entries(number: int, kind: str) -> list[Any]:
		return sorted([row.entry, flt(row.amount)] for row in claims_of(contract, number, kind))

	def options(number: int) -> list[Document]:
		return rows_of(contract, "options", number)

	def specials(number: int) -> list[Document]:
		return rows_of(contract, "specials", number)

	policies = [[number, entries(number, POLICY)] for number, _row in lines]
	return {
		"vehicle": [
			[number, *(cstr(row.get(name)) for name in ("model", "grade", "use", "dest_emission_stage"))]
			for number, row in lines
		],
		"configuration": [
			[number, sorted(row.vehicle_option for row in options(number))] for number, _row in lines
		],
		"specials": [
			[number, sorted([row.request_no, cstr(row.name_zh)] for row in specials(number))]
			for number, _row in lines
		],
		"special_prices": [
			[
				number,
				sorted([row.request_no, flt(row.unit_price), cstr(row.valid_to)] for row in specials(number)),
			]
			for number, _row in lines
		],
		"delivery": [[number, cstr(row.delivery_date), cstr(row.delivery_lots)] for number, row in lines],
		"lead_time": [[number, cstr(row.configuration_hash)] for number, row in lines],
		"qty": [[number, cint(row.qty)] for number, row in lines],
		"prices": {
			"currency": [cstr(contract.currency), flt(contract.fx_rate), cstr(contract.order_type)],
			"dates": cstr(contract.contract_date),
			"lines": [
				[number, flt(row.unit_price), cstr(row.price_book), flt(row.claimed_base_price)]
				for number, row in lines
			],
			"claims": [
				[
					number,
					sorted(
						[row.vehicle_option, flt(row.claimed_price)]
						for row in options(number)
						if row.is_claimed
					),
				]
				for number, _row in lines
			],
			"services": [[number, entries(number, SERVICE)] for number, _row in lines],
			"evidence": [[number, entries(number, EVIDENCE)] for number, _row in lines],
			"policies": policies,
		},
		"payment": [
			cstr(contract.payment_mode),
			flt(contract.deposit_pct),
			cstr(contract.deposit_kind),
			[[row.milestone, flt(row.pct), cint(row.days)] for row in contract.payments],
		],
		"policies": policies,
		"warranty": [
			[number, sorted(row.vehicle_option for row in options(number) if row.family == WARRANTY_FAMILY)]
			for number, _row in lines
		],
		"service_terms": cstr(contract.service_terms).strip(),
		"livery": [_livery(contract), [[number, entries(number, LIVERY)] for number, _row in lines]],
		"market": cstr(contract.order_type),
		"customer": [cstr(contract.customer), cstr(contract.dealer)],
	}


def _livery(contract: Document) -> list[str]:
	"""Chosen options that need livery files of the customer."""
	options = catalogue_store.current().options
	return sorted(
		{
			row.vehicle_option
			for row in contract.options
			if row.vehicle_option in options and options[row.vehicle_option].livery_files
		}
	)


def joined(contract: Document, result: str) -> None:
	"""Say that everybody answered; the order administrator goes on."""
	values = {"opinions_joined": 1, "has_objections": _objections(contract)}
	guard.write(contract, values, reason=_("The required opinions are all given."))
	if contract.get_doc_before_save() and contract.get_doc_before_save().opinions_joined:
		return  # an opinion for information came after the others
	notices.tell(
		contract,
		[contract.owner_oa],
		lambda: _("{0}: all opinions are given (round {1})").format(contract.name, contract.review_round),
	)


def reopened(contract: Document) -> None:
	"""Say that opinions are asked again."""
	guard.write(contract, {"opinions_joined": 0})


def overruled(contract: Document) -> None:
	"""Say whether objections are left."""
	guard.write(contract, {"has_objections": _objections(contract)})


def _objections(contract: Document) -> int:
	return int(bool(review_tasks.standing_objections(contract)))


REVIEWED = Reviewed(
	doctype=SALES_CONTRACT,
	process="contract",
	collecting=COLLECTING,
	facts=routing_facts,
	scope=scope_facts,
	joined=joined,
	owner_field="owner_oa",
	lingering=(),
	reopened=reopened,
	overruled=overruled,
)
