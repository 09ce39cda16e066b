from order_review.order_review.row import OrderRow


class QualifiedRole(OrderRow):
	pass
