"""How the open work of one source is read: what the user may see, what the filters ask, what is the user's own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Count, Sum
from frappe.utils import cint, get_datetime
from pypika import Case, CustomFunction, NullValue
from pypika.terms import Criterion, Term

from order_review.constants import REVIEW_CONDITION, REVIEW_TASK, SPECIAL_REQUEST
from order_review.engine.clocks import DEALER, OURS
from order_review.services.workplace.sources import Source, Stage
from order_review.services.workplace.whose import awaiting

if TYPE_CHECKING:
	from order_review.services.workplace.work import Worklist

_MOMENT = CustomFunction("timestamp", ["day", "time"])
MINE, ALL = "mine", "all"
OVERDUE, TODAY, WEEK = "overdue", "today", "week"

_COLUMNS = (
	"name", "modified", "status", "title", "document_type", "document", "customer", "model", "qty",
	"market_department", "sales_person", "person", "review_round", "step_since", "due_at", "hours_allowed",
	"paused_hours", "paused_since", "department", "role", "is_required",
)  # fmt: skip
"""Columns of every row, whatever its source."""

_OF_THE_DOCUMENT = ("customer", "model", "qty", "market_department", "sales_person")
"""Columns that a piece of work about another document takes from that document."""

_OF_ANOTHER = {*_OF_THE_DOCUMENT, "text"}
"""Filters of a department's task that ask something of the document it is about."""

