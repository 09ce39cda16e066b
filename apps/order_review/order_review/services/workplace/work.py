"""Open work: one row for each thing somebody has to do, by due time, with the clock and who holds the ball.

Rows come page by page from every source the user may read; the database sorts and limits each source, so what is
closed costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, get_datetime, now_datetime

from order_review.constants import REVIEW_TASK
from order_review.permissions import own_departments, require_role
from order_review.services.review_tasks import department_names
from order_review.services.workplace.readers import (
	ALL,
	MINE,
	Documents,
	Reader,
	Row,
	Tasks,
	Total,
	is_readable,
)
from order_review.services.workplace.row_words import dressed
from order_review.services.workplace.sources import REVIEWED, SOURCES
from order_review.services.workplace.whose import Mine

PAGE = 50
LARGEST_PAGE = 500

READERS = frozenset(
	"Salesperson|Market Department Manager|Order Administrator|Contract Administrator|Configuration Auditor|"
	"Livery Support|Order Supervisor|Sales Operations Manager|Technical Reviewer|Finance Reviewer|Planning Reviewer|"
	"Supply Reviewer|Marketing Planner|Market Management Officer|Quality Reviewer|Service Reviewer|"
	"Production Management Reviewer|Marketing VP|Price Committee".split("|")
)
"""Roles that may look at open work: those that read review tasks."""


def require_reader() -> None:
	"""Raise PermissionError unless the user may look at open work."""
	require_role(READERS)


class Worklist:
	"""Open work as the user of the session may see it.

	Args:
		filters: view (mine or all), due (overdue, today, week), kind (a DocType), side, department, market_department,
			sales_person, person, status, model, customer, text; what is unknown or empty is ignored.

	Raises:
		PermissionError: the user may not look at open work.
	"""

	def __init__(self, filters: Mapping[str, Any] | None = None) -> None:
		require_reader()
		self.filters = {key: value for key, value in (filters or {}).items() if value not in (None, "")}
		self.now = now_datetime()
		self.mine = Mine.of(frappe.session.user)
		self.departments = own_departments(frappe.session.user)
		self._stages: dict[tuple[str, str], Total] | None = None

	def rows(self, start: int = 0, length: int = PAGE) -> list[Row]:
		"""A page of rows, the most urgent first; what has no due time comes last, the oldest first."""
		start, length = max(cint(start), 0), min(max(cint(length), 1), LARGEST_PAGE)
		found: list[Row] = []
		for reader in self._readers:
			found += reader.rows(start + length)
		found.sort(key=_urgency)
		return dressed(found[start : start + length], self.now, self._names)

	def total(self) -> Total:
		"""How much there is of everything the filters match."""
		return sum(self._by_stage().values(), Total())

	def load(self) -> list[Row]:
		"""Open work by stage or department: key, whether it is a department, number, overdue, today."""
		names = self._names
		return [
			{
				"kind": kind,
				"key": key,
				"label": names.get(key, key) if kind == REVIEW_TASK else _(key, context=kind),
				"number": total.number,
				"overdue": total.overdue,
				"today": total.today,
			}
			for (kind, key), total in sorted(self._by_stage().items(), key=lambda entry: -entry[1].number)
		]

	def _by_stage(self) -> dict[tuple[str, str], Total]:
		"""Read once for totals and load."""
		if self._stages is None:
			self._stages = {}
			for reader in self._readers:
				for key, total in reader.by_stage():
					self._stages[key] = self._stages.get(key, Total()) + total
		return self._stages

	@cached_property
	def _names(self) -> dict[str, str]:
		return department_names()

	@cached_property
	def _readers(self) -> list[Reader]:
		return list(self._asked_readers())

	def _asked_readers(self) -> Iterator[Reader]:
		for doctype, make in _all_readers():
			wanted = self.filters.get("kind")
			if (wanted and wanted != doctype) or not is_readable(doctype):
				continue
			reader = make(self)
			if not reader.is_empty:
				yield reader


def _all_readers() -> Iterator[tuple[str, Callable[[Worklist], Reader]]]:
	for reference in REVIEWED:
		yield REVIEW_TASK, partial(Tasks, reference=reference)
	for source in SOURCES:
		yield source.doctype, partial(Documents, source=source)


def choices() -> dict[str, list[dict[str, str]]]:
	"""What the filters offer: kinds, departments, market departments."""
	departments = own_departments(frappe.session.user)
	markets = frappe.get_all(
		"Department",
		filters={
			"is_market_department": 1,
			**({"name": ["in", departments]} if departments is not None else {}),
		},
		fields=["name", "department_name"],
		order_by="department_name",
	)
	kinds = dict.fromkeys([REVIEW_TASK, *(source.doctype for source in SOURCES)])
	return {
		"kinds": [{"value": kind, "label": _(kind)} for kind in kinds if is_readable(kind)],
		"departments": [{"value": code, "label": name} for code, name in department_names().items()],
		"markets": [{"value": row.name, "label": row.department_name} for row in markets],
	}


def _urgency(row: Row) -> tuple[bool, Any, str]:
	moment = row["due_at"] or row["step_since"] or row["modified"]
	return row["due_at"] is None, get_datetime(moment), row["name"]


__all__ = ["ALL", "MINE", "Total", "Worklist", "require_reader"]
