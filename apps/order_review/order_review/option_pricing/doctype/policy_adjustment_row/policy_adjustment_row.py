from order_review.option_pricing.price_row import PriceRow


class PolicyAdjustmentRow(PriceRow):
	"""A draft policy of an adjustment request."""