_SEARCHED = ("name", "document", "customer", "title")
_EQUAL = ("market_department", "sales_person", "department", "status", "person", "model")
"""Filters that name one value of a column."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Total:
	"""Number of pieces of work, of those over time and of those due before the day ends."""

	number: int = 0
	overdue: int = 0
	today: int = 0

	def __add__(self, other: Total) -> Total:
		return Total(self.number + other.number, self.overdue + other.overdue, self.today + other.today)


class Reader:
	"""Reads the open work of one source."""

	doctype: str
	key: str
	beside = ""

	def __init__(self, work: Worklist) -> None:
		self.work = work
		self.table = DocType(self.doctype)
		self.columns: dict[str, Term] = {}
		self.whole: list[Row] | None = None

	@property
	def is_empty(self) -> bool:
		"""Whether the filters rule the source out."""
		return False

	def rows(self, limit: int) -> list[Row]:
		"""The most urgent rows; what has no due time comes last."""
		due, since, name = self.columns["due_at"], self.columns["step_since"], self.table.name
		query = self._selected().orderby(Case().when(due.isnull(), 1).else_(0)).orderby(due).orderby(since)
		return self.kept(query.orderby(name).limit(limit).run(as_dict=True), limit)

	def kept(self, found: list[Row], limit: int) -> list[Row]:
		"""Finished rows; remembered when they are all there are."""
		rows = [self.finish(row) for row in found]
		self.whole = rows if len(rows) < limit else None
		return rows

	def _selected(self) -> Any:
		return self._matching().select(*(term.as_(name) for name, term in self.columns.items()))

	def by_stage(self) -> Iterator[tuple[tuple[str, str], Total]]:
		"""(DocType, stage) → how much there is."""
		if self.whole is not None:  # read already to the end
			yield from (((self.doctype, row["stage"]), self._one(row)) for row in self.whole)
			return
		key = self.columns[self.key]
		for row in self._matching(self._counted_from()).select(key, *self._sums()).groupby(key).run():
			yield (self.doctype, self.beside or row[0] or ""), _total(row[1:])

	def _one(self, row: Row) -> Total:
		due = row["due_at"] and get_datetime(row["due_at"])
		late = bool(due) and due < self.work.now
		return Total(1, int(late), int(bool(due) and not late and due < _midnight(self.work.now)))

	def finish(self, row: Row) -> Row:
		"""The row with who holds the ball."""
		raise NotImplementedError

	def _from(self) -> Any:
		raise NotImplementedError

	def _open(self) -> Criterion:
		raise NotImplementedError

	def _own(self) -> Criterion:
		"""What the user of the session has to do."""
		raise NotImplementedError

	def _sums(self) -> tuple[Term, ...]:
		due, now = self.columns["due_at"], self.work.now
		late = Case().when(due < now, 1).else_(0)
		today = Case().when((due >= now) & (due < _midnight(now)), 1).else_(0)
		return Count("*"), Sum(late), Sum(today)

	def _counted_from(self) -> Any:
		"""Where rows are counted: without what only dresses them."""
		return self._from()

	def _matching(self, query: Any = None) -> Any:
		query = (query or self._from()).where(self._open())
		for criterion in (*self._visible(), *self._asked()):
			query = query.where(criterion)
		return query

	def _visible(self) -> Iterable[Criterion]:
		if self.work.departments is not None:
			yield self.columns["market_department"].isin(self.work.departments or [""])

	def _asked(self) -> Iterator[Criterion]:
		filters = self.work.filters
		if filters.get("view") == MINE:
			yield self._own()
		for name in _EQUAL:
			if name in filters:
				yield self.columns[name] == str(filters[name])
		if "customer" in filters:
			yield self.columns["customer"].like(_inside(filters["customer"]))
		if "text" in filters:
			yield Criterion.any(self.columns[name].like(_inside(filters["text"])) for name in _SEARCHED)
		yield from self._in_time(str(filters.get("due", "")))

	def _in_time(self, due: str) -> Iterator[Criterion]:
		column, now = self.columns["due_at"], self.work.now
		if due == OVERDUE:
			yield column < now
		elif due == TODAY:
			yield column < _midnight(now)
		elif due == WEEK:
			yield column < _midnight(now) + timedelta(days=6)


class Documents(Reader):
	"""Documents that somebody holds himself."""

	key = "status"

	def __init__(self, work: Worklist, source: Source) -> None:
		self.source, self.doctype, self.beside = source, source.doctype, source.beside
		super().__init__(work)
		meta = frappe.get_meta(source.doctype)
		stored = {*meta.get_valid_columns()}
		for name in _COLUMNS:
			field = source.columns.get(name, name)
			self.columns[name] = self.table[field] if field in stored else NullValue()
		due = meta.get_field(source.columns.get("due_at", "due_at"))
		if due and due.fieldtype == "Date":  # a day ends at midnight
			self.columns["due_at"] = _MOMENT(self.columns["due_at"], "23:59:59")
		if not source.is_about_another:
			self.columns["document"] = self.table.name
		side = work.filters.get("side")
		self.stages = {name: stage for name, stage in source.stages.items() if side in (None, stage.side)}

	@property
	def is_empty(self) -> bool:
		"""Whether no status is asked for, or departments' opinions alone are."""
		beside = self.source.beside and self.work.filters.get("view") != MINE
		return bool(beside) or not self.stages or "department" in self.work.filters

	def _from(self) -> Any:
		return frappe.qb.from_(self.table)

	def _open(self) -> Criterion:
		plain = [
			name for name, stage in self.stages.items() if not (stage.flag or stage.asked or stage.blind)
		]
		found = self.table.status.isin(plain or [""])
		for name, stage in self.stages.items():
			if stage.flag:
				found |= (self.table.status == name) & (self.table[stage.flag] == 1)
			elif stage.asked:
				found |= (self.table.status == name) & (self.table.price_approval == "Needed")
			elif stage.blind:
				state = self.table.blind_state
				found |= (self.table.status == name) & (state.isnull() | (state != "Drawn"))
		return found

	def _visible(self) -> Iterable[Criterion]:
		departments = self.work.departments
		if departments is None:
			return ()
		if (
			self.doctype == REVIEW_CONDITION
		):  # it belongs to whom it names, whose department it has nothing to do with
			return [self._own()]
		seen = self.columns["market_department"].isin(departments or [""])
		return [
			seen | self.table.owner.isin(self.work.mine.users) if self.doctype == SPECIAL_REQUEST else seen
		]

	def _own(self) -> Criterion:
		mine = [
			(self.table.status == status) & criterion
			for status, stage in self.stages.items()
			if (criterion := self._held(stage)) is not None
		]
		return Criterion.any(mine) if mine else _never(self.table)

	def _held(self, stage: Stage) -> Criterion | None:
		"""Whether the user holds what is in a stage; None when the user never does."""
		mine = self.work.mine
		if stage.is_personal:
			person = self.columns["person"]
			own: Criterion = person.isin(mine.users)
			if stage.role_field:
				nobody = person.isnull() | (person == "")
				return own | (nobody & self.table[stage.role_field].isin(sorted(mine.roles)))
			return own | person.isnull() | (person == "") if mine.roles & set(stage.roles) else own
		if mine.roles.isdisjoint(stage.roles):
			return None
		if stage.is_ladder:
			return self.table.name.isin(awaiting(mine.roles, self.doctype))
		if stage.side == DEALER and mine.sales_persons and "sales_person" in self._stored():
			return self.table.owner.isin(mine.users) | self.columns["sales_person"].isin(mine.sales_persons)
		return self.table.name.isnotnull()

	def _stored(self) -> Collection[str]:
		return frappe.get_meta(self.doctype).get_valid_columns()

	def finish(self, row: Row) -> Row:
		stage = self.stages[row["status"]]
		return row | {
			"doctype": self.doctype,
			"document_type": row["document_type"] or self.doctype,
			"stage": self.source.beside or row["status"],
			"side": stage.side,
			"holder_roles": [row["role"]] if stage.role_field and row["role"] else list(stage.roles),
			"is_personal": stage.is_personal,
			"is_ladder": stage.is_ladder,
			"process": self.source.process,
		}


