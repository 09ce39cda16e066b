from order_review.order_review.row import OrderRow


class ExtraWorkingDay(OrderRow):
	"""A day that is worked although it is a weekend or a holiday (调休, overtime)."""
