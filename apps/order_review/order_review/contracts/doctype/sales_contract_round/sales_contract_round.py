from order_review.order_review.row import OrderRow


class SalesContractRound(OrderRow):
	"""A round of the contract review (合同评审轮次)."""
