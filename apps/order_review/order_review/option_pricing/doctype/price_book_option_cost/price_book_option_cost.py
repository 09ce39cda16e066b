from order_review.option_pricing.price_line import PriceLine, one_line_each


class PriceBookOptionCost(PriceLine):
	"""The planning cost of an option on a model in a price book (成本); for cost readers only."""

	amount_field = "cost"


def on_doctype_update() -> None:
	"""One line for an option on a model of a book."""
	one_line_each("Price Book Option Cost")
