"""A price book as an XLSX sheet: one row for each option on each model, and one for each model's base."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from ..engine.bilingual import Text
from ..engine.catalogue import PriceLine
from ..engine.errors import BadInput
from .order_entry import MIB
from .workbook import not_understood, open_workbook

BASE = "BASE"
"""Stands in the option column of a model's base line."""

HEADS: Mapping[str, tuple[str, str]] = {
	"option": ("配置", "Option"),
	"name": ("配置名称", "Option name"),
	"model": ("车型", "Vehicle model"),
	"model_name": ("车型名称", "Model name"),
	"list": ("目录价", "List price"),
	"floor": ("底价", "Floor price"),
	"cost": ("成本", "Cost"),
}
FIGURES = ("list", "floor", "cost")
LARGEST = 10**11
_WIDTHS = {"option": 16, "name": 34, "model": 18, "model_name": 26}
_DANGEROUS = ("=", "+", "-", "@")


UNPACKED_LIMIT = 200 * MIB
UNCOMPUTED = object()
"""Stands for a formula whose result is not stored in the file."""


def _computed(written: Any, computed: Any) -> Any:
	"""What a cell holds: the stored result of a formula, or that there is none."""
	is_formula = not isinstance(written, int | float | bool) and written is not None and written != computed
	return UNCOMPUTED if is_formula and computed is None else computed


@dataclass(frozen=True)
class SheetRow:
	"""One row of an edited sheet; ``option`` is "" for a base line, ``amounts`` has the figures the sheet has columns for."""

	where: int
	option: str
	model: str
	amounts: Mapping[str, Decimal | None]


def write_sheet(
	lines: Mapping[tuple[str, str], PriceLine], names: Mapping[str, str], figures: Sequence[str], lang: str
) -> bytes:
	"""The lines of a book as an XLSX file.

	Args:
		lines: price lines by option ("" for base lines) and model.
		names: names of options and models by code.
		figures: the amounts that may be shown: list, floor, cost.
		lang: zh or en, for the heads.
	"""
	book = Workbook(write_only=True)
	sheet = book.create_sheet("price_book")
	columns = [*list(HEADS)[:4], *figures]
	for index, column in enumerate(columns, 1):
		sheet.column_dimensions[get_column_letter(index)].width = _WIDTHS.get(column, 14)
	sheet.freeze_panes = "A2"
	sheet.append([_head(sheet, column, lang) for column in columns])
	for (option, model), line in lines.items():
		amounts = [_plain(getattr(line, figure)) for figure in figures]
		sheet.append(
			[option or BASE, _safe(names.get(option, "")), model, _safe(names.get(model, "")), *amounts]
		)
	content = io.BytesIO()
	book.save(content)
	return content.getvalue()


def _head(sheet: Any, column: str, lang: str) -> WriteOnlyCell:
	cell = WriteOnlyCell(sheet, f"{column} {HEADS[column][0 if lang == 'zh' else 1]}")
	cell.font = Font(bold=True)
	cell.fill = PatternFill("solid", fgColor="DDE6F0")
	return cell


def _plain(amount: Decimal | None) -> int | float | None:
	if amount is None:
		return None
	return int(amount) if amount == int(amount) else float(amount)


def _safe(text: str) -> str:
	return f"'{text}" if text.startswith(_DANGEROUS) else text


def read_sheet(content: bytes) -> tuple[list[SheetRow], list[Text]]:
	"""The rows of an edited sheet, and a sentence for each cell that cannot be understood.

	The workbook is read twice: as it is written, to see formulas, and as it was computed. How far it says it reaches
	is not believed, since some programs write less than is there.

	Raises:
		BadInput: the file is no workbook, or a column is missing.
	"""
	written, computed = (
		open_workbook(content, "", UNPACKED_LIMIT, read_only=True, data_only=data_only)
		for data_only in (False, True)
	)
	try:
		return _read(written, computed)
	except BadInput:
		raise
	except Exception as error:  # parts are parsed row by row, so that broken ones are met only here
		raise not_understood(error, "") from None


def _read(written: Any, computed: Any) -> tuple[list[SheetRow], list[Text]]:
	sheet = _price_sheet(written)
	values = computed[sheet.title]
	for each in (sheet, values):
		each.reset_dimensions()
	rows = zip(sheet.iter_rows(values_only=True), values.iter_rows(values_only=True), strict=True)
	head, _ = next(rows, ((), ()))
	reader = _Reader(_columns(head))
	return list(reader.read(rows)), reader.faults


