from order_review.order_review.row import OrderRow


class LiveryDesignView(OrderRow):
	"""A drawing of a livery from one side (视图)."""
