from order_review.order_review.row import OrderRow


class IntentOrderLiveryFile(OrderRow):
	pass
