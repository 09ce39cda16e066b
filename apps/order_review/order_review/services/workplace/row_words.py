"""What a row of open work says beside what is stored: its clock, who holds the ball, open issues and objections."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.query_builder.functions import Count
from frappe.utils import cint, flt, get_datetime

from order_review.constants import PRICE_REVIEW, REVIEW_TASK, TECHNICAL_ISSUE
from order_review.engine.clocks import hours_used
from order_review.engine.working_time import WorkingTime
from order_review.services import catalogue_store, deadlines
from order_review.services.price_check import clearance
from order_review.services.workplace.readers import Row, is_readable


def dressed(rows: list[Row], now: datetime, departments: Mapping[str, str]) -> list[Row]:
	"""Rows with their clock, the names of holders, open issues and objections.

	Args:
		departments: department code → name.
	"""
	time, words = deadlines.working_time(), _Words(rows, departments)
	issues, objections = _issues(rows), _objections(rows)
	for row in rows:
		row |= _clock(row, now, time)
		row |= words.of(row)
		key = (row["document_type"], row["document"])
		row["issues"] = issues.get(key, 0)
		row["objections"] = objections.get((*key, cint(row["review_round"])), 0)
		for name in ("holder_roles", "is_ladder", "is_personal", "process", "paused_since", "paused_hours"):
			row.pop(name)
	return rows


def _clock(row: Row, now: datetime, time: WorkingTime) -> Row:
	"""Working hours used and allowed, how far the due time is away, whether the clock stands still."""
	allowed = flt(row["hours_allowed"]) or (
		deadlines.hours(row["process"], row["status"]) if row["process"] else None
	)
	since, due = row["step_since"], row["due_at"]
	paused = get_datetime(row["paused_since"]) if row["paused_since"] else None
	used = hours_used(get_datetime(since), now, flt(row["paused_hours"]), paused, time) if since else None
	late = bool(due) and get_datetime(due) < now and not paused
	return {
		"hours_allowed": allowed or None,
		"hours_used": None if used is None else round(used, 1),
		"is_overdue": late,
		"is_paused": bool(paused),
		"hours_over": round(time.hours_between(get_datetime(due), now), 1) if late else 0,
	}


class _Words:
	"""Names of departments, users and customers for some rows."""

	def __init__(self, rows: Iterable[Row], departments: Mapping[str, str]) -> None:
		self.departments = departments
		self.clearance = clearance()
		people = {row["person"] for row in rows if row["person"]}
		self.people = user_names(people)
		self.customers = _names(
			"Customer", "customer_name", {row["customer"] for row in rows if row["customer"]}
		)
		ladder = [row["name"] for row in rows if row["is_ladder"]]
		self.approvers = _approver_roles(ladder) if ladder and self.clearance.floor else {}

	def of(self, row: Row) -> Row:
		"""Names that stand in a row."""
		return {
			"stage_label": self.departments.get(row["stage"], row["stage"])
			if row["doctype"] == REVIEW_TASK
			else _(row["stage"], context=row["doctype"]),
			"holder": self._holder(row),
			"customer": self.customers.get(row["customer"], row["customer"]),
			"market": (row["market_department"] or "").rsplit(" - ", 1)[0],
		}

	def _holder(self, row: Row) -> str:
		if row["is_personal"] and row["person"]:
			return self.people.get(row["person"], row["person"])
		if row["is_ladder"]:
			return _(self.approvers.get(row["name"], "Price Approver"))
		if row["doctype"] == REVIEW_TASK and not row["role"]:
			return self.departments.get(row["department"], row["department"])
		return _(row["holder_roles"][0])


def _approver_roles(names: list[str]) -> dict[str, str]:
	"""Order → role that decides about its price; what an internal order's level is, is said to nobody here."""
	roles = {rung.level: rung.role for rung in catalogue_store.current().terms.ladder}
	found = frappe.get_all(
		PRICE_REVIEW,
		filters={"name": ["in", names], "order_type": ["!=", "Internal"]},
		fields=["name", "approval_level"],
	)
	return {row.name: roles[row.approval_level] for row in found if row.approval_level in roles}


def user_names(users: Collection[str]) -> dict[str, str]:
	"""User → full name."""
	return _names("User", "full_name", users)


def _names(doctype: str, field: str, keys: Collection[str]) -> dict[str, str]:
	if not keys:
		return {}
	rows = frappe.get_all(doctype, filters={"name": ["in", list(keys)]}, fields=["name", field])
	return {row["name"]: row[field] for row in rows if row[field]}


def _issues(rows: Iterable[Row]) -> Mapping[tuple[Any, ...], int]:
	"""Document → its technical issues that block and are not closed."""
	table = DocType(TECHNICAL_ISSUE)
	return _counted(rows, table, (table.blocking == 1) & (table.status != "Closed"))


def _objections(rows: Iterable[Row]) -> Mapping[tuple[Any, ...], int]:
	"""Document and round → objections that stand."""
	table = DocType(REVIEW_TASK)
	stands = (table.status == "Answered") & (table.opinion == "Object") & (table.is_overruled == 0)
	return _counted(rows, table, stands, table.review_round)


def _counted(rows: Iterable[Row], table: Any, which: Any, *keys: Any) -> Mapping[tuple[Any, ...], int]:
	names = sorted({row["document"] for row in rows if row["document"]})
	if not names or not is_readable(table._table_name.removeprefix("tab")):
		return {}
	keys = (table.reference_doctype, table.reference_name, *keys)
	query = frappe.qb.from_(table).select(*keys, Count("*")).where(table.reference_name.isin(names) & which)
	return {tuple(row[:-1]): row[-1] for row in query.groupby(*keys).run()}
