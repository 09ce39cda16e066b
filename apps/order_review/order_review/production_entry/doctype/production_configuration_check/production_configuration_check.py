from order_review.order_review.row import OrderRow


class ProductionConfigurationCheck(OrderRow):
	"""A row of the audit (配置审核行): contract clause, sales option, production lines."""
