from order_review.order_review.row import OrderRow


class ProductionConfigurationOption(OrderRow):
	"""An option of the contract line as it was when the version was made (配置快照)."""