class Tasks(Reader):
	"""Opinions departments owe on documents of one DocType."""

	doctype = REVIEW_TASK
	key = "department"

	def __init__(self, work: Worklist, reference: str) -> None:
		super().__init__(work)
		self.reference = reference
		self.is_there = is_readable(reference)
		if not self.is_there:
			return
		self.document = DocType(reference).as_("document")
		stored = {*frappe.get_meta(REVIEW_TASK).get_valid_columns()}
		of_document = {*frappe.get_meta(reference).get_valid_columns()}
		for name in _COLUMNS:
			self.columns[name] = self.table[name] if name in stored else NullValue()
		for name in _OF_THE_DOCUMENT:
			self.columns[name] = self.document[name] if name in of_document else NullValue()
		self.columns |= {
			"title": self.document.title if "title" in of_document else NullValue(),
			"person": self.table.assigned_to,
			"document_type": self.table.reference_doctype,
			"document": self.table.reference_name,
			"step_since": self.table.received_at,
		}

	@property
	def is_empty(self) -> bool:
		"""Whether there are no such documents, or a stage is asked for that is none of a department's."""
		filters = self.work.filters
		return not self.is_there or filters.get("status", "Open") != "Open"

	def _from(self) -> Any:
		query = frappe.qb.from_(self.table).join(self.document)
		return query.on(self.document.name == self.table.reference_name)

	def rows(self, limit: int) -> list[Row]:
		"""The most urgent rows; an index gives them in order, so that the rest is not even read."""
		due, name = self.columns["due_at"], self.table.name
		found = (
			self._selected().where(due.isnotnull()).orderby(due).orderby(name).limit(limit).run(as_dict=True)
		)
		if len(found) < limit:
			timeless = self._selected().where(due.isnull()).orderby(name).limit(limit - len(found))
			found += timeless.run(as_dict=True)
		return self.kept(found, limit)

	def _counted_from(self) -> Any:
		asked = _OF_ANOTHER & self.work.filters.keys()
		return self._from() if asked or self.work.departments is not None else frappe.qb.from_(self.table)

	def _open(self) -> Criterion:
		return (self.table.status == "Open") & (self.table.reference_doctype == self.reference)

	def _own(self) -> Criterion:
		mine, person = self.work.mine, self.columns["person"]
		if not mine.roles:
			return _never(self.table)
		is_nobodys = person.isnull() | (person == "") | person.isin(mine.users)
		return self.table.role.isin(sorted(mine.roles)) & is_nobodys

	def _asked(self) -> Iterator[Criterion]:
		yield from super()._asked()
		side = self.work.filters.get("side")
		if side == OURS:
			yield self.columns["paused_since"].isnull()
		elif side == DEALER:
			yield self.columns["paused_since"].isnotnull()
		elif side:
			yield _never(self.table)

	def finish(self, row: Row) -> Row:
		return row | {
			"doctype": REVIEW_TASK,
			"stage": row["department"],
			"side": DEALER if row["paused_since"] else OURS,
			"holder_roles": [row["role"]],
			"is_personal": bool(row["person"]),
			"is_ladder": False,
			"process": None,
		}


def is_readable(doctype: str) -> bool:
	"""Whether the DocType is there and the user may read it."""
	return bool(frappe.db.table_exists(doctype, cached=True)) and bool(frappe.has_permission(doctype, "read"))


def _never(table: Any) -> Criterion:
	return table.name.isnull()


def _inside(text: Any) -> str:
	return "%" + str(text).strip()[:140].replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def _midnight(now: datetime) -> datetime:
	return datetime.combine(now.date() + timedelta(days=1), datetime.min.time())


def _total(row: Iterable[Any]) -> Total:
	return Total(*(cint(value) for value in row))
