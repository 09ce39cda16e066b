from frappe.model.document import Document


class PriceBookOptionCost(Document):
	pass
