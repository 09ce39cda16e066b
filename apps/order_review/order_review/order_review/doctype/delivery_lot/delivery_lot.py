from frappe.model.document import Document


class DeliveryLot(Document):
	pass
