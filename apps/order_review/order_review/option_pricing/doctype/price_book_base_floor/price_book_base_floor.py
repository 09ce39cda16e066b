from order_review.option_pricing.price_row import PriceRow


class PriceBookBaseFloor(PriceRow):
	"""The floor price of a model's standard configuration."""
