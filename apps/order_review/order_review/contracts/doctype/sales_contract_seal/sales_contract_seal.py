from order_review.order_review.row import OrderRow


class SalesContractSeal(OrderRow):
	"""A use of the contract seal (用印记录)."""
