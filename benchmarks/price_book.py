"""A price book of 50,000 lines: how fast a sheet is imported, and how fast the form opens beside a book of 500.

Call it with a site that has the sample catalogue; everything it writes is taken away again::

    env/bin/python benchmarks/price_book.py --site test.localhost --lines 50000

Exit 1 when fewer than 2,000 lines are imported in a second, or the big book opens more than half as slow again.
"""

from __future__ import annotations

import argparse
import copy
import os
import statistics
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import frappe

from order_review.adapters.catalogue_documents import LINES
from order_review.adapters.price_book_sheet import write_sheet
from order_review.engine.catalogue import Catalogue, PriceLine
from order_review.services import catalogue_store, price_book

SITES = Path(__file__).resolve().parents[1] / "sites"
BOOKS = {"BENCH-SMALL": 500, "BENCH-BIG": 50_000}
LEAST_LINES_PER_SECOND = 2000
MOST_SHARE = 1.5
OPENINGS = 15
OWN_MODELS = 6
"""Models of the sample catalogue; the others of the benchmark have option lines only."""


def main() -> int:
	"""Import, open, print, clean up."""
	parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
	parser.add_argument("--site", required=True)
	parser.add_argument("--lines", type=int, default=BOOKS["BENCH-BIG"])
	asked = parser.parse_args()
	os.chdir(SITES)
	frappe.init(site=asked.site, sites_path=str(SITES))
	frappe.connect()
	frappe.set_user("Administrator")
	try:
		return _measure({**BOOKS, "BENCH-BIG": asked.lines})
	finally:
		frappe.db.rollback()
		frappe.destroy()


def _measure(books: dict[str, int]) -> int:
	catalogue = wide_catalogue(max(books.values()))
	opened = {}
	for name in books:
		head = {"code": name, "name_zh": name, "valid_from": "2040-01-01", "valid_to": "2040-06-30"}
		frappe.get_doc({"doctype": "Price Book", **head}).insert()
	rates = {name: import_sheet(catalogue, name, lines) for name, lines in books.items()}
	for name in books:
		opened[name] = median(lambda name=name: open_form(name))
		print(f"{name:<12} form opens in {opened[name] * 1000:6.1f} ms, answer {size(name):,} bytes")
	share = opened["BENCH-BIG"] / opened["BENCH-SMALL"]
	print(f"Big beside small: {share:.2f} times")
	return int(rates["BENCH-BIG"] < LEAST_LINES_PER_SECOND or share > MOST_SHARE)


def import_sheet(catalogue: Catalogue, name: str, lines: int) -> float:
	"""Import a sheet of so many lines into an empty draft; lines per second, reading and checking included."""
	sheet = write_sheet(some_lines(catalogue, lines), {}, ("list", "floor", "cost"), "en")
	told: list[int] = []
	begin = time.perf_counter()
	found = price_book.apply_sheet(
		name, sheet, True, lambda done, _total, _what: told.append(done), catalogue
	)
	seconds = time.perf_counter() - begin
	assert found.counts()["added"] == lines
	stored = sum(frappe.db.count(doctype, {"price_book": name}) for doctype in LINES.values())
	assert stored == len(LINES) * (lines - OWN_MODELS), f"{stored} lines are stored"
	rate = lines / seconds
	print(
		f"{name:<12} {lines:>7,} lines imported in {seconds:6.2f} s = {rate:8,.0f} lines/s, progress told {len(told)} times",
		flush=True,
	)
	return rate


def wide_catalogue(lines: int) -> Catalogue:
	"""The site's catalogue with copies of its models until they take so many lines."""
	data = catalogue_store.read_data()
	models = data["models"]["models"]
	offered = {
		model["alias"]: [o for o in data["options"]["options"] if model["alias"] in o["avail"]]
		for model in models
	}
	total, number = sum(map(len, offered.values())), 0
	for original in list(models) * (lines // max(total, 1) + 1):
		if total >= lines:
			break
		number += 1
		twin = {**copy.deepcopy(original), "code": f"BENCH{number:04d}", "alias": f"B{number:04d}"}
		models.append(twin)
		for option in offered[original["alias"]]:
			option["avail"][twin["alias"]] = option["avail"][original["alias"]]
		total += len(offered[original["alias"]])
	for family in data["families"]["families"]:
		if family.get("models"):
			family["models"] = list(family["models"])
	return Catalogue.from_data(data)


def some_lines(catalogue: Catalogue, number: int) -> dict[tuple[str, str], PriceLine]:
	"""So many lines with prices; base lines first."""
	line = PriceLine(Decimal(1600), Decimal(1500), Decimal(1200))
	keys = [("", code) for code in list(catalogue.models)[:OWN_MODELS]]
	keys += [
		(option.code, model.code)
		for model in catalogue.models.values()
		for option in catalogue.options.values()
		if model.alias in option.avail
	]
	assert len(keys) >= number, f"only {len(keys)} lines can be made"
	return dict.fromkeys(keys[:number], line)


def open_form(name: str) -> Any:
	"""What the Desk asks for when the form opens."""
	from frappe.desk.form.load import getdoc

	frappe.local.response = frappe._dict({"docs": []})
	getdoc("Price Book", name)
	return frappe.as_json(frappe.response)


def size(name: str) -> int:
	"""Bytes of the form's answer."""
	return len(open_form(name).encode())


def median(call: Callable[[], Any]) -> float:
	"""Median seconds of a call."""
	seconds = []
	for _number in range(OPENINGS):
		begin = time.perf_counter()
		call()
		seconds.append(time.perf_counter() - begin)
	return statistics.median(seconds)


if __name__ == "__main__":
	sys.exit(main())
