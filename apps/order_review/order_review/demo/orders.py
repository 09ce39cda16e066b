"""The sample intent orders."""

from __future__ import annotations

from typing import Any

import frappe
import yaml

from order_review.adapters.intent_order import from_order_data
from order_review.constants import INTENT_ORDER
from order_review.engine.order import HOME_CURRENCY
from order_review.services import catalogue_store

from . import ledger
from .places import DATA, company, department


def sample_orders() -> list[dict[str, Any]]:
	"""The sample orders as the file states them, with what a review must find."""
	return yaml.safe_load((DATA / "orders.yaml").read_text(encoding="utf-8"))["orders"]


def create_exchange_rates() -> None:
	"""The exchange rates the sample orders were made at, as ERPNext keeps them."""
	for order in sample_orders():
		if order.get("currency", HOME_CURRENCY) != HOME_CURRENCY:
			ledger.make(
				"Currency Exchange",
				{
					"from_currency": order["currency"],
					"to_currency": HOME_CURRENCY,
					"date": order["order_date"].replace(day=1),
				},
				exchange_rate=order["fx"],
				for_buying=1,
				for_selling=1,
			)


def create_orders() -> None:
	"""One Intent Order for each sample order."""
	for order in sample_orders():
		create_order(order)


def create_order(order: dict[str, Any]) -> str:
	"""The Intent Order of a sample order; made when it is not there."""
	values = from_order_data(order, catalogue_store.current())
	values |= {
		"title": f"{order['id']} {order['title_zh']}",
		"company": company(),
		"customer": frappe.db.get_value("Customer", {"customer_name": order["customer"]["name"]}, "name"),
		"customer_is_new": int(order["customer"]["new"]),
		"dealer": order.get("dealer"),
		"sales_person": order["salesperson"],
		"market_department": department(order["market_department"]),
	}
	values |= _of_type(order)
	return ledger.make(INTENT_ORDER, {"external_id": values.pop("external_id")}, **values)


def _of_type(order: dict[str, Any]) -> dict[str, Any]:
	"""What an order of its type needs before it can be submitted, where the order files have no word for it."""
	number = f"XQ-ZB-2026-{order['id'][-2:]}"
	if order["order_type"] == "Tender":
		return {"tender_no": number, "bid_file": bid_file(number)}
	return {"incoterm": "FOB"} if order["order_type"] == "Export" else {}


def bid_file(number: str) -> str:
	"""Address of a bid file; a small one, made when it is not there."""
	name = f"{number}.txt"
	made = ledger.make("File", {"file_name": name}, content=f"投标文件 {number}(示例)", is_private=1)
	return str(frappe.db.get_value("File", made, "file_url"))
