from order_review.order_review.row import OrderRow


class VehicleOptionAttribute(OrderRow):
	pass
