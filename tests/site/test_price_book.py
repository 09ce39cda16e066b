"""Price books: made from the last one, edited in a sheet, released by two people, and never changed after that."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import frappe
import pytest
from frappe.model.document import Document
from openpyxl import Workbook, load_workbook

from order_review.api import prices
from order_review.engine.catalogue import catalogue_hash
from order_review.exceptions import (
	ForeignRowError,
	PriceBookError,
	ReasonMissingError,
	ReleasedError,
	SelfApprovalError,
	StatusChangeError,
)
from order_review.services import catalogue_store, catalogue_transfer, price_book, price_release
from tests.site.samples import as_user

pytestmark = pytest.mark.usefixtures("demo_site")

NEXT = "PB-2027H2"
FIRST_DAY, LAST_DAY = frappe.utils.getdate("2027-07-01"), frappe.utils.getdate("2027-12-31")
Edit = Callable[[Any], None]


@pytest.fixture
def draft() -> str:
	"""The book after the last one, 2.5 % dearer, made by the marketing planner."""
	as_user("mp")
	percents = {"list": Decimal("2.5"), "floor": Decimal("2.5"), "cost": Decimal(1)}
	return price_book.copy_book("PB-2027H1", NEXT, "2027年下半年价格表", FIRST_DAY, LAST_DAY, percents)


def book(name: str = NEXT) -> Document:
	return frappe.get_doc("Price Book", name)


def edited(name: str, *edits: Edit) -> bytes:
	"""The sheet of a book after somebody edited it."""
	workbook = load_workbook(io.BytesIO(price_book.export_sheet(name)))
	for edit in edits:
		edit(workbook.active)
	content = io.BytesIO()
	workbook.save(content)
	return content.getvalue()


def row_of(sheet: Any, option: str, model: str) -> int:
	return next(row[0].row for row in sheet.iter_rows() if (row[0].value, row[2].value) == (option, model))


def put(option: str, model: str, column: str, value: Any) -> Edit:
	def edit(sheet: Any) -> None:
		sheet[f"{column}{row_of(sheet, option, model)}"] = value

	return edit


def strike(option: str, model: str) -> Edit:
	return lambda sheet: sheet.delete_rows(row_of(sheet, option, model))


def add(*cells: Any) -> Edit:
	return lambda sheet: sheet.append(cells)


def refusal(content: bytes, name: str = NEXT) -> str:
	"""Why a sheet is refused; nothing of it may have been written."""
	before = price_book.stored_lines(name)
	with pytest.raises(PriceBookError) as caught:
		price_book.apply_sheet(name, content, remove_missing=True)
	assert price_book.stored_lines(name) == before
	return str(caught.value)


# --- copy --------------------------------------------------------------------------------------------------


def test_the_next_book_is_the_last_one_raised_and_rounded_to_hundreds(draft: str) -> None:
	lines = price_book.stored_lines(draft)
	assert lines["", "XQK6128H"].list == 813900  # 794 000 raised by 2.5 % is 813 850
	before = price_book.stored_lines("PB-2027H1")
	assert lines.keys() == before.keys()
	for key, line in lines.items():
		exact = before[key].list * Decimal("1.025")
		assert line.list % 100 == 0
		assert abs(line.list - exact) <= 50, key
	assert book().status == "draft"
	assert price_book.faults(draft) == []


def test_a_percentage_that_is_none_is_refused() -> None:
	for value in ("NaN", "Infinity", "ten", 300, -95):
		with pytest.raises(PriceBookError):
			price_book.checked_percents({"list": value})


# --- sheet -------------------------------------------------------------------------------------------------


def test_a_sheet_that_nobody_edited_changes_nothing(draft: str) -> None:
	assert price_book.preview_sheet(draft, price_book.export_sheet(draft), True).changes == []


def test_the_preview_tells_old_new_and_percent_and_writes_nothing(draft: str) -> None:
	before = price_book.stored_lines(draft)
	content = edited(draft, put("ENG-D247", "XQK6128H", "E", 20000), strike("ENG-D132", "XQK6756X"))
	found = price_book.preview_sheet(draft, content, remove_missing=True)
	changed, removed = found.changes
	assert (changed.kind, changed.option, changed.before.list, changed.after.list) == (
		"changed",
		"ENG-D247",
		16700,
		20000,
	)
	assert changed.percent() == Decimal("19.76")
	assert (removed.kind, removed.option, removed.model) == ("removed", "ENG-D132", "XQK6756X")
	assert found.counts() == {"added": 0, "changed": 1, "removed": 1, "unchanged": len(before) - 2}
	assert price_book.stored_lines(draft) == before


def test_an_edited_sheet_is_applied_with_floor_and_cost(draft: str) -> None:
	content = edited(
		draft,
		*(
			put("ENG-D247", "XQK6128H", column, value)
			for column, value in zip("EFG", (20000, 18000, 15000), strict=True)
		),
	)
	price_book.apply_sheet(draft, content, remove_missing=True)
	line = price_book.stored_lines(draft)["ENG-D247", "XQK6128H"]
	assert (line.list, line.floor, line.cost) == (20000, 18000, 15000)
	assert catalogue_store.current().price_books[draft].options["ENG-D247", "XQK6128H"] == line


def test_lines_that_are_not_in_the_sheet_stay_when_asked(draft: str) -> None:
	content = edited(draft, strike("ENG-D132", "XQK6756X"))
	assert price_book.preview_sheet(draft, content, remove_missing=False).changes == []


def test_a_base_price_is_edited_like_an_option(draft: str) -> None:
	price_book.apply_sheet(draft, edited(draft, put("BASE", "XQK6128H", "E", 850000)), remove_missing=True)
	assert price_book.stored_lines(draft)["", "XQK6128H"].list == 850000


def test_text_in_a_number_names_row_and_cell(draft: str) -> None:
	message = refusal(edited(draft, put("BASE", "XQK6808H", "E", "abc")))
	assert "Row 2" in message
	assert "E2" in message
	assert "abc" in message


def test_numbers_written_as_text_true_and_empty_are_refused(draft: str) -> None:
	for value in ("1600", True, None, 10**13):
		assert "E2" in refusal(edited(draft, put("BASE", "XQK6808H", "E", value)))


def test_a_wrong_model_and_an_option_the_model_does_not_offer_are_refused_together(draft: str) -> None:
	message = refusal(
		edited(
			draft, add("ENG-D247", "", "XQK9999", "", 1, 1, 1), add("ENG-D247", "", "XQK6808H", "", 1, 1, 1)
		)
	)
	assert "XQK9999 is not in the catalogue" in message
	assert "ENG-D247 is not offered on XQK6808H" in message


def test_a_line_that_stands_twice_names_both_rows(draft: str) -> None:
	message = refusal(edited(draft, add("BASE", "", "XQK6808H", "", 1, 1, 1)))
	assert "Rows 2 and 689" in message


def test_one_wrong_row_keeps_the_right_ones_out(draft: str) -> None:
	refusal(edited(draft, put("ENG-D247", "XQK6128H", "E", 20000), put("BASE", "XQK6808H", "E", "abc")))


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04 broken"])
def test_a_file_that_is_no_workbook_is_refused(draft: str, content: bytes) -> None:
	assert "xlsx" in refusal(content)


def test_a_sheet_without_the_needed_columns_is_refused(draft: str) -> None:
	workbook = Workbook()
	workbook.active.append(["option", "price"])
	content = io.BytesIO()
	workbook.save(content)
	assert "no column model" in refusal(content.getvalue())


def test_the_sheet_of_a_salesperson_has_no_floor_and_no_cost() -> None:
	as_user("sp")
	sheet = load_workbook(io.BytesIO(price_book.export_sheet("PB-2026H2"))).active
	assert [cell.value.split(" ")[0] for cell in sheet[1]] == [
		"option",
		"name",
		"model",
		"model_name",
		"list",
	]
	as_user("oa")
	sheet = load_workbook(io.BytesIO(price_book.export_sheet("PB-2026H2"))).active
	assert [cell.value.split(" ")[0] for cell in sheet[1]][4:] == ["list", "floor"]


# --- completeness ------------------------------------------------------------------------------------------


def test_an_offered_option_without_a_price_keeps_the_book_from_release(draft: str) -> None:
	price_book.apply_sheet(draft, edited(draft, strike("ENG-D132", "XQK6756X")), remove_missing=True)
	with pytest.raises(PriceBookError, match="ENG-D132 on XQK6756X"):
		price_release.request_approval(book(), price_book.check_release)


def test_an_increment_without_its_standard_is_named(draft: str) -> None:
	price_book.apply_sheet(draft, edited(draft, strike("ENG-D220", "XQK6128H")), remove_missing=True)
	found = [fault for fault in price_book.faults(draft) if fault.code == "STANDARD_MISSING"]
	assert {(fault.model, fault.detail) for fault in found} == {("XQK6128H", "ENG-D220")}
	assert "ENG-D247" in {fault.option for fault in found}
	with pytest.raises(PriceBookError, match="without the line of its standard ENG-D220"):
		price_release.request_approval(book(), price_book.check_release)


def test_a_floor_above_the_list_price_is_named(draft: str) -> None:
	price_book.apply_sheet(draft, edited(draft, put("ENG-D247", "XQK6128H", "F", 17000)), remove_missing=True)
	assert [(fault.code, fault.option) for fault in price_book.faults(draft)] == [
		("FLOOR_ABOVE_LIST", "ENG-D247")
	]


def test_overlapping_books_are_refused() -> None:
	as_user("mp")
	percents = {"list": Decimal(0), "floor": Decimal(0), "cost": Decimal(0)}
	name = price_book.copy_book(
		"PB-2026H2", "PB-X", "重叠", frappe.utils.getdate("2027-06-01"), LAST_DAY, percents
	)
	with pytest.raises(PriceBookError, match="overlaps PB-2027H1 2027-06-01 – 2027-06-30"):
		price_release.request_approval(book(name), price_book.check_release)


def test_a_book_that_ends_before_it_begins_is_refused(draft: str) -> None:
	document = book()
	document.valid_to = "2027-01-01"
	with pytest.raises(PriceBookError, match="before it begins"):
		document.save()


# --- release -----------------------------------------------------------------------------------------------


def released(name: str = NEXT) -> Document:
	as_user("mp")
	price_release.request_approval(book(name), price_book.check_release)
	as_user("vp")
	price_release.approve(book(name), price_book.check_release)
	return book(name)


def test_a_draft_counts_for_no_order_until_it_is_released(draft: str) -> None:
	assert catalogue_store.current().book_in_force(FIRST_DAY) is None
	released()
	assert catalogue_store.current().book_in_force(FIRST_DAY).code == NEXT


def test_who_made_a_book_does_not_release_it() -> None:
	percents = {"list": Decimal(0), "floor": Decimal(0), "cost": Decimal(0)}
	price_book.copy_book(
		"PB-2027H1", NEXT, "2027年下半年价格表", FIRST_DAY, LAST_DAY, percents
	)  # by the administrator
	as_user("mp")
	price_release.request_approval(book(), price_book.check_release)
	frappe.set_user("Administrator")
	with pytest.raises(SelfApprovalError):
		price_release.approve(book(), price_book.check_release)
	assert book().status == "draft"
	as_user("pc")
	price_release.approve(book(), price_book.check_release)
	assert (book().status, book().approved_by) == ("released", "pc@review.localhost")


@pytest.mark.parametrize("code", ["sp", "oa", "fr", "km", "mp"])
def test_only_the_approvers_release(draft: str, code: str) -> None:
	price_release.request_approval(book(), price_book.check_release)
	as_user(code)
	with pytest.raises((frappe.PermissionError, SelfApprovalError)):
		price_release.approve(book(), price_book.check_release)


def test_a_rejection_needs_a_reason_and_opens_the_draft_again(draft: str) -> None:
	price_release.request_approval(book(), price_book.check_release)
	with pytest.raises(ReleasedError):
		price_book.apply_sheet(draft, price_book.export_sheet(draft), remove_missing=True)
	as_user("vp")
	with pytest.raises(ReasonMissingError):
		price_release.reject(book(), " ")
	price_release.reject(book(), "发动机涨幅过大")
	as_user("mp")
	price_book.apply_sheet(draft, edited(draft, put("ENG-D247", "XQK6128H", "E", 16400)), remove_missing=True)
	price_release.request_approval(book(), price_book.check_release)
	as_user("vp")
	price_release.approve(book(), price_book.check_release)
	assert [(row.to_status, row.reason) for row in book().events] == [
		("Requested", None),
		("Rejected", "发动机涨幅过大"),
		("Requested", None),
		("released", None),
	]


def test_lines_changed_behind_the_request_stop_the_release(draft: str) -> None:
	price_release.request_approval(book(), price_book.check_release)
	line = frappe.db.get_value("Price Book Option Cost", {"price_book": NEXT, "cost": [">", 0]}, "name")
	frappe.db.set_value("Price Book Option Cost", line, "cost", 1)
	as_user("vp")
	with pytest.raises(StatusChangeError, match="no longer what approval was asked for"):
		price_release.approve(book(), price_book.check_release)


def test_a_released_book_never_changes_by_any_path(draft: str) -> None:
	released()
	as_user("mp")
	line = frappe.get_last_doc("Price Book Option", {"price_book": NEXT})
	floor = frappe.get_last_doc("Price Book Option Floor", {"price_book": NEXT})
	before = price_book.stored_lines(NEXT)
	attempts: list[Callable[[], Any]] = [
		lambda: book().update({"valid_to": "2028-12-31"}).save(),
		lambda: book().update({"base": []}).save(),
		lambda: frappe.client.set_value("Price Book Option", line.name, "list_price", 1),
		lambda: frappe.client.set_value("Price Book Option Floor", floor.name, "floor_price", 1),
		lambda: frappe.client.set_value("Price Book Floor", NEXT, "base", []),
		lambda: frappe.client.delete("Price Book Option", line.name),
		lambda: frappe.client.delete("Price Book", NEXT),
		lambda: frappe.client.insert({**line.as_dict(), "name": None, "__islocal": 1}),
		lambda: price_book.apply_sheet(NEXT, price_book.export_sheet(NEXT), remove_missing=True),
	]
	for attempt in attempts:
		with pytest.raises(ReleasedError):
			attempt()
	assert price_book.stored_lines(NEXT) == before
	assert str(book().valid_to) == "2027-12-31"


def test_a_row_of_a_released_book_is_not_changed_apart_from_it() -> None:
	as_user("mp")
	for doctype, field in (
		("Price Book Base", "list_price"),
		("Price Book Base Floor", "floor_price"),
		("Price Book Base Cost", "cost"),
	):
		name = frappe.db.get_value(doctype, {"parent": "PB-2026H2"}, "name")
		before = frappe.db.get_value(doctype, name, field)
		row = frappe.get_doc(doctype, name)
		row.set(field, 1)
		with pytest.raises(ForeignRowError):
			row.save()  # as PUT /api/resource does
		with pytest.raises(ReleasedError):
			frappe.client.set_value(doctype, name, field, 1)
		assert frappe.db.get_value(doctype, name, field) == before
	tier = frappe.get_doc("Business Policy Tier", {"parent": "POL-26-VOLC"})
	tier.pct = 6
	with pytest.raises(ForeignRowError):
		tier.save()


def test_a_status_is_no_field_to_be_changed(draft: str) -> None:
	for change in (
		{"status": "released"},
		{"approval_status": "Approved"},
		{"approved_by": "vp@review.localhost"},
	):
		with pytest.raises(StatusChangeError):
			book().update(change).save()
	made = frappe.get_doc(
		{
			"doctype": "Price Book",
			"code": "PB-Y",
			"name_zh": "x",
			"valid_from": "2028-01-01",
			"valid_to": "2028-06-30",
			"status": "released",
		}
	).insert()
	assert made.status == "draft"


def test_an_import_by_a_planner_releases_nothing() -> None:
	data = catalogue_store.read_data()
	data["prices"]["price_books"].append(
		{**data["prices"]["price_books"][-1], "code": "PB-Z", "valid_from": FIRST_DAY, "valid_to": LAST_DAY}
	)
	as_user("mp")
	with pytest.raises(ReleasedError, match="import it with the status draft"):
		catalogue_transfer.import_data(data)


def test_a_correction_takes_the_place_of_the_book_from_its_day_on() -> None:
	as_user("mp")
	percents = {"list": Decimal(1), "floor": Decimal(1), "cost": Decimal(0)}
	span = (frappe.utils.getdate("2026-12-01"), frappe.utils.getdate("2026-12-31"))
	name = price_book.copy_book(
		"PB-2026H2", "PB-2026H2-V2", "2026年下半年价格表 第2版", *span, percents, supersedes=True
	)
	assert (book(name).version_no, book(name).supersedes) == (2, "PB-2026H2")
	released(name)
	older = book("PB-2026H2")
	assert (str(older.valid_to), older.superseded_by) == ("2026-11-30", name)
	catalogue = catalogue_store.current()
	assert catalogue.book_in_force(frappe.utils.getdate("2026-11-30")).code == "PB-2026H2"
	assert catalogue.book_in_force(span[0]).code == name


def test_books_become_active_and_expire_by_date() -> None:
	price_release.switch_over("2027-01-01")
	status = {name: book(name).status for name in ("PB-2026H1", "PB-2026H2", "PB-2027H1")}
	assert status == {"PB-2026H1": "expired", "PB-2026H2": "expired", "PB-2027H1": "active"}


# --- beside ------------------------------------------------------------------------------------------------


def test_the_catalogue_is_the_same_after_a_draft_came_and_went(draft: str) -> None:
	frappe.set_user("Administrator")
	with_draft = catalogue_hash(catalogue_store.read_data())
	frappe.delete_doc("Price Book", draft)
	without = catalogue_hash(catalogue_store.read_data())
	assert with_draft != without
	assert not frappe.db.exists("Price Book Option Cost", {"price_book": draft})
	assert without == frappe.db.get_single_value("Catalogue Settings", "catalogue_hash")


def test_history_shows_each_released_book_and_cost_only_to_its_readers(draft: str) -> None:
	rows = price_book.history("XQK6128H", "ENG-D247", ("list",))
	assert [(row["price_book"], row["list"], row["change_pct"]) for row in rows] == [
		("PB-2026H1", 16000, None),
		("PB-2026H2", 16000, 0),
		("PB-2027H1", 16300, 1.88),
	]
	assert price_book.figures_for("sp@review.localhost") == ("list",)
	assert price_book.figures_for("oa@review.localhost") == ("list", "floor")
	assert price_book.figures_for("fr@review.localhost") == ("list", "floor", "cost")


# --- by the Desk -------------------------------------------------------------------------------------------


def uploaded(content: bytes) -> str:
	"""A private file of the user's, as the upload makes it."""
	file = frappe.get_doc(
		{"doctype": "File", "file_name": "edited.xlsx", "is_private": 1, "content": content}
	)
	return file.insert(ignore_permissions=True).name


