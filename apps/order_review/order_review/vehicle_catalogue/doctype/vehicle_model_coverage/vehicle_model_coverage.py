from frappe.model.document import Document


class VehicleModelCoverage(Document):
	pass
