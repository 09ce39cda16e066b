"""Price books as a whole: checked, edited in bulk, copied to the next half-year, and their history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.query_builder.functions import Count
from frappe.utils import getdate

from order_review.adapters.catalogue_documents import LINES
from order_review.adapters.chinese import sentence as sentence_of
from order_review.adapters.price_book_sheet import SheetRow, read_sheet, write_sheet
from order_review.constants import COST_READERS, FLOOR_READERS
from order_review.engine import price_books
from order_review.engine.bilingual import in_language
from order_review.engine.catalogue import Catalogue, PriceLine
from order_review.engine.errors import BadInput
from order_review.engine.price_books import Change, Fault, Key
from order_review.exceptions import PriceBookError
from order_review.services import catalogue_store, price_release
from order_review.services.price_lines import insert_lines

BOOK = price_release.BOOK
AMOUNT = {
	"list": ("Price Book", "list_price"),
	"floor": ("Price Book Floor", "floor_price"),
	"cost": ("Price Book Cost", "cost"),
}
"""Figure → DocType of the book's part and the field of its rows."""
SHOWN_FAULTS = 20
_CHUNK = 2500

Progress = Callable[[int, int, str], None]


def check_head(document: Document) -> None:
	"""Dates of a book in order."""
	if document.valid_to and getdate(document.valid_to) < getdate(document.valid_from):
		frappe.throw(
			_("{0} ends on {1}, before it begins on {2}.").format(
				document.name or document.code, document.valid_to, document.valid_from
			),
			title=_("Not Saved", context="Order Review"),
			exc=PriceBookError,
		)
	if not document.valid_to:
		frappe.throw(
			_("Give the last day of the book."),
			title=_("Not Saved", context="Order Review"),
			exc=PriceBookError,
		)


def check_release(document: Document) -> None:
	"""Refuse to release a book with gaps, overlaps or increments in the air; the message names the first of them.

	Raises:
		PriceBookError
	"""
	found = faults(document.name)
	superseded = document.supersedes or ""
	found = [
		fault for fault in found if not (fault.code == "OVERLAP" and fault.detail.split(" ")[0] == superseded)
	]
	if not found:
		return
	shown = [sentence(fault) for fault in found[:SHOWN_FAULTS]]
	if len(found) > len(shown):
		shown.append(_("… and {0} more.").format(len(found) - len(shown)))
	frappe.throw(
		_("{0} cannot be released:").format(document.name)
		+ "<br>"
		+ "<br>".join(map(frappe.utils.escape_html, shown)),
		title=_("Not Released"),
		exc=PriceBookError,
	)


def faults(book: str) -> list[Fault]:
	"""Everything that keeps a book from being released."""
	catalogue = catalogue_store.current()
	return price_books.faults(catalogue, catalogue.price_books[book])


def sentence(fault: Fault) -> str:
	"""A fault in the user's language."""
	texts = {
		"BASE_MISSING": _("{model}: no list price of the standard configuration"),
		"LINE_MISSING": _("{option} on {model}: offered, but without a price line"),
		"STANDARD_MISSING": _("{option} on {model}: an increment without the line of its standard {detail}"),
		"FLOOR_MISSING": _("{option} on {model}: no floor price"),
		"COST_MISSING": _("{option} on {model}: no cost"),
		"FLOOR_ABOVE_LIST": _("{option} on {model}: the floor price is above the list price"),
		"NOT_OFFERED": _("{option} on {model}: a price line, but the model does not offer it"),
		"OVERLAP": _("overlaps {detail}"),
	}
	return texts[fault.code].format(option=fault.option or _("base"), model=fault.model, detail=fault.detail)


def summary(book: str) -> dict[str, Any]:
	"""Lines of a book by model, counted in the database."""
	line = DocType(LINES[BOOK])
	counted = (
		frappe.qb.from_(line)
		.select(line.vehicle_model, Count("*"))
		.where(line.price_book == book)
		.groupby(line.vehicle_model)
		.orderby(line.vehicle_model)
		.run()
	)
	return {"lines": sum(number for _model, number in counted), "models": [list(row) for row in counted]}


# --- lines of a book ---------------------------------------------------------------------------------------


