"""Price books as wholes: the next one made from the last, how two differ, days without one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from order_review.engine.catalogue import PriceBook, PriceLine
from order_review.engine.price_books import compare, raised, uncovered_days


def line(amount: int, floor: int | None = None, cost: int | None = None) -> PriceLine:
	return PriceLine(*(None if value is None else Decimal(value) for value in (amount, floor, cost)))  # type: ignore[arg-type]


def book(code: str, begin: str, end: str, status: str = "released") -> PriceBook:
	return PriceBook(code, code, date.fromisoformat(begin), date.fromisoformat(end), status, {}, {})


def test_amounts_are_rounded_half_up_to_the_step_and_negative_ones_alike() -> None:
	before = {("A", "M"): line(2000, 1800, 1500), ("B", "M"): line(-8000), ("", "M"): line(0)}
	after = raised(before, {"list": Decimal("2.5"), "floor": Decimal(0)}, 100)
	assert after["A", "M"] == line(2100, 1800, 1500)  # 2 050 → 2 100; floor and cost stay
	assert after["B", "M"] == line(-8200)
	assert after["", "M"] == line(0)


def test_no_percentage_changes_nothing_not_even_an_odd_amount() -> None:
	before = {("A", "M"): line(1234)}
	assert raised(before, {}, 100) == before


def test_a_comparison_tells_added_changed_and_removed_lines() -> None:
	before = {("A", "M"): line(1000), ("B", "M"): line(500), ("C", "M"): line(0)}
	after = {("A", "M"): line(1100), ("C", "M"): line(0), ("D", "M"): line(7)}
	found = {change.option: (change.kind, change.percent()) for change in compare(before, after)}
	assert found == {"A": ("changed", Decimal("10.00")), "D": ("added", None), "B": ("removed", None)}


def test_a_changed_floor_alone_is_a_change() -> None:
	(change,) = compare({("A", "M"): line(1000, 900)}, {("A", "M"): line(1000, 950)})
	assert (change.percent(), change.percent("floor")) == (Decimal("0.00"), Decimal("5.56"))


def test_days_without_a_released_book_are_found() -> None:
	books = [
		book("H1", "2026-01-01", "2026-06-30"),
		book("H2", "2026-07-15", "2026-12-31"),
		book("D", "2026-07-01", "2026-07-14", "draft"),
	]
	gaps = uncovered_days(books, date(2025, 12, 1), date(2027, 1, 31))
	assert gaps == [
		(date(2025, 12, 1), date(2025, 12, 31)),
		(date(2026, 7, 1), date(2026, 7, 14)),
		(date(2027, 1, 1), date(2027, 1, 31)),
	]
	assert uncovered_days(books, date(2026, 1, 1), date(2026, 6, 30)) == []
