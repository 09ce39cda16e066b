from order_review.order_review.row import OrderRow


class WorkingSpan(OrderRow):
	"""One span of a working day (工作时段): before noon, after noon; what lies between is a break."""
