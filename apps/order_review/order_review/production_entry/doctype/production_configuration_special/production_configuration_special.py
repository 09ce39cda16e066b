from order_review.order_review.row import OrderRow


class ProductionConfigurationSpecial(OrderRow):
	"""How a special option of the contract line is built (特殊配置处理)."""
