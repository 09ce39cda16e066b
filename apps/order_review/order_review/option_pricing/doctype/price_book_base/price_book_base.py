from frappe.model.document import Document


class PriceBookBase(Document):
	pass
