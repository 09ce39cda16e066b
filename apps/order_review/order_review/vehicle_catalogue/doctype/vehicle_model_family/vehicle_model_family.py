from frappe.model.document import Document


class VehicleModelFamily(Document):
	pass
