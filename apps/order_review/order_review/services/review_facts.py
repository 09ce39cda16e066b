"""Facts of an intent order: what routing conditions ask, and what each department judges."""

from __future__ import annotations

from typing import Any

from frappe.model.document import Document
from frappe.utils import cint, cstr, flt

from order_review.services import catalogue_store

WARRANTY_FAMILY = "WAR"
"""Option family of warranty packages (质保包)."""


def routing_facts(order: Document) -> dict[str, Any]:
	"""Field → value for routing conditions."""
	warranty = [row for row in order.configuration if row.family == WARRANTY_FAMILY]
	plain = ("qty", "deposit_pct", "order_type", "model", "grade", "use", "payment_mode", "currency")
	return {
		**{name: order.get(name) for name in (*plain, "market_department")},
		"has_special": bool(order.specials),
		"custom_livery": bool(_livery(order)),
		"nonstandard_warranty": any(not row.is_standard for row in warranty),
		"service_terms": bool((order.service_terms or "").strip()),
		"new_customer": bool(order.customer_is_new),
	}


def scope_facts(order: Document) -> dict[str, Any]:
	"""Group → plain data; of prices only what the salesperson says, so that the hash tells no secret."""
	options = sorted(row.vehicle_option for row in order.configuration)
	claims = {row.vehicle_option: flt(row.claimed_price) for row in order.configuration if row.is_claimed}
	return {
		"vehicle": [cstr(order.get(name)) for name in ("model", "grade", "use", "dest_emission_stage")],
		"configuration": options,
		"specials": sorted([row.request_no, cstr(row.name_zh)] for row in order.specials),
		"special_prices": sorted(
			[row.request_no, flt(row.unit_price), cstr(row.valid_to)] for row in order.specials
		),
		"delivery": cstr(order.requested_delivery),
		"lead_time": cstr(order.earliest_delivery),
		"qty": cint(order.qty),
		"prices": {
			**{
				name: cstr(order.get(name))
				for name in ("price_book", "currency", "customer_class", "order_type")
			},
			**{name: flt(order.get(name)) for name in ("claimed_base_price", "negotiated_unit", "fx_rate")},
			"claims": claims,
			"services": sorted([row.service, flt(row.amount)] for row in order.services),
			"policies": _policies(order),
		},
		"payment": [cstr(order.payment_mode), flt(order.deposit_pct)],
		"policies": _policies(order),
		"warranty": sorted(
			row.vehicle_option for row in order.configuration if row.family == WARRANTY_FAMILY
		),
		"service_terms": cstr(order.service_terms).strip(),
		"livery": [_livery(order), sorted(row.file_name for row in order.livery_files)],
		"market": [cstr(order.order_type), cstr(order.dest_country)],
		"stock": [cstr(order.sales_plan), cint(order.qty)] if order.order_type == "Stock" else [],
		"customer": [cstr(order.customer), cstr(order.dealer), cint(order.customer_is_new)],
	}


def _policies(order: Document) -> list[str]:
	return sorted(row.policy for row in order.policies)


def _livery(order: Document) -> list[str]:
	"""Chosen options that need livery files of the customer."""
	options = catalogue_store.current().options
	return sorted(
		row.vehicle_option
		for row in order.configuration
		if row.vehicle_option in options and options[row.vehicle_option].livery_files
	)
