from order_review.option_pricing.price_row import PriceRow


class PriceBookBaseCost(PriceRow):
	"""The planning cost of a model's standard configuration."""
