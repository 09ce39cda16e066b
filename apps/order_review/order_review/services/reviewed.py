"""Documents on which departments give opinions: one registry, so that tasks, locks and permissions know them all.

A document joins in by a ``Reviewed`` of its own, named in ``REVIEWED`` by its dotted path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import frappe
from frappe.model.document import Document

from order_review.constants import INTENT_ORDER, PRODUCTION_CONFIGURATION, SALES_CONTRACT

Facts = Callable[[Document], Mapping[str, Any]]


def _nothing(document: Document) -> None:
	"""Nothing follows."""


@dataclass(frozen=True)
class Reviewed:
	"""How opinions are collected on documents of a DocType.

	Attributes:
		doctype: the DocType; it has ``review_round``, ``status`` and ``market_department``.
		process: name of its process in the routing and the deadlines.
		collecting: status in which opinions are collected.
		facts: field → value for the conditions of the routing.
		scope: group of ``engine.opinions.SCOPES`` → plain data, what departments judge.
		joined: what follows when a round is complete, told its result (``clear`` or ``objections``); the caller
			holds the document's row.
		owner_field: field with the user who is told of the opinions.
		held_by: field with the document whose row is locked before this one's, and its DocType.
		lingering: statuses in which opinions asked for information only still come in.
		asked_again: statuses in which an opinion is asked once more when what was judged has changed, and given.
		reopened: what follows when a complete round is open again, in the same status.
		overruled: what follows when an objection is overruled.
	"""

	doctype: str
	process: str
	collecting: str
	facts: Facts
	scope: Facts
	joined: Callable[[Document, str], None]
	owner_field: str = "owner"
	held_by: tuple[str, str] | None = None
	lingering: tuple[str, ...] = ()
	asked_again: tuple[str, ...] = ()
	reopened: Callable[[Document], None] = _nothing
	overruled: Callable[[Document], None] = _nothing


REVIEWED: Mapping[str, str] = {
	INTENT_ORDER: "order_review.services.intent_review.REVIEWED",
	SALES_CONTRACT: "order_review.services.contracts.opinions.REVIEWED",
	PRODUCTION_CONFIGURATION: "order_review.services.production.confirmation.REVIEWED",
}
"""DocType → dotted path of its ``Reviewed``."""

AFTER_ANSWER: tuple[str, ...] = (
	"order_review.services.delivery_commitment.after_opinion",
	"order_review.services.order_types.after_opinion",
)
"""Dotted paths of what else follows from an opinion: called with the document and the answered task, both locked,
before the round is joined."""


def of(doctype: str) -> Reviewed:
	"""How opinions are collected on documents of this DocType.

	Raises:
		KeyError: nobody gives opinions on it.
	"""
	found: Reviewed = frappe.get_attr(REVIEWED[doctype])
	return found


def by_process(process: str) -> Reviewed | None:
	"""The documents of a process, when there are any."""
	return next((one for one in map(of, REVIEWED) if one.process == process), None)
