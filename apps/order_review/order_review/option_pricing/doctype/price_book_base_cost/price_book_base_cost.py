from frappe.model.document import Document


class PriceBookBaseCost(Document):
	pass
