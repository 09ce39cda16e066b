from frappe.model.document import Document


class DeliveryDateProposal(Document):
	pass
