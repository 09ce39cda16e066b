"""Files of our documents that were public become private, as every new one is."""

from __future__ import annotations

import frappe

from order_review.constants import MODULES


def execute() -> None:
	"""Move what everybody could open; a file that cannot be moved is told in the error log and stays as it is."""
	ours = frappe.get_all("DocType", filters={"module": ["in", MODULES]}, pluck="name")
	public = {"is_private": 0, "is_folder": 0, "attached_to_doctype": ["in", ours]}
	for name in frappe.get_all("File", filters={**public, "file_url": ["like", "/files/%"]}, pluck="name"):
		file = frappe.get_doc("File", name)
		if file.is_private:  # moved with another record of the same file
			continue
		file.is_private = 1
		try:
			file.save(ignore_permissions=True)
		except (OSError, frappe.ValidationError):
			frappe.log_error(
				f"{file.file_url} of {file.attached_to_doctype} {file.attached_to_name} is still public"
			)
