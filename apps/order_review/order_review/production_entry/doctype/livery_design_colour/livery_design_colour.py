from order_review.order_review.row import OrderRow


class LiveryDesignColour(OrderRow):
	"""A colour of a livery and where it goes (颜色)."""
