from frappe.model.document import Document


class WorkQualityType(Document):
	pass
