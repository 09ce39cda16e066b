from frappe.model.document import Document


class ContractPriceReview(Document):
	"""The confidential part of a contract's review (合同价格评审), for readers of floor prices."""
