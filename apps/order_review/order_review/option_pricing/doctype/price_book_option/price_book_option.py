from frappe.model.document import Document


class PriceBookOption(Document):
	pass
