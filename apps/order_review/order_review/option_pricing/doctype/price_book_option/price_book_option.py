from order_review.option_pricing.price_line import PriceLine, one_line_each


class PriceBookOption(PriceLine):
	"""The list increment of an option on a model in a price book (选装价)."""

	amount_field = "list_price"


def on_doctype_update() -> None:
	"""One line for an option on a model of a book."""
	one_line_each("Price Book Option")