def stored_lines(book: str) -> dict[Key, PriceLine]:
	"""All lines of a book as they are stored, whoever asks; base lines first."""
	amounts: dict[str, dict[Key, Decimal]] = {}
	for figure, (doctype, fieldname) in AMOUNT.items():
		amounts[figure] = {
			("", model): _decimal(value) for model, value in _base_rows(doctype, book, fieldname)
		}
		line = DocType(LINES[doctype])
		query = frappe.qb.from_(line).select(line.vehicle_option, line.vehicle_model, line[fieldname])
		rows = query.where(line.price_book == book).orderby(line.position).run()
		amounts[figure].update({(option, model): _decimal(value) for option, model, value in rows})
	return {
		key: PriceLine(value, amounts["floor"].get(key), amounts["cost"].get(key))
		for key, value in amounts["list"].items()
	}


def _base_rows(doctype: str, book: str, fieldname: str) -> list[tuple[str, Any]]:
	row = DocType(frappe.get_meta(doctype).get_field("base").options)
	query = frappe.qb.from_(row).select(row.vehicle_model, row[fieldname])
	return list(query.where((row.parent == book) & (row.parenttype == doctype)).orderby(row.idx).run())


def _decimal(value: Any) -> Decimal:
	return Decimal(str(value or 0)).quantize(Decimal("0.01")).normalize() + 0


def write_changes(book: str, changes: Iterable[Change], progress: Progress | None = None) -> None:
	"""Write changed lines of a draft in few statements, together with their floors and costs."""
	changes = list(changes)
	steps = len(changes) * len(AMOUNT)
	done = 0
	for figure, (doctype, fieldname) in AMOUNT.items():
		touched = [
			change for change in changes if _figure(change.before, figure) != _figure(change.after, figure)
		]
		_write_base(doctype, book, figure, fieldname, [change for change in touched if not change.option])
		options = [change for change in touched if change.option]
		for start in range(0, len(options), _CHUNK):
			_write_lines(LINES[doctype], book, figure, fieldname, options[start : start + _CHUNK])
			if progress:
				progress(done + start, steps, figure)
		done += len(changes)
	if progress:
		progress(steps, steps, "")
	catalogue_store.touch()
	frappe.clear_document_cache(BOOK, book)


def _figure(line: PriceLine | None, figure: str) -> Decimal | None:
	return None if line is None else getattr(line, figure)


def _write_lines(doctype: str, book: str, figure: str, fieldname: str, changes: list[Change]) -> None:
	line = DocType(doctype)
	there = [change for change in changes if _figure(change.before, figure) is not None]
	position = frappe.db.get_value(doctype, {"price_book": book}, "max(position)") or 0
	if there:
		query = frappe.qb.from_(line).select(
			line.name, line.vehicle_option, line.vehicle_model, line.position
		)
		query = query.where(
			(line.price_book == book) & line.vehicle_option.isin(sorted({change.option for change in there}))
		)
		found = {(option, model): (name, place) for name, option, model, place in query.run()}
		names = [found[(change.option, change.model)][0] for change in there]
		frappe.qb.from_(line).delete().where(line.name.isin(names)).run()
	else:
		found = {}
	rows = []
	for change in changes:
		amount = _figure(change.after, figure)
		if amount is not None:
			position += 1
			key = {"vehicle_option": change.option, "vehicle_model": change.model}
			place = found.get((change.option, change.model), (None, position))[1]
			rows.append({**key, fieldname: float(amount), "place": place})
	insert_lines(doctype, book, rows)


def _write_base(doctype: str, book: str, figure: str, fieldname: str, changes: list[Change]) -> None:
	if not changes:
		return
	wanted = {change.model: _figure(change.after, figure) for change in changes}
	if frappe.db.exists(doctype, book):
		document = frappe.get_doc(doctype, book)
	else:
		document = frappe.new_doc(doctype)
		document.price_book = book
	for row in list(document.base):
		if row.vehicle_model in wanted:
			amount = wanted.pop(row.vehicle_model)
			if amount is None:
				document.remove(row)
			else:
				row.set(fieldname, float(amount))
	for model, amount in wanted.items():
		if amount is not None:
			document.append("base", {"vehicle_model": model, fieldname: float(amount)})
	document.flags.ignore_permissions = True
	document.flags.in_catalogue_transfer = True
	document.save()


