from frappe.model.document import Document


class PriceRehearsalRow(Document):
	"""One order of a rehearsal."""
