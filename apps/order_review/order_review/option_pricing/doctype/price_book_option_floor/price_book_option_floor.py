from order_review.option_pricing.price_line import PriceLine, one_line_each


class PriceBookOptionFloor(PriceLine):
	"""The floor price of an option on a model in a price book (底价); never shown to sales, dealers and planners."""

	amount_field = "floor_price"


def on_doctype_update() -> None:
	"""One line for an option on a model of a book."""
	one_line_each("Price Book Option Floor")
