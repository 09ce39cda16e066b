from frappe.model.document import Document


class QualifiedRole(Document):
	pass
