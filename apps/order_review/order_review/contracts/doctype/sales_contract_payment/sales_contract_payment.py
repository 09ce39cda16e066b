from order_review.order_review.row import OrderRow


class SalesContractPayment(OrderRow):
	"""A step of the payment schedule (付款计划)."""
