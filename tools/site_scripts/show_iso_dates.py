"""Let a site of ours show dates as year-month-day. Runs with the bench's Python."""

from __future__ import annotations

import sys

import frappe

FORMATS = {"date_format": "yyyy-mm-dd", "time_format": "HH:mm:ss"}


def show_iso_dates() -> None:
	"""Write the formats into the System Settings and, for forms and lists, the defaults.

	The settings hand a format on only when it changes, and a new site's defaults differ from its settings.
	"""
	settings = frappe.get_single("System Settings")
	settings.update(FORMATS)
	settings.flags.ignore_mandatory = True
	settings.save(ignore_permissions=True)
	for name, written in FORMATS.items():
		frappe.db.set_default(name, written)
	frappe.clear_cache()


def main(site: str) -> None:
	"""Do it on `site`."""
	frappe.init(site=site)
	frappe.connect()
	try:
		frappe.set_user("Administrator")
		show_iso_dates()
		frappe.db.commit()
		print("Dates are shown as year-month-day.")
	finally:
		frappe.destroy()


if __name__ == "__main__":
	main(sys.argv[1])
