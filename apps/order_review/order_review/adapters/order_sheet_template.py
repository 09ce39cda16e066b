"""Order sheets (XLSX) made from the catalogue: empty for a model, or filled with an order.

Every answer with a known set of values gets a drop-down list; the lists stand on a hidden sheet.
Floor and cost of special options appear only on a maker's own copy (``internal``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from .. import glossary
from ..engine.bilingual import Text
from ..engine.catalogue import Catalogue, Family, Model, Option
from ..engine.errors import BadInput
from ..glossary import Words, say
from .order_sheet_layout import (
	ANSWER,
	CLAIM,
	FIELDS,
	FIRST_ROW,
	HEADER_ROW,
	HEADERS,
	HINT,
	KEY,
	LISTS_SHEET,
	MARKER,
	QUESTION,
	SECRET_SPECIAL_FIELDS,
	SPECIAL_FIELDS,
	question,
)

POLICY_ROWS, FURTHER_ROWS, DROP_ROWS, CLAIM_ROWS, SPECIAL_BLOCKS = 6, 3, 3, 2, 3

_GREY = PatternFill("solid", fgColor="E8E8E8")
_THIN = Side(style="thin", color="999999")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_OPEN = Protection(locked=False)
_WIDTHS = {KEY: 16, QUESTION: 30, ANSWER: 46, CLAIM: 18, HINT: 52}
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

_SECTIONS: Mapping[str, tuple[str, str]] = {
	"head": ("一、订单", "1 Order"),
	"price": ("二、价格与付款", "2 Price and payment"),
	"policies": ("三、申请的商务政策", "3 Business policies claimed"),
	"services": ("四、服务费(元/台)", "4 Services (CNY per vehicle)"),
	"options": ("五、配置(留空为标配)", "5 Options (leave empty for the standard option)"),
	"drops": ("六、减配与其他", "6 Left out and other"),
	"specials": ("七、特殊配置", "7 Special options"),
}
_PRICE_FIELDS = (
	"price_book", "claimed.base", "negotiated_unit", "currency", "fx", "payment_mode", "deposit_pct",
	"customer_class", "evidence", "livery_files",
)  # fmt: skip
_LISTED: Mapping[str, Words] = {
	"order_type": glossary.ORDER_TYPES,
	"customer.class": glossary.CUSTOMER_CLASSES,
	"customer_class": glossary.CUSTOMER_CLASSES,
	"use": glossary.USES,
	"payment_mode": glossary.PAYMENT_MODES,
	"currency": glossary.CURRENCIES,
}
_REQUIRED = ("id", "order_type", "order_date", "model", "qty", "negotiated_unit")


def template(catalogue: Catalogue, model: str, lang: str = "zh") -> Workbook:
	"""An empty order sheet for ``model``, in Chinese (zh) or English (en).

	Raises:
		BadInput: the catalogue has no such model.
	"""
	found = _model(catalogue, model)
	data = {"model": found.code, "grade": found.default_grade, "use": found.default_use}
	return workbook(catalogue, [data], lang)


def workbook(
	catalogue: Catalogue, orders: Sequence[Mapping[str, Any]], lang: str = "zh", *, internal: bool = False
) -> Workbook:
	"""A workbook with one sheet per order (order data as in ``orders.yaml``).

	Raises:
		BadInput: an order names no model of the catalogue.
	"""
	book = Workbook()
	book.remove(book.active)
	lists = _Lists(book.create_sheet(LISTS_SHEET))
	lists.sheet.sheet_state = "hidden"
	titles: set[str] = set()
	for order in orders:
		model = _model(catalogue, order.get("model"))
		sheet = book.create_sheet(_title(str(order.get("id") or model.code), titles), len(titles) - 1)
		_SheetWriter(catalogue, model, order, lang, internal, sheet, lists).write()
	book.active = 0
	return book


def _model(catalogue: Catalogue, code: object) -> Model:
	model = catalogue.models.get(code) if isinstance(code, str) else None
	if model is None:
		raise BadInput(
			Text(f"model '{code}' is not in the catalogue", f"目录中没有车型“{code}”"),
			expected=Text("one of " + ", ".join(catalogue.models), "可选:" + "、".join(catalogue.models)),
			path=("model",),
		)
	return model


_RESERVED = ("History", "历史记录")
"""Names Excel keeps for itself, and repairs a file for that has them."""


def _title(wanted: str, taken: set[str]) -> str:
	"""A sheet name a spreadsheet program accepts and that is not taken yet."""
	base = re.sub(r"[\[\]:*?/\\']", "_", wanted)[:28] or "order"
	title, number = base, 2
	while title.lower() in {name.lower() for name in (*taken, LISTS_SHEET, *_RESERVED)}:
		title, number = f"{base[:25]}-{number}", number + 1
	taken.add(title)
	return title


@dataclass
class _Lists:
	"""The hidden sheet of drop-down entries; each distinct list is written once."""

	sheet: Worksheet
	ranges: dict[tuple[str, ...], str] = field(default_factory=dict)

	def range_of(self, entries: tuple[str, ...]) -> str:
		if entries not in self.ranges:
			column = len(self.ranges) + 1
			for row, entry in enumerate(entries, 1):
				_put(self.sheet.cell(row, column), entry)
			letter = get_column_letter(column)
			self.ranges[entries] = f"'{LISTS_SHEET}'!${letter}$1:${letter}${len(entries)}"
		return self.ranges[entries]


@dataclass
class _SheetWriter:
	catalogue: Catalogue
	model: Model
	order: Mapping[str, Any]
	lang: str
	internal: bool
	sheet: Worksheet
	lists: _Lists
	row: int = FIRST_ROW
	claims: dict[str, Any] = field(default_factory=dict)
	left: list[str] = field(default_factory=list)
	checks: dict[tuple[str, str], DataValidation] = field(default_factory=dict)

	def write(self) -> None:
		claimed = self.order.get("claimed") or {}
		self.claims = dict(claimed.get("options") or {})
		self._frame()
		self._section("head")
		for key in FIELDS:
			if key not in _PRICE_FIELDS:
				self._field(key)
		self._section("price")
		for key in _PRICE_FIELDS:
			self._field(key)
		self._policies()
		self._services()
		self._options()
		self._drops()
		self._specials()

	# --- frame ---------------------------------------------------------------------------------------

	def _frame(self) -> None:
		sheet, model = self.sheet, self.model
		_put(sheet.cell(1, KEY), MARKER)
		heading = ("意向订单表", "Intent order sheet")[self.lang == "en"]
		_put(sheet.cell(1, QUESTION), f"{heading} {model.code} {_name(model, self.lang)}")
		sheet.cell(1, QUESTION).font = Font(bold=True, size=14)
		help_text = (
			"只填 C、D 两列;有下拉箭头的从列表中选。价格填数字,日期填如 2026-11-16。A 列请勿改动。",
			"Fill in columns C and D only; choose from the list where there is an arrow. Leave column A as it is.",
		)[self.lang == "en"]
		_put(sheet.cell(2, QUESTION), help_text)
		for column, words in HEADERS.items():
			cell = sheet.cell(HEADER_ROW, column)
			_put(cell, words[self.lang == "en"])
			cell.font, cell.fill, cell.border = Font(bold=True), _GREY, _BOX
		for column, width in _WIDTHS.items():
			sheet.column_dimensions[get_column_letter(column)].width = width
		sheet.freeze_panes = sheet.cell(FIRST_ROW, ANSWER)
		sheet.protection.sheet = True
		sheet.protection.formatColumns = False
		sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = sheet.PAPERSIZE_A4, 0
		sheet.sheet_properties.pageSetUpPr.fitToPage = True
		sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"

	def _section(self, name: str) -> None:
		cell = self.sheet.cell(self.row, QUESTION)
		_put(cell, _SECTIONS[name][self.lang == "en"])
		cell.font = Font(bold=True)
		for column in (QUESTION, ANSWER, CLAIM, HINT):
			self.sheet.cell(self.row, column).fill = _GREY
		self.row += 1

	def _line(
		self,
		key: str,
		label: str,
		value: Any = None,
		*,
		hint: str = "",
		claim: Any = None,
		claimable: bool = False,
	) -> Cell:
		"""One question row; returns its answer cell."""
		key_cell, answer = self.sheet.cell(self.row, KEY), self.sheet.cell(self.row, ANSWER)
		_put(key_cell, key)
		key_cell.font = Font(size=8, color="808080")
		_put(self.sheet.cell(self.row, QUESTION), label)
		_put(self.sheet.cell(self.row, HINT), hint)
		_put(answer, value)
		self._check(key, answer)
		inputs = [answer]
		if claimable:
			claim_cell = self.sheet.cell(self.row, CLAIM)
			_put(claim_cell, claim)
			claim_cell.number_format = "#,##0.##"
			self._validate(claim_cell, "number")
			inputs.append(claim_cell)
		for cell in inputs:
			cell.border, cell.protection = _BOX, _OPEN
			cell.alignment = Alignment(
				horizontal="left" if cell is answer else "right", wrap_text=True, vertical="top"
			)
		self.row += 1
		return answer

	def _check(self, key: str, cell: Cell) -> None:
		asked = question(key)
		kind = asked.kind if asked else "text"
		if kind == "date":
			cell.number_format = "yyyy-mm-dd"
		elif kind == "number":
			cell.number_format = "#,##0.##" if key != "fx" else "0.######"
		self._validate(cell, kind)

	def _validate(self, cell: Cell, kind: str, entries: tuple[str, ...] = ()) -> None:
		"""Bind a cell to one of the sheet's validations; cells of the same kind share it."""
		source = self.lists.range_of(entries) if entries else ""
		check = self.checks.get((kind, source)) or self._validation(kind, source)
		if check is not None:
			self.checks[kind, source] = check
			check.add(cell)

	def _validation(self, kind: str, source: str) -> DataValidation | None:
		if source:
			check = DataValidation(type="list", formula1=f"={source}", allow_blank=True)
		elif kind == "date":
			check = DataValidation(
				type="date", operator="between", formula1="36526", formula2="73050", allow_blank=True
			)
		elif kind == "integer":
			check = DataValidation(
				type="whole", operator="between", formula1="0", formula2="9999", allow_blank=True
			)
		elif kind == "number":
			check = DataValidation(
				type="decimal",
				operator="between",
				formula1="-100000000",
				formula2="100000000",
				allow_blank=True,
			)
		else:
			return None
		expected = {
			"date": ("请填日期,如 2026-11-16", "A date such as 2026-11-16"),
			"integer": ("请填 0 至 9999 的整数", "A whole number from 0 to 9999"),
			"number": ("请填数字", "A number"),
		}.get(kind, ("请从下拉列表中选择", "Choose an entry of the list"))
		check.error = expected[self.lang == "en"]
		check.showErrorMessage = True
		self.sheet.add_data_validation(check)
		return check

	# --- parts ---------------------------------------------------------------------------------------

	def _field(self, key: str) -> None:
		value: Any = self.order
		for part in key.split("."):
			value = value.get(part) if isinstance(value, Mapping) else None
		entries = self._entries(key)
		kind = FIELDS[key]
		if kind == "list" and value is not None:
			value = "; ".join(str(item) for item in value)
		elif kind == "flag" and value is not None:
			value = ("是", "yes")[self.lang == "en"] if value else ("否", "no")[self.lang == "en"]
		elif entries:
			value = _entry_of(value, entries)
		star = " *" if key in _REQUIRED else ""
		cell = self._line(key, say(glossary.FIELDS, key, self.lang) + star, value)
		if kind == "flag":
			entries = (("是", "否"), ("yes", "no"))[self.lang == "en"]
		if entries:
			self._validate(cell, "list", entries)

	def _entries(self, key: str) -> tuple[str, ...]:
		"""The drop-down entries of a field: code, two blanks, name."""
		if key in _LISTED:
			return _entries_of(_LISTED[key], self.lang)
		if key == "market_department":
			return tuple(e for e in _entries_of(glossary.DEPARTMENTS, self.lang) if e.startswith("MARKET-"))
		if key == "model":
			return (f"{self.model.code}  {_name(self.model, self.lang)}",)
		if key == "grade":
			grades = {
				grade: glossary.GRADES.get(grade, (grade, grade)) for grade in self.catalogue.grade_order
			}
			return _entries_of(grades, self.lang)
		if key == "price_book":
			books = self.catalogue.price_books.values()
			return tuple(f"{book.code}  {book.valid_from}…{book.valid_to}" for book in books)
		return ()

	def _policies(self) -> None:
		self._section("policies")
		claimed = [policy for policy in self.order.get("policies") or ()]
		known = self.catalogue.policies.values()
		entries = tuple(
			f"{policy.code}  {_name(policy, self.lang)}"
			for policy in known
			if self.model.code in policy.models and not policy.mandatory
		)
		for number in range(max(POLICY_ROWS, len(claimed))):
			value = claimed[number] if number < len(claimed) else None
			label = f"{('政策', 'Policy')[self.lang == 'en']} {number + 1}"
			cell = self._line(f"policy.{number + 1}", label, _entry_of(value, entries))
			if entries:
				self._validate(cell, "list", entries)

	def _services(self) -> None:
		self._section("services")
		amounts = dict(self.order.get("services") or {})
		for name in dict.fromkeys((*glossary.SERVICES, *amounts)):
			self._line(f"services.{name}", say(glossary.SERVICES, name, self.lang), amounts.get(name))

	def _options(self) -> None:
		self._section("options")
		self.left = list(self.order.get("picks") or ())
		for code in self.model.families:
			family = self.catalogue.families[code]
			for key in self._keys(family):
				self._option(key, family)
		label = ("其他配置代码", "Further option code")[self.lang == "en"]
		for number in range(max(FURTHER_ROWS, len(self.left))):
			code = self.left.pop(0) if self.left else None
			self._line(
				f"further.{number + 1}",
				f"{label} {number + 1}",
				code,
				claim=self._claim(code),
				claimable=True,
			)

	def _keys(self, family: Family) -> Iterator[str]:
		if family.single:
			yield f"option.{family.code}"
		else:
			for number, _ in enumerate(self.catalogue.offered(family.code, self.model), 1):
				yield f"option.{family.code}.{number}"

	def _option(self, key: str, family: Family) -> None:
		options = [self.catalogue.options[code] for code in self.catalogue.offered(family.code, self.model)]
		entries = tuple(f"{option.code}  {_name(option, self.lang)}" for option in options)
		standard = [
			code for code in self.model.standard if self.catalogue.options[code].family == family.code
		]
		picked = next((code for code in self.left if code.startswith(family.code + "-")), None)
		if picked:
			self.left.remove(picked)
		cell = self._line(
			key,
			f"{family.code} {_name(family, self.lang)}",
			_entry_of(picked, entries),
			hint=self._standard_hint(standard),
			claim=self._claim(picked or (standard[0] if len(standard) == 1 and family.single else None)),
			claimable=True,
		)
		if entries:
			self._validate(cell, "list", entries)

	def _claim(self, code: str | None) -> Any:
		return self.claims.pop(code, None) if code else None

	def _standard_hint(self, standard: Sequence[str]) -> str:
		names = ", ".join(f"{code} {_name(self.catalogue.options[code], self.lang)}" for code in standard)
		return f"{('标配', 'Standard')[self.lang == 'en']}: {names or '–'}"

	def _drops(self) -> None:
		self._section("drops")
		drops = list(self.order.get("drops") or ())
		entries = tuple(self._entry(code) for code in self.model.standard if not self._family(code).single)
		label = ("去掉标配", "Leave out")[self.lang == "en"]
		for number in range(max(DROP_ROWS, len(drops))):
			code = drops[number] if number < len(drops) else None
			cell = self._line(f"drop.{number + 1}", f"{label} {number + 1}", _entry_of(code, entries))
			if entries:
				self._validate(cell, "list", entries)
		label = ("未选配置的申报价", "Price claimed for another option")[self.lang == "en"]
		left = list(self.claims.items())
		for number in range(max(CLAIM_ROWS, len(left))):
			code, price = left[number] if number < len(left) else (None, None)
			self._line(f"claim.{number + 1}", f"{label} {number + 1}", code, claim=price, claimable=True)

	def _entry(self, code: str) -> str:
		return f"{code}  {_name(self.catalogue.options[code], self.lang)}"

	def _family(self, code: str) -> Family:
		return self.catalogue.families[self.catalogue.options[code].family]

	def _specials(self) -> None:
		self._section("specials")
		specials = list(self.order.get("specials") or ())
		for number in range(1, max(SPECIAL_BLOCKS, len(specials)) + 1):
			special = specials[number - 1] if number <= len(specials) else {}
			for name in SPECIAL_FIELDS:
				if name not in SECRET_SPECIAL_FIELDS or self.internal:
					label = f"{number} · {say(glossary.FIELDS, name, self.lang)}"
					self._line(f"special.{number}.{name}", label, special.get(name))


def _name(thing: Model | Family | Option | Any, lang: str) -> str:
	return str(thing.name_zh if lang == "zh" else thing.name_en)


def _entries_of(words: Words, lang: str) -> tuple[str, ...]:
	return tuple(f"{code}  {say(words, code, lang)}" for code in words)


def _entry_of(value: Any, entries: Sequence[str]) -> Any:
	"""The list entry that begins with the code, so that the drop-down shows it as chosen."""
	return next((entry for entry in entries if entry.split()[0] == value), value)


def _put(cell: Cell, value: Any) -> None:
	"""Write a value as it is: text never becomes a formula."""
	if isinstance(value, Decimal):
		value = int(value) if value == int(value) else float(value)
	if isinstance(value, str):
		value = _ILLEGAL.sub("", value)
		if not value:
			return
		cell.value = value
		cell.data_type = "s"
		if value[0] in "=+-@":
			cell.quotePrefix = True
	else:
		cell.value = value
