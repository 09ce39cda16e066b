from frappe.model.document import Document


class CatalogueCheckFinding(Document):
	pass
