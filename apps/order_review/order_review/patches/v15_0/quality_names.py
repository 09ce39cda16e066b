"""Sites set up before defects and work-quality types had English names and hints get the supplied ones."""

import frappe

from order_review.setup.process_settings import process

_TABLES = {
	"Quality Defect": ("defects", ("name_en", "hint_zh", "hint_en")),
	"Work Quality Type": ("change_points", ("name_en",)),
}


def execute() -> None:
	"""Fill what is empty, row by row; what an administrator wrote stays."""
	supplied = process()
	for doctype, (key, fields) in _TABLES.items():
		known = {record["code"]: record for record in supplied[key]}
		for row in frappe.get_all(doctype, fields=["name", "code", *fields]):
			values = {name: known[row.code][name] for name in fields if row.code in known and not row[name]}
			if values:
				frappe.db.set_value(doctype, row.name, values, update_modified=False)
