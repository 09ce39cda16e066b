from frappe.model.document import Document


class SpecialOptionCost(Document):
	pass
