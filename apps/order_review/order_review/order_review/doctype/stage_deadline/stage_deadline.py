from order_review.order_review.row import OrderRow


class StageDeadline(OrderRow):
	pass
