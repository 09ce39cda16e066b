from order_review.order_review.row import OrderRow


class OpinionRouting(OrderRow):
	pass
