from frappe.model.document import Document


class WorkingSpan(Document):
	"""One span of a working day (工作时段): before noon, after noon; what lies between is a break."""