def _price_sheet(book: Any) -> Any:
	"""The sheet with the heads of a price book; the first one, for its faults to be told, where none has."""
	if not book.worksheets:
		raise BadInput(
			Text("the workbook has no worksheet", "工作簿中没有工作表"),
			expected=Text("the sheet that was exported, edited", "导出后编辑的工作表"),
		)
	for sheet in book.worksheets:
		sheet.reset_dimensions()
		head = next(sheet.iter_rows(max_row=1, values_only=True), ())
		if {"option", "model", "list"} <= _heads(head).keys():
			return sheet
	return book.worksheets[0]


def _heads(head: Iterable[Any]) -> dict[str, int]:
	return {
		str(text).split(" ")[0].strip().lower(): index
		for index, text in enumerate(head)
		if text not in (None, "")
	}


def _columns(head: Iterable[Any]) -> dict[str, int]:
	found = _heads(head)
	for needed in ("option", "model", "list"):
		if needed not in found:
			message = Text(f"row 1 has no column {needed}", f"第 1 行缺少 {needed} 列")
			raise BadInput(message, expected=Text("the heads of the exported sheet", "导出工作表的表头"))
	return {name: index for name, index in found.items() if name in HEADS}


class _Reader:
	"""Reads row after row and collects what cannot be understood."""

	def __init__(self, columns: Mapping[str, int]) -> None:
		self.columns = columns
		self.figures = [figure for figure in FIGURES if figure in columns]
		self.faults: list[Text] = []
		self.seen: dict[tuple[str, str], int] = {}

	def read(self, rows: Iterable[tuple[Sequence[Any], Sequence[Any]]]) -> Iterator[SheetRow]:
		"""The rows: each as it is written, and as it was computed."""
		for where, (written, computed) in enumerate(rows, 2):
			if all(cell in (None, "") for cell in written):
				continue
			cells = [_computed(*pair) for pair in zip(written, computed, strict=True)]
			option, model = self.text(cells, "option", where), self.text(cells, "model", where)
			amounts = {figure: self.amount(cells, figure, where) for figure in self.figures}
			if option and model and self.once(option, model, where):
				yield SheetRow(where, "" if option == BASE else option, model, amounts)

	def text(self, cells: Sequence[Any], column: str, where: int) -> str:
		value = self.cell(cells, column)
		if isinstance(value, str) and value.strip():
			return value.strip()
		self.fault(where, column, value, Text("a code", "代码"))
		return ""

	def amount(self, cells: Sequence[Any], figure: str, where: int) -> Decimal | None:
		value = self.cell(cells, figure)
		if value in (None, "") and figure != "list":
			return None
		if value is UNCOMPUTED:
			self.fault(
				where,
				figure,
				UNCOMPUTED,
				Text(
					"computed; save the sheet once in a spreadsheet program, or write the number",
					"尚未计算;请在电子表格程序中保存一次,或直接填写数字",
				),
			)
			return None
		if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < LARGEST:
			self.fault(where, figure, value, Text("a number", "数字"))
			return None
		return Decimal(str(value)).quantize(Decimal("0.01")).normalize() + 0

	def once(self, option: str, model: str, where: int) -> bool:
		first = self.seen.setdefault((option, model), where)
		if first != where:
			self.faults.append(
				Text(
					f"Rows {first} and {where}: {option} on {model} stands twice",
					f"第 {first} 行与第 {where} 行:{model} 的 {option} 重复",
				)
			)
		return first == where

	def cell(self, cells: Sequence[Any], column: str) -> Any:
		index = self.columns[column]
		return cells[index] if index < len(cells) else None

	def fault(self, where: int, column: str, value: Any, expected: Text) -> None:
		en, zh = str(expected), expected.zh
		place = f"{get_column_letter(self.columns[column] + 1)}{where}"
		if value is UNCOMPUTED:
			self.faults.append(
				Text(
					f"Row {where}, cell {place} ({column}): the formula is not {en}",
					f"第 {where} 行,单元格 {place}({HEADS[column][0]}):公式{zh}",
				)
			)
			return
		found = str(value)[:60] if value not in (None, "") else ""
		self.faults.append(
			Text(
				f"Row {where}, cell {place} ({column}): {found!r} is not {en}"
				if found
				else f"Row {where}, cell {place} ({column}) is empty; expected {en}",
				f"第 {where} 行,单元格 {place}({HEADS[column][0]}):“{found}”不是{zh}"
				if found
				else f"第 {where} 行,单元格 {place}({HEADS[column][0]})为空,应为{zh}",
			)
		)
