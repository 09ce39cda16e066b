from frappe.model.document import Document


class VehicleOptionAvailability(Document):
	pass
