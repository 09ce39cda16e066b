from order_review.option_pricing.price_row import PriceRow


class PriceBookBase(PriceRow):
	"""The list price of a model's standard configuration (基准价)."""
