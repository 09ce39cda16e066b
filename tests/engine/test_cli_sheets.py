"""A dealer fills in an XLSX order sheet; it comes back as the same order, or with the cell that is wrong."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from order_review.adapters.order_sheet import read_sheets
from order_review.adapters.order_sheet_template import template, workbook
from order_review.engine import BadInput, Catalogue, Order
from order_review.engine import review as review_order
from tests.engine.commanding import Ran, review, run
from tests.engine.samples import merged

SAMPLES = [f"IO-{number:02d}" for number in range(1, 13)]


def cell_of(sheet: Worksheet, key: str, column: str = "C") -> str:
	"""The address of an answer, found by its key."""
	return next(f"{column}{row}" for row in range(4, sheet.max_row + 1) if sheet.cell(row, 1).value == key)


def same(data: Any) -> Any:
	"""Order data without what carries no meaning: nothing given, notes, the order of the picks."""
	if isinstance(data, dict):
		kept = {key: same(value) for key, value in data.items() if key not in ("expected", "planted")}
		return {
			key: sorted(value) if key == "picks" else value
			for key, value in kept.items()
			if value not in (None, {}, [])
		}
	return [same(item) for item in data] if isinstance(data, list) else data


@pytest.fixture
def sheet(catalogue: Catalogue, orders: dict[str, Any], tmp_path: Path) -> Callable[..., Ran]:
	"""Change the sheet of IO-01 (answers by key, or by a function) and review it."""

	def changed(change: Callable[[Worksheet], None] | None = None, **answers: Any) -> Ran:
		book = workbook(catalogue, [orders["IO-01"]], "en")
		page = book["IO-01"]
		for key, value in answers.items():
			page[cell_of(page, key.replace("__", "."))] = value
		if change:
			change(page)
		book.save(tmp_path / "order.xlsx")
		return review(tmp_path / "order.xlsx", "--format", "json")

	return changed


def refused(result: Ran, *words: str) -> None:
	"""Exit 2 and one message with file, sheet and all the words."""
	assert result.status == 2, result
	(line,) = [line for line in result.err.splitlines() if line.startswith("Not read:")]
	assert "Traceback" not in result.err
	assert [word for word in ("order.xlsx, sheet 'IO-01'", *words) if word not in line] == [], line


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("sample", SAMPLES)
def test_an_order_comes_back_from_its_sheet_as_it_went_in(
	sample: str, lang: str, catalogue: Catalogue, orders: dict[str, Any], tmp_path: Path
) -> None:
	workbook(catalogue, [orders[sample]], lang, internal=True).save(tmp_path / "order.xlsx")
	(entry,) = read_sheets(tmp_path / "order.xlsx").entries
	assert same(entry.data) == same(orders[sample])
	before = review_order(catalogue, Order.from_data(orders[sample], catalogue), explain=False)
	after = review_order(catalogue, Order.from_data(entry.data, catalogue), explain=False)
	assert after == before


def test_all_sample_orders_fit_into_one_workbook(
	catalogue: Catalogue, orders: dict[str, Any], tmp_path: Path
) -> None:
	workbook(catalogue, list(orders.values()), "zh", internal=True).save(tmp_path / "all.xlsx")
	result = review(tmp_path / "all.xlsx", "--format", "json")
	assert [order["id"] for order in result.json["orders"]] == SAMPLES


def test_a_dealer_fills_in_the_template_and_gets_a_review(catalogue: Catalogue, tmp_path: Path) -> None:
	assert run("template", "--model", "XQK6128H", "--out", tmp_path, "--lang", "zh").status == 0
	file = tmp_path / "order-sheet-XQK6128H.zh.xlsx"
	book = load_workbook(file)
	page = book["XQK6128H"]
	engine = next(entry for entry in choices(page, "option.ENG") if entry.startswith("ENG-D247 "))
	answers = {
		"id": "D-1", "order_type": "Dealer  经销商", "order_date": datetime(2026, 11, 16), "qty": 10, "use": "tourism  旅游",
		"price_book": "PB-2026H2", "negotiated_unit": 810000, "deposit_pct": 10, "option.ENG": engine,
		"option.TRN": "TRN-MT6H", "policy.1": "POL-26-VOLC", "customer.new": "是",
	}  # fmt: skip
	for key, value in answers.items():
		page[cell_of(page, key)] = value
	page[cell_of(page, "option.ENG", "D")] = 15000
	book.save(file)
	(found,) = review(file, "--format", "json").json["orders"]
	assert found["price"]["options_list"] == 22_000
	assert found["price"]["discounts"] == 15_960
	assert [(one["code"], one["ref"]) for one in found["findings"]] == [("PRICE_MISMATCH", "ENG-D247")]


def choices(page: Worksheet, key: str, column: str = "C") -> list[str]:
	"""The entries of the drop-down list at an answer."""
	address = cell_of(page, key, column)
	(rule,) = [
		rule for rule in page.data_validations.dataValidation if address in rule.sqref and rule.type == "list"
	]
	cells = page.parent["lists"][rule.formula1.rpartition("!")[2].replace("$", "")]
	return [cell.value for (cell,) in (cells if isinstance(cells, tuple) else ((cells,),))]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_family_of_every_model_has_a_list_of_what_the_model_offers(
	lang: str, catalogue: Catalogue
) -> None:
	for model in catalogue.models.values():
		page = template(catalogue, model.code, lang)[model.code]
		for code in model.families:
			key = f"option.{code}" if catalogue.families[code].single else f"option.{code}.1"
			entries = choices(page, key)
			assert tuple(entry.split()[0] for entry in entries) == catalogue.offered(code, model)
			option = catalogue.options[entries[0].split()[0]]
			assert (option.name_zh if lang == "zh" else option.name_en) in entries[0]
		assert [entry.split()[0] for entry in choices(page, "grade")] == list(catalogue.grade_order)
		assert {entry.split()[0] for entry in choices(page, "order_type")} >= {"Direct", "Export", "Internal"}


def test_a_dealers_sheet_has_no_place_for_floor_and_cost(
	catalogue: Catalogue, orders: dict[str, Any]
) -> None:
	public = workbook(catalogue, [orders["IO-06"]], "en")["IO-06"]
	keys = {row[0].value for row in public.iter_rows(max_col=1)}
	values = {cell.value for row in public.iter_rows() for cell in row}
	assert "special.1.unit_price" in keys
	assert not {"special.1.floor_price", "special.1.cost"} & keys
	assert not {7900, 6200} & values


def test_text_that_looks_like_a_formula_stays_text(
	catalogue: Catalogue, orders: dict[str, Any], tmp_path: Path
) -> None:
	nasty = '=HYPERLINK("http://x.example","click")'
	order = merged(orders["IO-01"], {"dealer": nasty, "salesperson": "+1+1", "title_zh": "@SUM(A1)"})
	workbook(catalogue, [order], "en").save(tmp_path / "order.xlsx")
	page = load_workbook(tmp_path / "order.xlsx")["IO-01"]
	assert page[cell_of(page, "dealer")].data_type == "s"
	(entry,) = read_sheets(tmp_path / "order.xlsx").entries
	assert (entry.data["dealer"], entry.data["salesperson"], entry.data["title_zh"]) == (
		nasty,
		"+1+1",
		"@SUM(A1)",
	)


@pytest.mark.parametrize(
	("key", "value", "words"),
	[
		("qty", "=5+5", ("'qty' holds a formula", "expected a whole number")),
		("qty", "ten", ("'qty' holds 'ten'", "expected a whole number")),
		("qty", "10", ("'qty' holds '10'", "expected a whole number")),
		("qty", 2.5, ("'qty' holds 2.5", "expected a whole number")),
		("qty", 0, ("qty is 0", "a whole number from 1 to 9999")),
		("qty", 123456, ("qty is 123456", "a whole number from 1 to 9999")),
		("qty", None, ("qty is missing",)),
		("order_date", "16 November", ("'order_date' holds '16 November'", "a date such as 2026-11-16")),
		("order_date", datetime(2026, 11, 16, 8, 30), ("'order_date' holds 2026-11-16 08:30:00", "a date such as")),
		("order_date", "2026-13-01", ("'order_date' holds '2026-13-01'",)),
		("negotiated_unit", "848 000", ("'negotiated_unit' holds '848 000'", "a number (as a value")),
		("negotiated_unit", "#REF!", ("'negotiated_unit' holds #REF!", "a number")),
		("negotiated_unit", -5, ("negotiated_unit is -5", "a number from 0")),
		("customer__new", "perhaps", ("'customer.new' holds 'perhaps'", "yes or no")),
		("model", "XQK1", ("model 'XQK1' is not in the catalogue",)),
		("price_book", "PB-X", ("price book 'PB-X' is not in the catalogue",)),
		("policy__1", "POL-X", ("policy 'POL-X' is not in the catalogue",)),
		("option__ENG", "big engine", ("'big engine' is no option for 'option.ENG'", "ENG-… from the list")),
		("option__ENG", "TRN-MT6", ("'TRN-MT6' is no option for 'option.ENG'",)),
		("services__freight", "free", ("'services.freight' holds 'free'", "a number")),
	],
)  # fmt: skip
def test_a_wrong_answer_names_its_cell(
	key: str,
	value: Any,
	words: tuple[str, ...],
	sheet: Callable[..., Ran],
	catalogue: Catalogue,
	orders: dict[str, Any],
) -> None:
	page = workbook(catalogue, [orders["IO-01"]], "en")["IO-01"]
	refused(sheet(**{key: value}), f"cell {cell_of(page, key.replace('__', '.'))}", *words)


def test_a_date_as_iso_text_is_a_date(sheet: Callable[..., Ran]) -> None:
	assert sheet(order_date="2026-11-16").status == 0


def test_a_cell_shown_in_percent_holds_what_is_shown(sheet: Callable[..., Ran]) -> None:
	"""A cell that shows 10 % holds 0.1; the deposit is ten percent all the same."""

	def percent(key: str, value: float) -> Callable[[Worksheet], None]:
		def change(page: Worksheet) -> None:
			page[cell_of(page, key)].number_format = "0.0%"
			page[cell_of(page, key)] = value

		return change

	assert not [f for f in sheet(percent("deposit_pct", 0.1)).json["orders"][0]["findings"]]
	low = sheet(percent("deposit_pct", 0.07)).json["orders"][0]["findings"]
	assert [found["code"] for found in low] == ["DEPOSIT_LOW"]
	assert "7 %" in low[0]["message"]["en"]
	refused(sheet(percent("negotiated_unit", 8480.0)), "a percentage (848000 %)", "expected a number")


def test_an_unknown_option_of_the_right_family_is_a_finding(sheet: Callable[..., Ran]) -> None:
	result = sheet(option__ENG="ENG-D999")
	assert result.status == 1
	assert ("CFG_NOT_OFFERED", "ENG-D999") in {
		(one["code"], one["ref"]) for one in result.json["orders"][0]["findings"]
	}


def test_merged_cells_are_refused(sheet: Callable[..., Ran]) -> None:
	refused(sheet(lambda page: page.merge_cells("C6:D7")), "cell C6:D7", "are merged", "undo the merge")


def test_an_extra_column_is_named_and_ignored(sheet: Callable[..., Ran]) -> None:
	def add(page: Worksheet) -> None:
		page["F3"], page["F9"] = "Remark", "urgent!"

	result = sheet(add)
	assert result.status == 0
	assert (
		"sheet 'IO-01', cell F3: the extra column F ('Remark') is ignored; expected columns A to E"
		in result.err
	)


def test_a_moved_column_is_refused(sheet: Callable[..., Ran]) -> None:
	refused(sheet(lambda page: page.insert_cols(3)), "cell C3", "column heading is nothing", "'Answer'")


def test_a_row_that_is_no_question_is_refused(sheet: Callable[..., Ran]) -> None:
	def add(page: Worksheet) -> None:
		page.cell(page.max_row + 1, 3).value = "and a sun roof"

	refused(sheet(add), "in a row without a key", "beside a question")
	refused(sheet(lambda page: page.__setitem__("A6", "colour")), "cell A6", "'colour' is not known")
	refused(
		sheet(lambda page: page.__setitem__("A21", "id")), "cell A21", "the key 'id' stands also in row 5"
	)


def test_a_cell_at_the_far_end_does_not_make_it_read_millions_of_cells(sheet: Callable[..., Ran]) -> None:
	refused(
		sheet(lambda page: page.__setitem__("XFD1048576", 1)),
		"cell XFD1048576",
		"at most 2,000 rows and 50 columns",
	)


def test_inserted_rows_do_no_harm(sheet: Callable[..., Ran]) -> None:
	assert sheet(lambda page: page.insert_rows(8)).status == 0


def test_a_sheet_that_is_no_order_sheet_is_ignored_with_a_note(
	catalogue: Catalogue, orders: dict[str, Any], tmp_path: Path
) -> None:
	book = workbook(catalogue, [orders["IO-01"]], "en")
	book.create_sheet("Notes")["A1"] = "hello"
	book.save(tmp_path / "order.xlsx")
	result = review(tmp_path / "order.xlsx")
	assert result.status == 0
	assert "sheet 'Notes': not an order sheet, ignored" in result.err


def no_workbook(tmp_path: Path, content: bytes) -> str:
	"""The message about an .xlsx file with this content."""
	(tmp_path / "order.xlsx").write_bytes(content)
	with pytest.raises(BadInput) as refusal:
		read_sheets(tmp_path / "order.xlsx")
	return str(refusal.value)


def packed(parts: dict[str, bytes]) -> bytes:
	"""A zip archive of these parts."""
	stream = io.BytesIO()
	with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
		for name, content in parts.items():
			archive.writestr(name, content)
	return stream.getvalue()


def test_what_is_no_workbook_is_refused(catalogue: Catalogue, tmp_path: Path) -> None:
	assert "this is no .xlsx workbook" in no_workbook(tmp_path, b"PK but not a zip")
	assert "cannot be understood" in no_workbook(tmp_path, packed({"a.xml": b"<a/>"}))
	plain = io.BytesIO()
	Workbook().save(plain)
	assert "the workbook holds no order sheet" in no_workbook(tmp_path, plain.getvalue())
	good = io.BytesIO()
	template(catalogue, "XQK6128H").save(good)
	assert "order.xlsx" in no_workbook(tmp_path, good.getvalue()[:9000])


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
	bomb = packed({f"xl/worksheets/sheet{n}.xml": b"0" * 10_000_000 for n in range(20)})
	assert len(bomb) < 1_000_000
	assert "the limit is 24 MB" in no_workbook(tmp_path, bomb)
	assert "parts" in no_workbook(tmp_path, packed({f"{n}.bin": b"" for n in range(600)}))


def test_entities_in_a_part_are_refused(catalogue: Catalogue, tmp_path: Path) -> None:
	good = io.BytesIO()
	template(catalogue, "XQK6128H").save(good)
	parts = {name: zipfile.ZipFile(good).read(name) for name in zipfile.ZipFile(good).namelist()}
	evil = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>'
	parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"<workbook", evil + b"<workbook", 1)
	assert "xl/workbook.xml declares entities" in no_workbook(tmp_path, packed(parts))


def test_the_date_of_an_order_survives_as_a_day(
	catalogue: Catalogue, orders: dict[str, Any], tmp_path: Path
) -> None:
	workbook(catalogue, [orders["IO-09"]], "zh").save(tmp_path / "order.xlsx")
	(entry,) = read_sheets(tmp_path / "order.xlsx").entries
	assert (entry.data["quotation_date"], type(entry.data["order_date"])) == (date(2026, 6, 20), date)


def test_a_template_for_an_unknown_model_says_which_there_are(tmp_path: Path) -> None:
	result = run("template", "--model", "XQK0", "--out", tmp_path, "--lang", "en")
	assert result.status == 2
	assert "model 'XQK0' is not in the catalogue; expected one of XQK6808H" in result.err


@pytest.mark.parametrize("name", ["History", "history", "历史记录"])
def test_a_sheet_is_not_named_as_excel_names_its_own(
	name: str, catalogue: Catalogue, orders: dict[str, Any]
) -> None:
	book = workbook(catalogue, [merged(orders["IO-01"], {"id": name})], "en")
	assert book.sheetnames[0] == f"{name}-2"
