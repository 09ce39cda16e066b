from frappe.model.document import Document


class ApprovalLevel(Document):
	pass
