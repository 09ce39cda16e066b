from order_review.order_review.row import OrderRow


class SpecialOptionReleasedCost(OrderRow):
	"""What a released price of a special option was made of, as confidential as its price sheet."""
