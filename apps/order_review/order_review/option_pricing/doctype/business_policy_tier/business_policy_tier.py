from frappe.model.document import Document


class BusinessPolicyTier(Document):
	pass
