from frappe.model.document import Document


class ProductionShop(Document):
	pass
