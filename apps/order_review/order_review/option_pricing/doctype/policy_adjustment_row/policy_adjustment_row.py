from frappe.model.document import Document


class PolicyAdjustmentRow(Document):
	"""A draft policy of an adjustment request."""