def test_the_desk_previews_and_imports_an_uploaded_sheet(draft: str) -> None:
	content = edited(draft, put("ENG-D247", "XQK6128H", "E", 20000))
	name = uploaded(content)
	shown = prices.preview_sheet(draft, name)
	assert shown["counts"]["changed"] == 1
	assert shown["rows"][0]["list"] == [16700, 20000, 19.76]
	prices.run_import(draft, name, 1, frappe.session.user)
	assert price_book.stored_lines(draft)["ENG-D247", "XQK6128H"].list == 20000
	assert not frappe.db.exists("File", name)


def test_a_large_jump_is_shown_first_and_taken_only_when_confirmed(draft: str) -> None:
	name = uploaded(
		edited(draft, put("ENG-D247", "XQK6128H", "E", 1.65), put("WIN-DG", "XQK6128H", "E", 8000))
	)
	shown = prices.preview_sheet(draft, name)
	assert shown["jumps"] == 1
	assert [(row["option"], row["jump"]) for row in shown["rows"]] == [("ENG-D247", True), ("WIN-DG", False)]
	before = price_book.stored_lines(draft)
	with pytest.raises(PriceBookError, match="1 prices change by 50 % or more: ENG-D247 XQK6128H"):
		price_book.apply_sheet(draft, edited(draft, put("ENG-D247", "XQK6128H", "E", 1.65)), True)
	assert price_book.stored_lines(draft) == before
	prices.run_import(draft, name, 1, frappe.session.user, jumps_seen=1)
	assert price_book.stored_lines(draft)["ENG-D247", "XQK6128H"].list == Decimal("1.65")


