from order_review.order_review.row import OrderRow


class ContractQualityDefect(OrderRow):
	"""A defect of a contract (合同质量缺陷) with its evidence, its points and how an appeal was decided."""
