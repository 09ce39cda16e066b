from frappe.model.document import Document


class WeeklyCapacity(Document):
	pass
