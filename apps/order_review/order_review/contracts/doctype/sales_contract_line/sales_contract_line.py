from order_review.order_review.row import OrderRow


class SalesContractLine(OrderRow):
	"""A model in one configuration, its quantity, price and delivery date (合同行)."""
