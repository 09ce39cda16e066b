from order_review.order_review.row import OrderRow


class IntentOrderRound(OrderRow):
	"""A round of an intent order's review (评审轮次): submitted, received, returned, what changed."""
