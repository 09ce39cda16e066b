from frappe.model.document import Document


class ProductionFreezePoint(Document):
	pass
