from frappe.model.document import Document


class DisputeCategory(Document):
	pass
