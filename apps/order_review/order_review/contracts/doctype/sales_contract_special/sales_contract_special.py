from order_review.order_review.row import OrderRow


class SalesContractSpecial(OrderRow):
	"""A special option of a contract line (合同特殊配置)."""
