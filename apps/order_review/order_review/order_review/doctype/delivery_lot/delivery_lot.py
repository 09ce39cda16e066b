from order_review.order_review.row import OrderRow


class DeliveryLot(OrderRow):
	pass
