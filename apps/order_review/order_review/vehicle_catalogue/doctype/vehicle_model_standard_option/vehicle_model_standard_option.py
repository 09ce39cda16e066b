from frappe.model.document import Document


class VehicleModelStandardOption(Document):
	pass
