from frappe.model.document import Document


class CatalogueFreezePoint(Document):
	pass
