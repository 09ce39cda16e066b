from order_review.order_review.dealer_row import DealerRow


class DealerOrganisationMember(DealerRow):
	"""A website user who is of a dealer organisation; inactive when he has left it."""
