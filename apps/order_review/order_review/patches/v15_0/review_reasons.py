"""Sites installed before reviews had reason codes get the supplied ones."""

from order_review.setup.review_reasons import seed_review_reasons


def execute() -> None:
	"""Make the reasons where there are none."""
	seed_review_reasons()
