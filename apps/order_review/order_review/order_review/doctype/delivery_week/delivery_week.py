from frappe.model.document import Document


class DeliveryWeek(Document):
	pass
