"""Order sheets (XLSX) to order data. Formulas are never computed; every fault names sheet and cell.

A workbook is measured before it is opened. Writing is in ``order_sheet_template``.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NoReturn

from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ..engine.bilingual import Text
from ..engine.errors import BadInput
from .order_entry import MIB, OrderEntry, OrderFile, Path_, read_bounded
from .order_sheet_layout import (
	ANSWER,
	CLAIM,
	FIRST_ROW,
	HEADER_ROW,
	HEADERS,
	HINT,
	KEY,
	LISTS_SHEET,
	MARKER,
	OPTION_CODE,
	Question,
	family_of,
	question,
	split_list,
)
from .workbook import open_workbook

FILE_LIMIT = 5 * MIB
MOST_ROWS = 2_000
MOST_COLUMNS = 50
LONGEST_TEXT = 2_000

_YES = {"true", "yes", "y", "是", "1", "√"}
_NO = {"false", "no", "n", "否", "0", "×"}
_EXPECTED_SHEET = Text(
	"an order sheet made by `order-review template`", "由 `order-review template` 生成的订单表"
)


def read_sheets(path: str | os.PathLike[str]) -> OrderFile:
	"""The orders of a workbook, one per order sheet.

	Raises:
		BadInput: the workbook cannot be opened, is too large or holds no order sheet.
	"""
	source = os.fspath(path)
	content = read_bounded(path, FILE_LIMIT)
	workbook = open_workbook(content, source)
	entries: list[OrderEntry] = []
	remarks: list[Text] = []
	for sheet in workbook.worksheets:
		if str(sheet.cell(1, 1).value) == MARKER:
			read = _Sheet(sheet, source)
			entries.append(read.entry())
			remarks += read.remarks
		elif sheet.title != LISTS_SHEET:
			name = f"{source}, sheet '{sheet.title}'"
			remarks.append(
				Text(
					f"{name}: not an order sheet, ignored",
					f"{source},工作表“{sheet.title}”:不是订单表,已忽略",
				)
			)
	if not entries:
		raise BadInput(
			Text("the workbook holds no order sheet", "工作簿中没有订单表"),
			source=source,
			where=Text("cell A1", "单元格 A1"),
			expected=_EXPECTED_SHEET,
		)
	return OrderFile(tuple(entries), tuple(remarks))


@dataclass
class _Sheet:
	"""One order sheet being read."""

	sheet: Worksheet
	file: str
	data: dict[str, Any] = field(default_factory=dict)
	places: dict[Path_, Text] = field(default_factory=dict)
	remarks: list[Text] = field(default_factory=list)
	seen: dict[str, int] = field(default_factory=dict)
	specials: dict[int, dict[str, Any]] = field(default_factory=dict)

	@property
	def source(self) -> Text:
		title = self.sheet.title
		return Text(f"{self.file}, sheet '{title}'", f"{self.file},工作表“{title}”")

	def entry(self) -> OrderEntry:
		"""The order of the sheet; a fault in the sheet is kept and raised when the order is read."""
		try:
			self._read()
		except BadInput as error:
			return OrderEntry(self.source, None, lambda: self.places, error)
		return OrderEntry(self.source, self.data, lambda: self.places)

	def _read(self) -> None:
		self.places[()] = Text("column C", "C 列")
		self._check_shape()
		self._check_headers()
		for row in range(FIRST_ROW, self.sheet.max_row + 1):
			self._row(row)
		self._place_specials()

	def _check_shape(self) -> None:
		if self.sheet.max_row > MOST_ROWS or self.sheet.max_column > MOST_COLUMNS:
			cell = f"{get_column_letter(self.sheet.max_column)}{self.sheet.max_row}"
			self._refuse(
				cell,
				Text(f"the sheet reaches to cell {cell}", f"工作表内容延伸到单元格 {cell}"),
				Text(
					f"at most {MOST_ROWS:,} rows and {MOST_COLUMNS} columns; delete what is below and beside the questions",
					f"不超过 {MOST_ROWS:,} 行、{MOST_COLUMNS} 列;请删除问题以外的内容",
				),
			)
		for merged in self.sheet.merged_cells.ranges:
			self._refuse(
				merged.coord,
				Text(f"cells {merged.coord} are merged", f"单元格 {merged.coord} 已合并"),
				Text("separate cells; undo the merge", "不合并的单元格;请取消合并"),
			)

	def _check_headers(self) -> None:
		for column, words in HEADERS.items():
			cell = self.sheet.cell(HEADER_ROW, column)
			if cell.value not in words:
				self._refuse(
					cell.coordinate,
					Text(f"the column heading is {_shown(cell.value)}", f"列标题为 {_shown(cell.value)}"),
					Text(
						" or ".join(sorted({f"'{word}'" for word in words})),
						"或".join(f"“{word}”" for word in dict.fromkeys(words)),
					),
				)
		for column in range(HINT + 1, self.sheet.max_column + 1):
			self._remark_extra(column)

	def _remark_extra(self, column: int) -> None:
		filled = next(
			(
				cell
				for (cell,) in self.sheet.iter_rows(min_col=column, max_col=column)
				if cell.value is not None
			),
			None,
		)
		if filled is not None:
			letter, found = get_column_letter(column), _shown(filled.value)
			self.remarks.append(
				Text(
					f"{self.source}, cell {filled.coordinate}: the extra column {letter} ({found}) is ignored; expected columns A to E",
					f"{self.source.zh},单元格 {filled.coordinate}:多余的 {letter} 列({found})已忽略;应只有 A 至 E 列",
				)
			)

	def _row(self, row: int) -> None:
		key_cell = self.sheet.cell(row, KEY)
		answer, claim = self.sheet.cell(row, ANSWER), self.sheet.cell(row, CLAIM)
		if key_cell.value is None:
			self._refuse_without_key(answer)
			self._refuse_without_key(claim)
			return
		key = str(key_cell.value).strip()
		asked = question(key)
		if asked is None:
			self._refuse(
				key_cell.coordinate,
				Text(f"the key {_shown(key)} is not known", f"不认识的键 {_shown(key)}"),
				_EXPECTED_SHEET,
			)
		if key in self.seen:
			self._refuse(
				key_cell.coordinate,
				Text(
					f"the key {_shown(key)} stands also in row {self.seen[key]}",
					f"键 {_shown(key)} 在第 {self.seen[key]} 行已出现",
				),
				Text("each key once", "每个键只出现一次"),
			)
		self.seen[key] = row
		self._take(asked, answer, claim)

	def _refuse_without_key(self, cell: Cell) -> None:
		if cell.value is not None:
			self._refuse(
				cell.coordinate,
				Text(
					f"{_shown(cell.value)} stands in a row without a key",
					f"{_shown(cell.value)} 所在行没有键",
				),
				Text("answers only beside a question of the sheet", "只在表内问题旁填写"),
			)

	def _take(self, asked: Question, cell: Cell, claim: Cell) -> None:
		value = self._answer(asked, cell)
		if asked.kind == "option":
			self._take_option(asked, cell, claim, value)
			return
		if claim.value is not None:
			self._refuse(
				claim.coordinate,
				Text(
					f"a claimed price {_shown(claim.value)} stands beside '{asked.key}'",
					f"“{asked.key}”旁填了申报价 {_shown(claim.value)}",
				),
				Text("claimed prices only beside options", "申报价只填在配置旁"),
			)
		if asked.path == ("policies",):
			self._append("policies", value, cell)
		elif asked.path[0] == "specials":
			self._take_special(asked, cell, value)
		else:
			self._store(asked.path, cell, value)

	def _store(self, path: Path_, cell: Cell, value: Any) -> None:
		self.places[path] = _cell(cell)
		if value is None:
			return
		target = self.data
		for part in path[:-1]:
			target = target.setdefault(part, {})
		target[path[-1]] = value

	def _append(self, key: str, value: Any, cell: Cell) -> None:
		if value is not None:
			items = self.data.setdefault(key, [])
			self.places[(key, len(items))] = _cell(cell)
			items.append(value)

	def _take_option(self, asked: Question, cell: Cell, claim: Cell, code: str | None) -> None:
		if asked.path[0] in ("picks", "drops"):
			self._append(str(asked.path[0]), code, cell)
		price = self._answer(Question(asked.key, "number", ()), claim)
		if price is None:
			return
		claimed = code or self._standard(asked.key, claim)
		self._store(("claimed", "options", claimed), claim, price)

	def _standard(self, key: str, claim: Cell) -> str:
		"""The standard option named in the hint, for a price claimed where nothing was picked."""
		hint = OPTION_CODE.search(str(self.sheet.cell(claim.row, HINT).value or ""))
		if hint is None or "." in key.removeprefix("option."):
			self._refuse(
				claim.coordinate,
				Text("a price is claimed for no option", "填了申报价但未选配置"),
				Text("an option in column C of this row", "本行 C 列选定配置"),
			)
		return hint[0]

	def _take_special(self, asked: Question, cell: Cell, value: Any) -> None:
		_, number, name = asked.path
		special = self.specials.setdefault(int(number), {})
		self.places[("special row", number, name)] = _cell(cell)
		if value is not None:
			special[str(name)] = value

	def _place_specials(self) -> None:
		"""Number the specials that are filled in, so that gaps between them do not matter."""
		filled = [number for number, special in sorted(self.specials.items()) if special]
		for index, number in enumerate(filled):
			special = self.specials[number]
			special.setdefault("unit_price", None)
			self.data.setdefault("specials", []).append(special)
			for path, place in list(self.places.items()):
				if path[:2] == ("special row", number):
					self.places[("specials", index, path[2])] = place

	# --- answers -------------------------------------------------------------------------------------

	def _answer(self, asked: Question, cell: Cell) -> Any:
		value = cell.value
		if cell.data_type == "f" or (isinstance(value, str) and cell.data_type == "e"):
			self._wrong(
				cell,
				"a formula" if cell.data_type == "f" else str(value),
				"公式" if cell.data_type == "f" else str(value),
				asked,
			)
		if value is None or (isinstance(value, str) and not value.strip()):
			return None
		reader = {
			"text": self._text,
			"code": self._code,
			"option": self._option,
			"date": self._date,
			"integer": self._integer,
			"number": self._number,
			"flag": self._flag,
			"list": self._list,
		}[asked.kind]
		return reader(value, cell, asked)

	def _text(self, value: Any, cell: Cell, asked: Question) -> str:
		if isinstance(value, bool) or not isinstance(value, (str, int)) or len(str(value)) > LONGEST_TEXT:
			self._wrong(cell, _shown(value), _shown(value), asked)
		return str(value).strip()

	def _code(self, value: Any, cell: Cell, asked: Question) -> str:
		return self._text(value, cell, asked).split()[0]

	def _option(self, value: Any, cell: Cell, asked: Question) -> str:
		code = self._code(value, cell, asked)
		family = family_of(asked.key)
		if not OPTION_CODE.fullmatch(code) or (family and not code.startswith(family + "-")):
			shown = _shown(value)
			like = f"{family or 'ENG'}-…"
			self._refuse(
				cell.coordinate,
				Text(f"{shown} is no option for '{asked.key}'", f"{shown} 不是“{asked.key}”的配置"),
				Text(f"an option code {like} from the list", f"下拉列表中的配置代码 {like}"),
			)
		return code

	def _date(self, value: Any, cell: Cell, asked: Question) -> date:
		if isinstance(value, datetime) and value.time() == time():
			return value.date()
		if isinstance(value, date) and not isinstance(value, datetime):
			return value
		if isinstance(value, str) and len(value.strip()) == 10:
			try:
				return date.fromisoformat(value.strip())
			except ValueError:
				pass
		self._wrong(cell, _shown(value), _shown(value), asked)

	def _integer(self, value: Any, cell: Cell, asked: Question) -> int:
		number = self._number(value, cell, asked)
		if number != int(number):
			self._wrong(cell, _shown(value), _shown(value), asked)
		return int(number)

	def _number(self, value: Any, cell: Cell, asked: Question) -> int | float:
		if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < 1e12:
			self._wrong(cell, _shown(value), _shown(value), asked)
		if "%" in (cell.number_format or ""):
			value = self._percent(value, cell, asked)
		return int(value) if value == int(value) else value

	def _percent(self, value: int | float, cell: Cell, asked: Question) -> float:
		"""A cell shown as 10 % holds 0.1; what is asked for in percent is 10."""
		shown = float(round(Decimal(str(value)) * 100, 9))
		if not asked.key.endswith("_pct"):
			self._wrong(cell, f"a percentage ({shown:g} %)", f"百分数({shown:g}%)", asked)
		return shown

	def _flag(self, value: Any, cell: Cell, asked: Question) -> bool:
		word = str(value).strip().lower()
		if word not in _YES | _NO:
			self._wrong(cell, _shown(value), _shown(value), asked)
		return word in _YES

	def _list(self, value: Any, cell: Cell, asked: Question) -> list[str]:
		return split_list(self._text(value, cell, asked))

	def _wrong(self, cell: Cell, found_en: str, found_zh: str, asked: Question) -> NoReturn:
		self._refuse(
			cell.coordinate,
			Text(f"'{asked.key}' holds {found_en}", f"“{asked.key}”填写的是 {found_zh}"),
			_EXPECTED_ANSWER[asked.kind],
		)

	def _refuse(self, where: str, message: Text, expected: Text) -> NoReturn:
		raise BadInput(
			message, source=self.source, where=Text(f"cell {where}", f"单元格 {where}"), expected=expected
		)


_EXPECTED_ANSWER = {
	"text": Text("text", "文本"),
	"code": Text("an entry of the list", "下拉列表中的一项"),
	"option": Text("an option of the list", "下拉列表中的配置"),
	"date": Text("a date such as 2026-11-16", "日期,如 2026-11-16"),
	"integer": Text("a whole number", "整数"),
	"number": Text("a number (as a value, not as text or formula)", "数字(数值,不能是文本或公式)"),
	"flag": Text("yes or no", "是或否"),
	"list": Text("names separated by ;", "以 ; 分隔的名称"),
}


def _cell(cell: Cell) -> Text:
	return Text(f"cell {cell.coordinate}", f"单元格 {cell.coordinate}")


def _shown(value: object) -> str:
	text = repr(value) if isinstance(value, str) else "nothing" if value is None else str(value)
	return text if len(text) <= 60 else text[:57] + "..."
