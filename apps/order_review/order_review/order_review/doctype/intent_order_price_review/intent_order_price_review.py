from frappe.model.document import Document


class IntentOrderPriceReview(Document):
	pass
