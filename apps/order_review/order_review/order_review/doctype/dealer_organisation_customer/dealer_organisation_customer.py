from order_review.order_review.dealer_row import DealerRow


class DealerOrganisationCustomer(DealerRow):
	"""A customer a dealer organisation stands for."""
