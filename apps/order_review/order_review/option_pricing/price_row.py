"""Rows of price books, policies and rehearsals: a released book could be changed by its rows else."""

from __future__ import annotations

from order_review.order_review.row import OrderRow


class PriceRow(OrderRow):
	"""A child row that changes with its book, policy or rehearsal only."""
