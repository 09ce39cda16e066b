from order_review.order_review.row import OrderRow


class CancellationStage(OrderRow):
	pass
