from order_review.order_review.row import OrderRow


class VehicleModelStandardOption(OrderRow):
	pass
