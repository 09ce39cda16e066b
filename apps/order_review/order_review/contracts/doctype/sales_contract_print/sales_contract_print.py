from order_review.order_review.row import OrderRow


class SalesContractPrint(OrderRow):
	"""A version of the contract that was given out for signing (合同签署版本)."""
