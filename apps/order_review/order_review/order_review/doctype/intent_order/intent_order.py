from frappe.model.document import Document


class IntentOrder(Document):
	pass
