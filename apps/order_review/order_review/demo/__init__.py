"""Demo data: sample company data, catalogue, users and orders; made, shown and cleared by one command.

Everything made is written down, so that clearing takes away exactly that, and nothing a user entered.
"""

from __future__ import annotations

from collections.abc import Callable

from order_review.setup.leftovers import remove_orphaned_workflow_roles, remove_series

from . import (
	contracts,
	delegations,
	delivery,
	fulfilment,
	ledger,
	order_entry,
	orders,
	people,
	places,
	prices,
	production,
	quality,
	questions,
	reading,
	reviews,
	small_records,
	special_options,
)
from .people import logins

Progress = Callable[[int, int, str], None]

__all__ = ["clear", "create", "logins", "state"]

_STEPS: tuple[tuple[str, Callable[[], None]], ...] = (
	("company", places.create_company),
	("departments", places.create_departments),
	("holidays", places.create_holiday_list),
	("catalogue", places.import_catalogue),
	("users", people.create_users),
	("customers", people.create_customers),
	("dealer's organisation", people.create_organisation),
	("order entry settings", order_entry.create_settings),
	("exchange rates", orders.create_exchange_rates),
	("rights of readers", reading.let_read),
	("orders", orders.create_orders),
	("special options", special_options.create_requests),
	("delivery dates", delivery.create_commitments),
	("contracts", contracts.create_contracts),
	("fulfilment", fulfilment.create_fulfilment),
	("production configuration", production.create_configuration),
	("questions", questions.create_questions),
	("quality months", quality.create_months),
	("work quality", quality.create_work_records),
	("small records", small_records.create_records),
	("delegations", delegations.create_delegations),
	("rehearsal", prices.create_rehearsal),
	("adjustment request", prices.create_adjustment_request),
)


def create(progress: Progress | None = None, with_reviews: bool = False) -> None:
	"""Make what is missing of the demo data.

	Args:
		with_reviews: orders in the midst of their review as well, as on a working day.
	"""
	show = progress or _silent
	steps = (*_STEPS, ("reviews", reviews.create_reviews)) if with_reviews else _STEPS
	for done, (name, step) in enumerate(steps):
		show(done, len(steps), name)
		step()
	show(len(steps), len(steps), "")


def clear(progress: Progress | None = None) -> None:
	"""Remove everything that ``create`` made, in the opposite order."""
	show = progress or _silent
	entries = ledger.entries()
	for done, (doctype, name) in enumerate(reversed(entries)):
		show(done, len(entries), doctype)
		ledger.remove(doctype, name)
	people.forget_messages()
	places.restore()
	order_entry.restore()
	remove_series(unused_only=True)
	remove_orphaned_workflow_roles()
	ledger.forget()
	show(len(entries), len(entries), "")


def state() -> list[str]:
	"""What is there, one line for each kind of record."""
	counts: dict[str, int] = {}
	for doctype, _name in ledger.entries():
		counts[doctype] = counts.get(doctype, 0) + 1
	lines = [f"{doctype}: {number}" for doctype, number in counts.items()]
	return lines or ["There are no demo data."]


def _silent(_done: int, _total: int, _text: str) -> None:
	return None
