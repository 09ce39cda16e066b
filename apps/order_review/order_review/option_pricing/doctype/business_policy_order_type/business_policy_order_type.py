from frappe.model.document import Document


class BusinessPolicyOrderType(Document):
	pass
