from frappe.model.document import Document


class ChangeFee(Document):
	pass
