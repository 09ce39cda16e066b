from order_review.order_review.row import OrderRow


class ProductionFreezePoint(OrderRow):
	pass
