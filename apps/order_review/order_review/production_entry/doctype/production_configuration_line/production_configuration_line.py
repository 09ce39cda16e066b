from order_review.order_review.row import OrderRow


class ProductionConfigurationLine(OrderRow):
	"""An assembly of the production configuration (生产配置行), from a rule or by hand."""
