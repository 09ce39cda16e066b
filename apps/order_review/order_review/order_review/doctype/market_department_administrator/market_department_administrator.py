from order_review.order_review.row import OrderRow


class MarketDepartmentAdministrator(OrderRow):
	"""An order administrator to whom submitted orders of a market department go (分工)."""
