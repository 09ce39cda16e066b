from frappe.model.document import Document


class OptionFamilyModel(Document):
	pass
