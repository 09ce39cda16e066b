from frappe.model.document import Document


class BusinessPolicyModel(Document):
	pass
