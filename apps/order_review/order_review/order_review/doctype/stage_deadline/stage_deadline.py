from frappe.model.document import Document


class StageDeadline(Document):
	pass
