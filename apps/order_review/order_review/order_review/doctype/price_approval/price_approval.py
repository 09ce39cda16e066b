from frappe.model.document import Document


class PriceApproval(Document):
	"""One decision about a price by the role of the approval ladder (价格审批记录)."""
