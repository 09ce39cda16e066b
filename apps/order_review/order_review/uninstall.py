"""What happens when the app is taken off a site."""

from order_review.setup import remove


def before_uninstall() -> None:
	"""Take away what Frappe does not remove with the modules."""
	remove()
