"""What happens at every migrate."""

from order_review.setup import check_versions, names, sync


def before_migrate() -> None:
	"""Refuse versions that are not supported, and a host that has a name the new version needs."""
	check_versions()
	names.refuse_taken()


def after_migrate() -> None:
	"""Bring what the app adds to the site up to date."""
	sync()
