from frappe.model.document import Document


class PriceBookOptionFloor(Document):
	pass
