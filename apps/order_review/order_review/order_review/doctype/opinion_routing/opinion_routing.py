from frappe.model.document import Document


class OpinionRouting(Document):
	pass
