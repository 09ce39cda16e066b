from order_review.order_review.row import OrderRow


class DeliveryWeek(OrderRow):
	pass
