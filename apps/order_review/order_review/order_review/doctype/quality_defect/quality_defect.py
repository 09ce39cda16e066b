from order_review.order_review.row import OrderRow


class QualityDefect(OrderRow):
	pass
