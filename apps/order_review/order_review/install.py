"""What happens when the app is installed on a site."""

from order_review.setup import check_versions, names, seed, sync


def before_install() -> None:
	"""Refuse versions that are not supported, and a site that has our names for something else."""
	check_versions()
	names.refuse_taken()


def after_install() -> None:
	"""Add what the app needs on the site."""
	sync()
	seed()
