from frappe.model.document import Document


class PriceBookBaseFloor(Document):
	pass
