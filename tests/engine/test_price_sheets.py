"""The sheet of a price book: read to its last line whatever the file says of itself, and odd files told in a sentence."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from order_review.adapters.price_book_sheet import read_sheet, write_sheet
from order_review.engine import BadInput
from order_review.engine.catalogue import PriceLine
from order_review.engine.price_books import Change, grain

LINES = {
	("", "M1"): PriceLine(Decimal(800000), Decimal(740000), Decimal(600000)),
	("ENG-A", "M1"): PriceLine(Decimal(16000), Decimal(14400), Decimal(11800)),
	("ENG-B", "M1"): PriceLine(Decimal(-8000), Decimal(-8000), Decimal(-6800)),
}


def sheet(edit: Callable[[Any], None] | None = None) -> bytes:
	"""The sheet of LINES, after somebody edited it."""
	content = write_sheet(LINES, {}, ("list", "floor", "cost"), "en")
	if edit is None:
		return content
	book = load_workbook(io.BytesIO(content))
	edit(book)
	saved = io.BytesIO()
	book.save(saved)
	return saved.getvalue()


def repacked(content: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
	"""The workbook with its parts changed, or left out."""
	saved = io.BytesIO()
	with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(saved, "w") as new:
		for part in old.infolist():
			kept = change(part.filename, old.read(part))
			if kept is not None:
				new.writestr(part.filename, kept)
	return saved.getvalue()


def in_sheet(old: str, new: str) -> Callable[[str, bytes], bytes]:
	def change(name: str, content: bytes) -> bytes:
		if not name.startswith("xl/worksheets/sheet"):
			return content
		text, times = re.subn(old, new, content.decode())
		assert times, old
		return text.encode()

	return change


def test_a_sheet_comes_back_as_it_went_out() -> None:
	rows, faults = read_sheet(sheet())
	assert faults == []
	assert [(row.option, row.model, row.amounts["floor"]) for row in rows] == [
		("", "M1", 740000),
		("ENG-A", "M1", 14400),
		("ENG-B", "M1", -8000),
	]


def test_a_file_that_says_it_is_smaller_than_it_is_loses_no_line() -> None:
	plain = sheet(lambda book: None)
	rows, faults = read_sheet(
		repacked(plain, in_sheet(r'<dimension ref="[^"]+" ?/>', '<dimension ref="A1:E2"/>'))
	)
	assert (len(rows), faults) == (3, [])
	assert rows[2].amounts == {"list": -8000, "floor": -8000, "cost": -6800}


def test_a_formula_without_a_result_is_named_and_empties_nothing() -> None:
	def put(book: Any) -> None:
		book.active["F3"] = "=E3*0.9"

	rows, faults = read_sheet(sheet(put))
	assert "Row 3, cell F3 (floor): the formula is not computed" in faults[0]
	assert "公式尚未计算" in faults[0].zh
	assert len(rows) == 3


def test_the_stored_result_of_a_formula_counts() -> None:
	def put(book: Any) -> None:
		book.active["F3"] = "=E3*0.9"

	computed = repacked(sheet(put), in_sheet(r"<f>E3\*0\.9</f><v ?/?>(</v>)?", "<f>E3*0.9</f><v>14400</v>"))
	rows, faults = read_sheet(computed)
	assert faults == []
	assert rows[1].amounts["floor"] == 14400


def test_a_sheet_that_is_not_the_first_is_found() -> None:
	def put(book: Any) -> None:
		book.create_sheet("Notes", 0)["A1"] = "Prices of the second half-year"

	rows, faults = read_sheet(sheet(put))
	assert (len(rows), faults) == (3, [])


def _strict(name: str, content: bytes) -> bytes:
	old, new = (
		b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
		b"http://purl.oclc.org/ooxml/spreadsheetml/main",
	)
	return content.replace(old, new)


def _cut(name: str, content: bytes) -> bytes:
	return content[: len(content) // 2] if name.startswith("xl/worksheets/sheet") else content


def _without(start: str) -> Callable[[str, bytes], bytes | None]:
	return lambda name, content: None if name.startswith(start) else content


@pytest.mark.parametrize(
	("content", "said"),
	[
		(b"", "no .xlsx workbook"),
		(b"PK\x03\x04 nothing else", "no .xlsx workbook"),
		(repacked(sheet(), _strict), "Strict Open XML"),
		(repacked(sheet(), _cut), "cannot be understood"),
		(repacked(sheet(), _without("xl/workbook")), "cannot be understood"),
		(repacked(sheet(), _without("xl/worksheets")), "cannot be understood|no worksheet"),
		(repacked(sheet(), in_sheet(r"<sheetData>", "<!DOCTYPE x><sheetData>")), "declares entities"),
		(repacked(sheet(), in_sheet(r'r="E3"', 'r="Z?3"')), "cannot be understood|is empty"),
	],
)
def test_an_odd_workbook_is_told_in_a_sentence(content: bytes, said: str) -> None:
	assert re.search(said, _told(content))


def _told(content: bytes) -> str:
	try:
		return " ".join(read_sheet(content)[1])
	except BadInput as error:
		return error.message


def test_a_workbook_of_charts_alone_is_told_so() -> None:
	book = Workbook()
	book.create_chartsheet("Chart")
	del book["Sheet"]
	saved = io.BytesIO()
	book.save(saved)
	with pytest.raises(BadInput, match=r"no worksheet|cannot be understood"):
		read_sheet(saved.getvalue())


def test_a_price_that_becomes_another_one_altogether_is_a_jump() -> None:
	def changed(old: object, new: object) -> bool:
		lines = [PriceLine(Decimal(str(amount)), None, None) for amount in (old, new)]
		return Change("ENG-A", "M1", *lines).jumps("list")

	assert changed(16000, "1.65")
	assert changed(16000, 160000)
	assert changed(-8000, 8000)
	assert changed(16000, 8000)
	assert not changed(16000, 8100)
	assert not changed(0, 500)
	assert not Change("ENG-A", "M1", None, LINES["", "M1"]).jumps("list")


def test_the_step_of_a_book_is_that_of_its_list_prices() -> None:
	assert grain(LINES.values()) == 1000
	assert grain([*LINES.values(), PriceLine(Decimal(700), None, None)]) == 100
	assert grain([PriceLine(Decimal("0.5"), None, None)]) == 1
	assert grain([]) == 1