# --- bulk editing ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Preview:
	"""What an edited sheet would change in a book."""

	changes: list[Change]
	lines: int

	def counts(self) -> dict[str, int]:
		"""Lines added, changed, removed and left as they are."""
		kinds = [change.kind for change in self.changes]
		counted = {kind: kinds.count(kind) for kind in ("added", "changed", "removed")}
		return {**counted, "unchanged": self.lines - counted["added"] - counted["changed"]}

	def jumps(self, figures: Iterable[str]) -> list[Change]:
		"""The changes in which one of the figures becomes another one altogether."""
		return [change for change in self.changes if any(change.jumps(figure) for figure in figures)]


def figures_for(user: str) -> tuple[str, ...]:
	"""The figures a user may take out and in: list, floor, cost."""
	roles = frozenset(frappe.get_roles(user))
	allowed = ["list"]
	if user == "Administrator" or not FLOOR_READERS.isdisjoint(roles):
		allowed.append("floor")
	if user == "Administrator" or not COST_READERS.isdisjoint(roles):
		allowed.append("cost")
	return tuple(allowed)


def export_sheet(book: str) -> bytes:
	"""The book as an XLSX sheet with the figures the user may know."""
	catalogue = catalogue_store.current()
	lang = _lang()
	names = {
		code: _name(record, lang)
		for records in (catalogue.options, catalogue.models)
		for code, record in records.items()
	}
	return write_sheet(stored_lines(book), names, figures_for(frappe.session.user), lang)


def preview_sheet(
	book: str, content: bytes, remove_missing: bool, catalogue: Catalogue | None = None
) -> Preview:
	"""Read an edited sheet and say what it would change; nothing is written.

	Args:
		book: the draft.
		content: the XLSX file.
		remove_missing: whether lines that are not in the sheet go.
		catalogue: what options and models are checked against; the site's where not given.

	Raises:
		PriceBookError: a cell cannot be understood, or a line has no place in the catalogue; rows and reasons are named.
	"""
	try:
		rows, faults_found = read_sheet(content)
	except BadInput as error:
		frappe.throw(sentence_of(error, _lang()), title=_("Sheet Not Read"), exc=PriceBookError)
	catalogue = catalogue or catalogue_store.current()
	texts = [in_language(fault, _lang()) for fault in faults_found]
	allowed = figures_for(frappe.session.user)
	texts += [text for row in rows for text in _row_faults(row, catalogue, allowed)]
	if texts:
		_refuse_rows(texts)
	before = stored_lines(book)
	after = {} if remove_missing else dict(before)
	for row in rows:
		key = (row.option, row.model)
		after[key] = _merged(before.get(key), row)
	return Preview(price_books.compare(before, after), len(after))


def _merged(before: PriceLine | None, row: SheetRow) -> PriceLine:
	"""The line a row asks for; a column the sheet does not have leaves its figure as it is."""
	old = {name: getattr(before, name) if before else None for name in price_books.FIGURES}
	return PriceLine(**{**old, **row.amounts})


def _row_faults(row: SheetRow, catalogue: Catalogue, allowed: tuple[str, ...]) -> Iterable[str]:
	where = _("Row {0}", context="Order Review").format(row.where)
	model = catalogue.models.get(row.model)
	if model is None:
		yield _("{0}: model {1} is not in the catalogue").format(where, row.model)
	elif row.option and row.option not in catalogue.options:
		yield _("{0}: option {1} is not in the catalogue").format(where, row.option)
	elif row.option and model.alias not in catalogue.options[row.option].avail:
		yield _("{0}: {1} is not offered on {2}").format(where, row.option, row.model)
	if row.amounts.keys() - set(allowed):
		yield _("{0}: your roles do not let you set floor prices or costs").format(where)


def _refuse_rows(texts: list[str]) -> None:
	shown = texts[:SHOWN_FAULTS]
	if len(texts) > len(shown):
		shown.append(_("… and {0} more.").format(len(texts) - len(shown)))
	frappe.throw(
		_("Nothing was imported:") + "<br>" + "<br>".join(map(frappe.utils.escape_html, shown)),
		title=_("Sheet Not Imported"),
		exc=PriceBookError,
	)


def _refuse_jumps(jumps: list[Change]) -> None:
	named = [f"{change.option or _('base')} {change.model}" for change in jumps[:SHOWN_FAULTS]]
	frappe.throw(
		_("{0} prices change by {1} % or more: {2}. Look at them in the preview and confirm them.").format(
			len(jumps), price_books.JUMP_PCT, ", ".join(map(frappe.utils.escape_html, named))
		),
		title=_("Sheet Not Imported"),
		exc=PriceBookError,
	)


