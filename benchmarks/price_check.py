"""Price Check over 100,000 orders beside ERPNext's Sales Order Analysis over as many, on one site in one run.

Call it with a site that has Order Review, its demo data and nothing to lose; the rows are taken away afterwards::

    env/bin/python benchmarks/price_check.py --site test.localhost --orders 100000

Exit 1 when Price Check takes 2 s or more, or more than a fifth of the time of Sales Order Analysis.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import frappe

SITES = Path(__file__).resolve().parents[1] / "sites"
MARK = "BENCH-"
FIRST_DAY = date(2024, 1, 1)
DAYS = 1000
LIMIT_SECONDS = 2.0
LIMIT_SHARE = 0.2
RUNS = 3


def main() -> int:
	"""Generate, measure, print, clean up."""
	asked = _arguments()
	os.chdir(SITES)
	frappe.init(site=asked.site, sites_path=str(SITES))
	frappe.connect()
	frappe.set_user("Administrator")
	try:
		clean_up()
		print(f"Making {asked.orders:,} intent orders and as many sales orders …", flush=True)
		make_intent_orders(asked.orders)
		make_sales_orders(asked.orders)
		frappe.db.commit()  # nosemgrep: a benchmark is its own transaction
		return _compare(asked.orders)
	finally:
		clean_up()
		frappe.destroy()


def _arguments() -> argparse.Namespace:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument("--site", required=True)
	parser.add_argument("--orders", type=int, default=100_000)
	return parser.parse_args()


def _compare(orders: int) -> int:
	span = {"from_date": str(FIRST_DAY), "to_date": str(FIRST_DAY + timedelta(DAYS))}
	ours, page = measure(lambda: run_report("Price Check", span))
	theirs, rows = measure(lambda: run_report("Sales Order Analysis", {**span, "company": _company()}))
	whole, exported = measure(lambda: export_all(span), runs=1)
	counted = page["report_summary"][0]["value"]
	assert counted == orders, f"Price Check counts {counted} orders"
	assert len(rows["result"]) >= orders, f"Sales Order Analysis has {len(rows['result'])} rows"
	share = ours / theirs
	print(
		f"Price Check           {ours:8.3f} s   totals of {counted:,} orders, {len(page['result'])} rows of them shown"
	)
	print(f"Price Check, all rows {whole:8.3f} s   {exported:,} rows exported")
	print(f"Sales Order Analysis  {theirs:8.3f} s   {len(rows['result']):,} rows")
	print(f"Share                 {share:8.1%}   at most {LIMIT_SHARE:.0%}")
	return int(ours >= LIMIT_SECONDS or share > LIMIT_SHARE)


def measure(call: Callable[[], Any], runs: int = RUNS) -> tuple[float, Any]:
	"""Median seconds of a call and its last answer."""
	seconds = []
	answer = None
	for _run in range(runs):
		begin = time.perf_counter()
		answer = call()
		seconds.append(time.perf_counter() - begin)
	return statistics.median(seconds), answer


def run_report(name: str, filters: dict[str, str]) -> Any:
	"""The report as the Desk asks for it."""
	from frappe.desk.query_report import generate_report_result, get_report_doc

	return generate_report_result(get_report_doc(name), frappe._dict(filters))


def export_all(filters: dict[str, str]) -> int:
	"""Export every row; the number of rows."""
	from order_review.api.price_check import export_all as export

	export(json.dumps(filters))
	return frappe.response.filecontent.count(b"\n") - 1


def make_intent_orders(number: int) -> None:
	"""Copies of the sample orders' figures under new names, spread over a thousand days."""
	samples = frappe.get_all("Intent Order", fields=["*"], order_by="name", limit=12)
	assert samples, "The site has no intent orders; run `bench --site SITE demo-data` first."
	for doctype in ("Intent Order", "Intent Order Price Review", "Intent Order Cost"):
		stored = {
			row.name: row
			for row in frappe.get_all(
				doctype, fields=["*"], filters={"name": ["in", [s.name for s in samples]]}
			)
		}
		if stored:
			_copy(doctype, [stored[sample.name] for sample in samples if sample.name in stored], number)


def _copy(doctype: str, stored: list[Any], number: int) -> None:
	columns = [column for column in frappe.get_meta(doctype).get_valid_columns() if column in stored[0]]
	rows = []
	for index in range(number):
		row = dict(stored[index % len(stored)])
		name = f"{MARK}{index:06d}"
		row["name"] = name
		if "intent_order" in row:
			row["intent_order"] = name
		if "order_date" in row:
			row["order_date"] = _day(index)
		if "review" in row:
			row["review"] = "{}"
		rows.append(tuple(row.get(column) for column in columns))
	frappe.db.bulk_insert(doctype, columns, rows, chunk_size=2000)


def make_sales_orders(number: int) -> None:
	"""Submitted sales orders of one row each."""
	item = frappe.db.get_value("Item", {}, "name") or _item()
	stamp = {"docstatus": 1, "owner": "Administrator", "creation": "2026-01-01", "modified": "2026-01-01"}
	head = {
		"company": _company(),
		"customer": frappe.db.get_value("Customer", {}, "name"),
		"status": "To Deliver and Bill",
		"conversion_rate": 1,
		"currency": "CNY",
	}
	row = {
		"item_code": item,
		"item_name": item,
		"description": item,
		"qty": 10,
		"delivered_qty": 0,
		"rate": 850000,
		"base_rate": 850000,
		"base_amount": 8500000,
		"amount": 8500000,
		"billed_amt": 0,
		"idx": 1,
		"parenttype": "Sales Order",
		"parentfield": "items",
	}
	_insert(
		"Sales Order",
		(
			{
				**stamp,
				**head,
				"name": f"{MARK}{i:06d}",
				"transaction_date": _day(i),
				"delivery_date": _day(i + 60),
			}
			for i in range(number)
		),
	)
	_insert(
		"Sales Order Item",
		(
			{
				**stamp,
				**row,
				"name": f"{MARK}{i:06d}",
				"parent": f"{MARK}{i:06d}",
				"delivery_date": _day(i + 60),
			}
			for i in range(number)
		),
	)


def _insert(doctype: str, rows: Iterator[dict[str, Any]]) -> None:
	listed = list(rows)
	columns = list(listed[0])
	frappe.db.bulk_insert(doctype, columns, [tuple(row.values()) for row in listed], chunk_size=5000)


def _item() -> str:
	document = frappe.get_doc(
		{
			"doctype": "Item",
			"item_code": f"{MARK}BUS",
			"item_group": "All Item Groups",
			"stock_uom": "Nos",
			"is_stock_item": 0,
		}
	)
	return str(document.insert().name)


def _company() -> str:
	return str(frappe.db.get_value("Company", {}, "name"))


def _day(index: int) -> date:
	return FIRST_DAY + timedelta(index % DAYS)


def clean_up() -> None:
	"""Take every generated row away."""
	for doctype in (
		"Intent Order",
		"Intent Order Price Review",
		"Intent Order Cost",
		"Sales Order",
		"Sales Order Item",
		"Item",
	):
		frappe.db.delete(doctype, {"name": ["like", f"{MARK}%"]})
	frappe.db.commit()  # nosemgrep: a benchmark is its own transaction


if __name__ == "__main__":
	sys.exit(main())
