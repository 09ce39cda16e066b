from order_review.order_review.row import OrderRow


class DocumentEvent(OrderRow):
	"""A step a document took (流程记录): from, to, who, when, why; written by the guard only."""
