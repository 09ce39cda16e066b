from order_review.option_pricing.price_row import PriceRow


class BusinessPolicyOrderType(PriceRow):
	"""An order type a policy applies to."""
