from frappe.model.document import Document


class SpecialOptionFloor(Document):
	"""Floor price of a special option (特殊配置底价), for those who may know floors; kept by the price sheet."""
