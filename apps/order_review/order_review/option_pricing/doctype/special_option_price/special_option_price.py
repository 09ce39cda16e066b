from order_review.order_review.row import OrderRow


class SpecialOptionPrice(OrderRow):
	"""A released price of a special option: orders dated up to its end keep it when the option is priced anew."""
