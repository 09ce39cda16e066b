from frappe.model.document import Document


class IntentOrderCost(Document):
	"""Planning cost and margin of an intent order (成本), beside it because only cost readers may know."""
