from order_review.order_review.dealer_row import DealerRow


class DealerOrganisationEvent(DealerRow):
	"""Who granted or withdrew what, and when; written by the organisation's save alone."""
