from frappe.model.document import Document


class OrderReviewSettings(Document):
	pass
