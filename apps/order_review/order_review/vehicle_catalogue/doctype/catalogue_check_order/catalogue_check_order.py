from frappe.model.document import Document


class CatalogueCheckOrder(Document):
	pass
