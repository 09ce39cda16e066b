from frappe.model.document import Document


class VehicleGrade(Document):
	pass
