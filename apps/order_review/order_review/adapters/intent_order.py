"""An Intent Order document, as plain data, ⇄ the order data the engine reads (the shape of ``orders.yaml``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..engine.catalogue import Catalogue, Model
from ..engine.order import HOME_CURRENCY

Data = dict[str, Any]

_PLAIN = {
	"title_zh": "title",
	"order_type": "order_type",
	"order_date": "order_date",
	"quotation_date": "quotation_date",
	"requested_delivery": "requested_delivery",
	"model": "model",
	"grade": "grade",
	"use": "use",
	"qty": "qty",
	"dest_stage": "dest_emission_stage",
	"price_book": "price_book",
	"payment_mode": "payment_mode",
	"customer_class": "customer_class",
	"deposit_pct": "deposit_pct",
	"negotiated_unit": "negotiated_unit",
}
"""Key of order data → fieldname, where one is the other; a blank field is left out."""

_INTERNAL = {
	"cost_centre": "internal_cost_centre",
	"purpose_zh": "internal_purpose",
	"disposal_zh": "internal_disposal",
}

FIELD_OF = {
	**_PLAIN,
	"fx": "fx_rate",
	"currency": "currency",
	"picks": "configuration",
	"drops": "configuration",
	"claimed": "claimed_base_price",
	"policies": "policies",
	"specials": "specials",
	"services": "services",
	"evidence": "evidence",
	"livery_files": "livery_files",
}
"""Key of order data → fieldname of the Intent Order, for messages."""


def to_order_data(
	document: Mapping[str, Any],
	catalogue: Catalogue,
	special_costs: Mapping[str, Mapping[str, Any]],
	people: Mapping[str, Any] | None = None,
) -> Data:
	"""The order data of an Intent Order.

	Args:
		document: the document as plain data.
		catalogue: the catalogue; it tells which options are standard.
		special_costs: floor_price, cost and the quantity they were made for, by special option request.
		people: customer, dealer, market_department and salesperson as the order files write them.
	"""
	data: Data = {"id": document.get("name") or "new"}
	data.update(
		{key: document.get(name) for key, name in _PLAIN.items() if document.get(name) not in (None, "", 0)}
	)
	data["qty"] = document.get("qty")
	data.update(people or {})
	data["picks"], data["drops"] = picks_and_drops(_chosen(document), catalogue, document.get("model"))
	data["claimed"] = _claimed(document)
	data["policies"] = [row["policy"] for row in document.get("policies") or () if row.get("policy")]
	data["services"] = {row["service"]: row.get("amount") or 0 for row in document.get("services") or ()}
	data["evidence"] = [row["evidence"] for row in document.get("evidence") or ()]
	data["livery_files"] = [row["file_name"] for row in document.get("livery_files") or ()]
	data["specials"] = [
		_special(row, special_costs.get(row["request_no"]) or {}) for row in document.get("specials") or ()
	]
	if document.get("currency") and document["currency"] != HOME_CURRENCY:
		data |= {"currency": document["currency"], "fx": document.get("fx_rate")}
	internal = {key: document[name] for key, name in _INTERNAL.items() if document.get(name)}
	if internal:
		data["internal"] = internal
	return data


def picks_and_drops(
	chosen: Iterable[str], catalogue: Catalogue, model: str | None
) -> tuple[list[str], list[str]]:
	"""The picks and drops that turn the model's standard configuration into the chosen one."""
	found = catalogue.models.get(model or "")
	standard = set(found.standard) if found else set()
	chosen = list(dict.fromkeys(chosen))
	whole_families = {
		family for code in chosen if code not in standard and (family := _single_family(code, catalogue))
	}
	picks = [
		code for code in chosen if code not in standard or _single_family(code, catalogue) in whole_families
	]
	drops = [
		code for code in standard.difference(chosen) if _single_family(code, catalogue) not in whole_families
	]
	return picks, sorted(drops)


def from_order_data(order: Mapping[str, Any], catalogue: Catalogue) -> Data:
	"""The fields of an Intent Order for order data; customer, dealer and people are the caller's to find."""
	document: Data = {name: order[key] for key, name in _PLAIN.items() if order.get(key) is not None}
	document |= {name: (order.get("internal") or {}).get(key) for key, name in _INTERNAL.items()}
	document["external_id"] = order.get("id")
	document["currency"] = order.get("currency") or HOME_CURRENCY
	document["fx_rate"] = order.get("fx") or 1
	claimed = order.get("claimed") or {}
	document["claimed_base_price"] = claimed.get("base")
	claims = claimed.get("options") or {}
	document["configuration"] = [
		{"vehicle_option": code, "is_claimed": int(code in claims), "claimed_price": claims.get(code)}
		for code in _configuration(order, catalogue)
	]
	document["policies"] = [{"policy": code, "claimed": 1} for code in order.get("policies") or ()]
	document["services"] = [
		{"service": name, "amount": amount} for name, amount in (order.get("services") or {}).items()
	]
	document["evidence"] = [{"evidence": name} for name in order.get("evidence") or ()]
	document["livery_files"] = [{"file_name": name} for name in order.get("livery_files") or ()]
	document["specials"] = [
		{
			"request_no": special["request_no"],
			"name_zh": special.get("name_zh"),
			"is_priced": int(special.get("unit_price") is not None),
			"unit_price": special.get("unit_price"),
			"valid_to": special.get("valid_to"),
			"lead_days": special.get("lead_days") or 0,
		}
		for special in order.get("specials") or ()
	]
	return document


def standard_rows(model: Model) -> list[Data]:
	"""Configuration rows of a model's standard configuration."""
	return [{"vehicle_option": code} for code in model.standard]


def _single_family(code: str, catalogue: Catalogue) -> str | None:
	option = catalogue.options.get(code)
	return option.family if option and catalogue.families[option.family].single else None


def _chosen(document: Mapping[str, Any]) -> list[str]:
	return [row["vehicle_option"] for row in document.get("configuration") or () if row.get("vehicle_option")]


def _configuration(order: Mapping[str, Any], catalogue: Catalogue) -> list[str]:
	picks = order.get("picks") or []
	replaced = {_single_family(code, catalogue) for code in picks} - {None}
	model = catalogue.models[order["model"]]
	kept = [code for code in model.standard if _single_family(code, catalogue) not in replaced]
	return [code for code in dict.fromkeys([*kept, *picks]) if code not in (order.get("drops") or ())]


def _claimed(document: Mapping[str, Any]) -> Data:
	claimed: Data = {}
	if document.get("claimed_base_price"):
		claimed["base"] = document["claimed_base_price"]
	options = {
		row["vehicle_option"]: row.get("claimed_price") or 0
		for row in document.get("configuration") or ()
		if row.get("is_claimed") or row.get("claimed_price")
	}
	if options:
		claimed["options"] = options
	return claimed


def _special(row: Mapping[str, Any], costs: Mapping[str, Any]) -> Data:
	special: Data = {"request_no": row["request_no"], "name_zh": row.get("name_zh")}
	special["unit_price"] = (row.get("unit_price") or 0) if row.get("is_priced") else None
	special["floor_price"] = costs.get("floor_price") or None
	special["cost"] = costs.get("cost") or None
	special["valid_to"] = row.get("valid_to") or None
	if row.get("lead_days"):
		special["lead_days"] = row["lead_days"]
	if costs.get("qty"):
		special["priced_qty"] = int(costs["qty"])
	return special
