from order_review.order_review.row import OrderRow


class IntentOrderCondition(OrderRow):
	"""A condition a department agreed under (条件), and until when it must be met."""
