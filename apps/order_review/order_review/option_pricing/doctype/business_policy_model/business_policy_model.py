from order_review.option_pricing.price_row import PriceRow


class BusinessPolicyModel(PriceRow):
	"""A model a policy applies to."""
