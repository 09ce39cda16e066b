from order_review.order_review.row import OrderRow


class SalesContractOption(OrderRow):
	"""An option of a contract line (合同配置)."""
