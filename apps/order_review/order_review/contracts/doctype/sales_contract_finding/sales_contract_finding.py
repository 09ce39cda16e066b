from order_review.order_review.row import OrderRow


class SalesContractFinding(OrderRow):
	"""A finding of the contract review (合同评审发现)."""
