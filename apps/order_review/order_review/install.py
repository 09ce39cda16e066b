"""What happens when the app is installed on a site."""

from order_review.setup import check_versions, seed, sync


def before_install() -> None:
	"""Refuse versions of Frappe and ERPNext that are not supported."""
	check_versions()


def after_install() -> None:
	"""Add what the app needs on the site."""
	sync()
	seed()
