from order_review.option_pricing.price_row import PriceRow


class PriceRehearsalRow(PriceRow):
	"""One order of a rehearsal."""
