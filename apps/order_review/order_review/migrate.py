"""What happens at every migrate."""

from order_review.setup import check_versions, sync


def before_migrate() -> None:
	"""Refuse versions of Frappe and ERPNext that are not supported."""
	check_versions()


def after_migrate() -> None:
	"""Bring what the app adds to the site up to date."""
	sync()