def apply_sheet(
	book: str,
	content: bytes,
	remove_missing: bool,
	progress: Progress | None = None,
	catalogue: Catalogue | None = None,
	jumps_seen: bool = False,
) -> Preview:
	"""Bring a draft to what an edited sheet says; all of it or, when anything is wrong, nothing.

	Args:
		jumps_seen: whether the user was shown the large changes and wants them.

	Raises:
		PriceBookError, ReleasedError
	"""
	document = frappe.get_doc(BOOK, book)
	document.check_permission("write")
	if not price_release.is_open(document):
		price_release.refuse_change(document)
	found = preview_sheet(book, content, remove_missing, catalogue)
	jumps = found.jumps(figures_for(frappe.session.user))
	if jumps and not jumps_seen:
		_refuse_jumps(jumps)
	write_changes(book, found.changes, progress)
	return found


# --- next book ---------------------------------------------------------------------------------------------


def copy_book(
	source: str,
	code: str,
	name_zh: str,
	valid_from: date,
	valid_to: date,
	percents: Mapping[str, Decimal],
	name_en: str = "",
	supersedes: bool = False,
	progress: Progress | None = None,
) -> str:
	"""Make a draft from a book, each figure moved by a percentage and rounded as list prices are.

	Args:
		source: the book that is copied.
		percents: percent by figure: list, floor, cost.
		supersedes: whether the copy corrects the source and takes its place.

	Returns:
		Name of the new book.
	"""
	if frappe.db.exists(BOOK, code):
		frappe.throw(
			_("There is a price book {0} already.").format(code), title=_("Not Copied"), exc=PriceBookError
		)
	older = frappe.get_doc(BOOK, source)
	document = frappe.get_doc(
		{
			"doctype": BOOK,
			"code": code,
			"name_zh": name_zh,
			"name_en": name_en,
			"valid_from": valid_from,
			"valid_to": valid_to,
		}
	)
	document.insert()
	before = stored_lines(source)
	lines = price_books.raised(before, percents, price_books.grain(before.values()))
	links = {"copied_from": source}
	if supersedes:
		links |= {"supersedes": source, "version_no": (older.version_no or 1) + 1}
	frappe.db.set_value(BOOK, code, links)
	write_changes(code, price_books.compare({}, lines), progress)
	return code


# --- history -----------------------------------------------------------------------------------------------


def history(model: str, option: str, figures: tuple[str, ...]) -> list[dict[str, Any]]:
	"""What an option, or the base where it is "", cost on a model in every released book, oldest first."""
	catalogue = catalogue_store.current()
	books = sorted(
		(b for b in catalogue.price_books.values() if b.status != "draft"),
		key=lambda b: (b.valid_from, b.code),
	)
	approvers = dict(frappe.get_all(BOOK, fields=["name", "approved_by"], as_list=True))
	rows: list[dict[str, Any]] = []
	for book in books:
		line = book.options.get((option, model)) if option else book.base.get(model)
		if line is None:
			continue
		row: dict[str, Any] = {
			"price_book": book.code,
			"valid_from": book.valid_from,
			"valid_to": book.valid_to,
			"status": book.status,
		}
		row["approved_by"] = approvers.get(book.code)
		for figure in figures:
			amount = getattr(line, figure)
			row[figure] = None if amount is None else float(amount)
		before = rows[-1]["list"] if rows else None
		row["change_pct"] = round((row["list"] - before) / abs(before) * 100, 2) if before else None
		rows.append(row)
	return rows


def _name(record: Any, lang: str) -> str:
	return (record.name_zh if lang == "zh" else record.name_en) or record.name_zh


def _lang() -> str:
	return "zh" if (frappe.local.lang or "").startswith("zh") else "en"


def checked_percents(percents: Mapping[str, Any]) -> dict[str, Decimal]:
	"""Percentages as exact numbers.

	Raises:
		PriceBookError: one is no number between -90 and 200.
	"""
	checked: dict[str, Decimal] = {}
	for figure, value in percents.items():
		try:
			pct = Decimal(str(value or 0))
		except ArithmeticError:
			pct = Decimal("NaN")
		if not pct.is_finite() or not -90 <= pct <= 200:
			frappe.throw(
				_("{0} % is no change of prices; expected: from -90 to 200.").format(value),
				exc=PriceBookError,
			)
		checked[figure] = pct
	return checked
