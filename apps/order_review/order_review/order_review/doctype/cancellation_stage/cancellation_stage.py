from frappe.model.document import Document


class CancellationStage(Document):
	pass
