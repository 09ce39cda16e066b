from frappe.model.document import Document


class ReviewReason(Document):
	"""A reason of returns, vetoes or objections (原因代码)."""
