"""Measuring on a site, in one transaction that is undone: the part every such benchmark begins with."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

import frappe

SITES = Path(__file__).resolve().parents[1] / "sites"
DEFAULT_SITE = "review.localhost"


def measured(purpose: str, measure: Callable[[int], int], option: str, usual: int) -> int:
	"""Measure on the site that is asked for, as Administrator, and undo everything; gives the exit code.

	Args:
		purpose: docstring of the benchmark.
		measure: prints what it measured; gives the exit code.
		option: name of the number it takes, as ``runs``.
		usual: that number, unless asked otherwise.
	"""
	parser = argparse.ArgumentParser(description=purpose.splitlines()[0])
	parser.add_argument("--site", default=DEFAULT_SITE)
	parser.add_argument(f"--{option}", dest="number", type=int, default=usual)
	asked = parser.parse_args()
	if not (SITES / asked.site).is_dir():
		print(f"There is no site {asked.site}; `make start` makes {DEFAULT_SITE}, or name one with --site.")
		return 2
	os.chdir(SITES)
	frappe.init(site=asked.site, sites_path=str(SITES))
	frappe.connect()
	frappe.set_user("Administrator")
	frappe.flags.mute_emails = True
	try:
		return measure(asked.number)
	finally:
		frappe.db.rollback()
		frappe.destroy()