def test_a_formula_without_a_result_empties_no_floor(draft: str) -> None:
	assert "the formula is not computed" in refusal(
		edited(draft, put("ENG-D247", "XQK6128H", "F", "=E5*0.9"))
	)


def test_what_fails_in_the_background_is_told_and_logged(draft: str, monkeypatch: pytest.MonkeyPatch) -> None:
	told: list[dict[str, Any]] = []
	monkeypatch.setattr(prices, "_tell", lambda user, name, **message: told.append(message))

	def fail(*_args: Any, **_options: Any) -> None:
		raise TypeError("an odd workbook")

	monkeypatch.setattr(price_book, "apply_sheet", fail)
	name = uploaded(edited(draft))
	prices.run_import(draft, name, 1, frappe.session.user)
	assert "nothing was kept" in told[-1]["failed"]
	assert frappe.db.exists("Error Log", {"method": ["like", f"%{draft}%"]})
	assert not frappe.db.exists("File", name)


def test_a_wrong_sheet_is_refused_in_the_background_too_and_leaves_nothing(draft: str) -> None:
	before = price_book.stored_lines(draft)
	name = uploaded(
		edited(draft, put("ENG-D247", "XQK6128H", "E", 20000), put("BASE", "XQK6808H", "E", "abc"))
	)
	prices.run_import(draft, name, 1, frappe.session.user)
	assert price_book.stored_lines(draft) == before


def test_sheets_and_books_of_others_are_not_reached_by_the_functions_of_the_desk(draft: str) -> None:
	name = uploaded(price_book.export_sheet(draft))
	as_user("sp")
	for attempt in (
		lambda: prices.preview_sheet(draft, name),
		lambda: prices.start_import(draft, name),
		lambda: prices.copy_book(draft, "PB-Q", "x", "2028-01-01", "2028-06-30"),
		lambda: prices.take_step("Price Book", draft, "request"),
		lambda: prices.start_rehearsal("Price Book", draft),
	):
		with pytest.raises(frappe.PermissionError):
			attempt()
	as_user("pl")
	for attempt in (
		lambda: prices.download_sheet(draft),
		lambda: prices.get_summary(draft),
		lambda: prices.get_faults(draft),
	):
		with pytest.raises(frappe.PermissionError):
			attempt()
