from order_review.option_pricing.price_row import PriceRow


class BusinessPolicyTier(PriceRow):
	"""A quantity tier of a policy."""
