"""The production configuration sheet: what each shop reads, what changed, in both languages and on a fax."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest

from order_review.adapters import catalogue_folder
from order_review.engine.order import Order
from order_review.engine.review import translate_order
from order_review.prints import render_html, render_pdf
from order_review.prints.production_sheet import production_sheet
from tests.engine.samples import DATA


@cache
def _made(sample: str) -> tuple[Any, Any]:
	catalogue = catalogue_folder.load(DATA)
	orders = {order["id"]: order for order in catalogue_folder.load_yaml(DATA / "orders.yaml")["orders"]}
	return catalogue, translate_order(catalogue, Order.from_data(orders[sample], catalogue))


def sheet_data(sample: str = "IO-01", **changes: Any) -> dict[str, Any]:
	"""The configuration of a sample order as the sheet takes it."""
	catalogue, made = _made(sample)
	names = {slot.code: slot.name_zh for slot in catalogue.slots}
	lines = [
		{
			"slot": line.slot,
			"slot_name": names[line.slot],
			"assembly_no": line.assembly.assembly,
			"assembly_name": line.assembly.name_zh,
			"qty": line.assembly.qty,
			"shop": line.assembly.shop,
			"source": "Rule",
			"from_options": ", ".join(line.options),
		}
		for line in made.lines
	]
	data = {
		"id": "PCF-2026-00001",
		"version": 1,
		"supersedes": "",
		"status": "Released",
		"contract": "SC-2026-00001 / 1",
		"model": "XQK6128H",
		"model_name": "12米客车",
		"qty": 10,
		"lines": lines,
		"gone": [],
		"specials": [],
		"livery": {"status": "Library Pattern", "reference": "P-118"},
		"signatures": {"translator": ("周敏", "2026-11-20")},
	}
	return {**data, **changes}


def page(lang: str = "zh", **changes: Any) -> str:
	return render_html("production_sheet.html", production_sheet(sheet_data(**changes), lang), lang)


@pytest.mark.parametrize(
	("lang", "shops"), [("zh", ("底盘", "焊装", "涂装", "内饰", "总装")), ("en", ("Chassis",))]
)
def test_every_shop_has_its_own_table_and_no_assembly_is_left_out(lang: str, shops: tuple[str, ...]) -> None:
	html = page(lang)
	heads = re.findall(r"<h2>(.*?)</h2>", html)
	assert all(any(shop in head for head in heads) for shop in shops), heads
	for line in sheet_data()["lines"]:
		assert html.count(f"<b>{line['assembly_no']}</b>") >= 1
	assert sum(int(number) for number in re.findall(r"<h2>[^<]* · (\d+) ", html)) == 51


def test_a_changed_line_carries_its_version_and_the_old_number() -> None:
	lines = sheet_data()["lines"]
	lines[0] = {**lines[0], "assembly_no": "NEW-1", "change": "Changed", "replaces": "OLD-1"}
	html = page(version=2, supersedes="PCF-2026-00001", lines=lines)
	row = re.search(r"<tr class=\"changed\">.*?</tr>", html, re.S)
	assert row
	assert all(words in row.group() for words in ("NEW-1", "原 OLD-1", "▲ v2"))
	assert html.count('<tr class="changed">') == 1


def test_what_is_no_longer_built_in_is_listed() -> None:
	gone = [{"slot": "TOI", "assembly_no": "8100000-C12-TOI", "assembly_name": "卫生间", "qty": 1}]
	html = page(version=2, supersedes="PCF-2026-00001", gone=gone)
	assert "<s>8100000-C12-TOI</s>" in html


def test_a_line_by_hand_says_why() -> None:
	lines = sheet_data()["lines"]
	lines[3] = {**lines[3], "source": "Manual", "reason": "SPC-2026-0044 图纸 A-1"}
	assert "by hand: SPC-2026-0044 图纸 A-1" in page("en", lines=lines)


@pytest.mark.parametrize(
	("status", "words"), [("Translating", "未下达"), ("Superseded", "已被替代"), ("Withdrawn", "已撤销")]
)
def test_what_must_not_be_built_says_so(status: str, words: str) -> None:
	assert words in page(status=status)
	assert "不得用于生产" not in page(status="Released")


def test_texts_cannot_bring_markup_into_the_sheet() -> None:
	html = page(specials=[{"request_no": "SPC-1", "name_zh": "<script>x</script>", "handling": "Line"}])
	assert "<script>" not in html


def test_the_checksum_follows_what_is_built() -> None:
	first = production_sheet(sheet_data(), "zh")["document_hash"]
	lines = sheet_data()["lines"]
	lines[5] = {**lines[5], "qty": 2}
	english = [{**line, "slot_name": ""} for line in sheet_data()["lines"]]  # slots have Chinese names only
	assert production_sheet(sheet_data(lines=english), "en")["document_hash"] == first
	assert production_sheet(sheet_data(lines=lines), "zh")["document_hash"] != first


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pdf_is_laid_out_and_always_the_same(lang: str) -> None:
	html = page(lang)
	assert render_pdf(html) == render_pdf(html)


def test_a_later_version_begins_with_what_differs_slot_by_slot() -> None:
	differences = [
		{
			"group": "production",
			"what": {"code": "SFB", "zh": "", "en": ""},
			"before": {"code": "OLD-1", "zh": "", "en": ""},
			"after": {"code": "NEW-1 × 2", "zh": "", "en": ""},
		}
	]
	html = page(version=2, supersedes="PCF-2026-00001", differences=differences)
	assert "与上一版的差异 · PCF-2026-00001 → PCF-2026-00001" in html
	row = re.search(r"<td class=\"what\">.*?</tr>", html, re.S)
	assert row
	assert all(words in row.group() for words in ("SFB", "OLD-1", "▲", "NEW-1 × 2"))
	assert "与上一版的差异" not in page()
