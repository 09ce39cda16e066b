"""The release of a contract line into ERPNext: Item, BOM of 60 rows, submitted Sales Order, milestones, livery design.

Call it with a site that has Order Review and its demo data; everything happens in one transaction that is undone::

    env/bin/python benchmarks/release.py --site review.localhost

It measures twice: with the Items of the assemblies there, and with all of them to be made. Exit 1 above 5 s.
"""

from __future__ import annotations

import statistics
import sys
import time
from typing import Any

import frappe
from _on_site import measured
from frappe.utils import add_days, today

from order_review.constants import PRODUCTION_CONFIGURATION, SALES_CONTRACT
from order_review.demo import order_entry
from order_review.services.production import erp

ROWS = 60
RUNS = 5
LIMIT_SECONDS = 5.0


def main() -> int:
	"""Measure, print, undo."""
	return measured(__doc__ or "", measure, "runs", RUNS)


def measure(runs: int) -> int:
	"""Print seconds for both cases; 1 when the slower one is above the limit."""
	order = frappe.db.get_value(
		"Intent Order",
		{"external_id": "IO-01"},
		["name", "company", "customer", "model", "sales_person"],
		as_dict=True,
	)
	if not order:
		print("The site has no demo orders; `bench --site SITE demo-data` makes them.")
		return 2
	order_entry.create_settings()
	slowest = 0.0
	for case, prefix in (("Items there", "BENCH"), ("Items to be made", None)):
		taken = [release(order, run, prefix) for run in range(runs + 1)][1:]  # the first round fills caches
		slowest = max(slowest, *taken)
		print(
			f"{case:18} median {statistics.median(taken):6.2f} s   slowest {max(taken):6.2f} s   ({ROWS} rows)"
		)
	print(f"Limit {LIMIT_SECONDS} s: {'kept' if slowest <= LIMIT_SECONDS else 'MISSED'}")
	return int(slowest > LIMIT_SECONDS)


def release(order: Any, run: int, prefix: str | None) -> float:
	"""Seconds of one release; with a prefix the Items of the assemblies are there from the first round on."""
	number = f"SC-BENCH-{'A' if prefix else 'B'}-{run}"
	sales, pcf = contract(order, number), configuration(order, number, prefix or f"BENCH-{run}")
	start = time.perf_counter()
	erp.book(pcf, sales, sales.lines[0])
	return time.perf_counter() - start


def contract(order: Any, number: str) -> Any:
	"""A contract of ten vehicles, stored as it is."""
	head = {name: order[name] for name in ("company", "customer", "sales_person")}
	sales = frappe.get_doc(
		{
			"doctype": SALES_CONTRACT,
			"name": number,
			"status": "Effective",
			"order_type": "Direct",
			"currency": "CNY",
			**head,
		}
	)
	line = {
		"line_no": 1,
		"model": order.model,
		"qty": 10,
		"unit_price": 848000,
		"delivery_date": add_days(today(), 60),
	}
	sales.append("lines", line)
	return stored(sales)


def configuration(order: Any, number: str, prefix: str) -> Any:
	"""A production configuration of 60 rows, stored as it is."""
	pcf = frappe.get_doc(
		{
			"doctype": PRODUCTION_CONFIGURATION,
			"name": f"PCF-{number}",
			"status": "Released",
			"sales_contract": number,
			"line_no": 1,
			"version": 1,
			"model": order.model,
			"qty": 10,
		}
	)
	for row in range(ROWS):
		assembly = f"{prefix}-{row:03}"
		pcf.append(
			"lines", {"slot": f"S{row:02}", "assembly_no": assembly, "assembly_name": assembly, "qty": 1}
		)
	return stored(pcf)


def stored(document: Any) -> Any:
	"""Write a document and its rows without the steps that lead to it."""
	now = frappe.utils.now()
	for row in (document, *document.get_all_children()):
		row.update(
			{"owner": "Administrator", "creation": now, "modified": now, "modified_by": "Administrator"}
		)
	document.db_insert()
	for row in document.get_all_children():
		row.update({"parent": document.name, "parenttype": document.doctype})
		row.set_new_name()
		row.db_insert()
	return frappe.get_doc(document.doctype, document.name)


if __name__ == "__main__":
	sys.exit(main())
