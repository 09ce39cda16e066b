from frappe.model.document import Document


class QualityDefect(Document):
	pass
