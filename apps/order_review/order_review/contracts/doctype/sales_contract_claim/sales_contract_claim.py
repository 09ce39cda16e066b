from order_review.order_review.row import OrderRow


class SalesContractClaim(OrderRow):
	"""A policy, service, evidence or livery file of a contract line (合同行的政策、服务与资料)."""
