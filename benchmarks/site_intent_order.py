"""Saving an Intent Order with its configuration beside inserting an ERPNext Quotation of 46 lines, in one run.

Call it with a site that has Order Review and its demo data; everything happens in one transaction that is undone::

    env/bin/python benchmarks/site_intent_order.py --site review.localhost

Exit 1 when a save takes more than half of the time of the quotation.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import frappe
from _on_site import measured
from frappe.utils.nestedset import get_root_of

LINES = 46
RUNS = 15
LIMIT_SHARE = 0.5
SAMPLE = "IO-01"


def main() -> int:
	"""Measure, print, undo."""
	return measured(__doc__ or "", compare, "runs", RUNS)


def compare(runs: int) -> int:
	"""Print milliseconds and ratios; 1 when a save is slower than the limit."""
	name = frappe.db.get_value("Intent Order", {"external_id": SAMPLE}, "name")
	if not name:
		print("The site has no demo orders; `bench --site SITE order-review demo-data` makes them.")
		return 2
	items = make_items()
	customer = frappe.db.get_value("Intent Order", name, "customer")
	steps: dict[str, Callable[[int], None]] = {
		"Quotation insert": lambda run: insert_quotation(customer, items),
		"Intent Order insert": lambda run: insert_order(name),
		"Intent Order save": lambda run: save_order(name, run),
	}
	taken: dict[str, list[float]] = {step: [] for step in steps}
	for run in range(runs + 1):
		for step, act in steps.items():
			frappe.db.savepoint("bench")
			start = time.perf_counter()
			act(run)
			if run:  # the first round fills caches
				taken[step].append((time.perf_counter() - start) * 1000)
			frappe.db.rollback(save_point="bench")
	return report(taken)


def report(taken: dict[str, list[float]]) -> int:
	"""Print one line for each step."""
	quotation = statistics.median(taken["Quotation insert"])
	worst = 0.0
	print(f"{'median of ' + str(len(taken['Quotation insert'])):<24}{'ms':>8}{'of a quotation':>18}")
	for step, times in taken.items():
		share = statistics.median(times) / quotation
		if step.endswith("save"):
			worst = share
		print(f"{step:<24}{statistics.median(times):>8.1f}{share:>17.0%}")
	print(
		f"A save may take {LIMIT_SHARE:.0%} of a quotation of {LINES} lines: {'kept' if worst <= LIMIT_SHARE else 'MISSED'}."
	)
	return int(worst > LIMIT_SHARE)


def make_items() -> list[str]:
	"""Items for the quotation, without stock, as ERPNext's own tests make them."""
	codes = []
	for number in range(LINES):
		item = frappe.get_doc(
			{
				"doctype": "Item",
				"item_code": f"BENCH-{number:02}",
				"item_group": get_root_of("Item Group"),
				"stock_uom": "Nos",
				"is_stock_item": 0,
			}
		)
		codes.append(item.insert().name)
	return codes


def insert_quotation(customer: str, items: list[str]) -> None:
	"""A draft quotation with one line for each item."""
	frappe.get_doc(
		{
			"doctype": "Quotation",
			"quotation_to": "Customer",
			"party_name": customer,
			"order_type": "Sales",
			"items": [{"item_code": code, "qty": 1, "rate": 1000} for code in items],
		}
	).insert()


def insert_order(name: str) -> None:
	"""A new intent order like the sample."""
	order = frappe.copy_doc(frappe.get_doc("Intent Order", name))
	order.insert()


def save_order(name: str, run: int) -> None:
	"""The sample with another quantity and another option, saved."""
	order = frappe.get_doc("Intent Order", name)
	order.qty = 10 + run % 5
	row = next(row for row in order.configuration if row.family == "WHL")
	row.vehicle_option = ("WHL-A", "WHL-S")[run % 2]
	order.save()


if __name__ == "__main__":
	sys.exit(main())
