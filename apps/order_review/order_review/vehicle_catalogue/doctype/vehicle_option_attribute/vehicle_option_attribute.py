from frappe.model.document import Document


class VehicleOptionAttribute(Document):
	pass
