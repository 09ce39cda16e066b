from order_review.order_review.row import OrderRow


class BlindTranslationLine(OrderRow):
	"""A slot of a blind translation as the auditor fills it (盲审行)."""
