from frappe.model.document import Document


class VehicleModelGrade(Document):
	pass
