from order_review.order_review.row import OrderRow


class DelegationRole(OrderRow):
	"""A role that is handed over."""
