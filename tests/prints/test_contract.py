"""The sales contract and its configuration annex as the parties sign them."""

from __future__ import annotations

import copy
import io
from decimal import Decimal
from typing import Any

import pytest
from pypdf import PdfReader

from order_review.adapters import catalogue_folder
from order_review.engine import Catalogue
from order_review.prints import render_html, render_pdf
from order_review.prints.capitals import in_capitals
from order_review.prints.contract import annex_checksum, contract_sheet
from tests.engine.samples import DATA


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
	return Catalogue.from_data(catalogue_folder.read(DATA)[0])


@pytest.fixture
def contract(catalogue: Catalogue) -> dict[str, Any]:
	return {
		"number": "SC-2026-00007",
		"version": 2,
		"language": "zh",
		"contract_date": "2026-11-20",
		"signing_place": "南京",
		"currency": "CNY",
		"export": False,
		"buyer": {
			"name": "江南旅运集团有限公司(示例)",
			"address": "南京市江宁区客运路1号",
			"tax_id": "9132<b>",
		},
		"seller": {"name": "星桥客车", "address": "", "tax_id": ""},
		"dealer": None,
		"lines": [line(catalogue, 1, "XQK6128H", 10), line(catalogue, 2, "XQK6108H", 5)],
		"total": 10_480_000.0,
		"payment_mode": "full_before_delivery",
		"payments": [
			{"milestone": "Signing", "pct": 10.0, "amount": 1_048_000.0, "days": 0, "remark": None},
			{
				"milestone": "Before Delivery",
				"pct": 90.0,
				"amount": 9_432_000.0,
				"days": 0,
				"remark": "银行转账",
			},
		],
		"deposit": {"kind": "Earnest Money", "pct": 10.0, "amount": 1_048_000.0},
		"delivery_place": "南京客运总站",
		"delivery_mode": "Driven to Customer",
		"acceptance": None,
		"service_terms": "整车质保两年或20万公里",
		"liability": None,
		"dispute_resolution": None,
	}


def line(catalogue: Catalogue, number: int, model: str, qty: int) -> dict[str, Any]:
	return {
		"line_no": number,
		"model": model,
		"grade": "G1",
		"use": "tourism",
		"qty": qty,
		"unit_price": 848_000.0,
		"amount": 848_000.0 * qty,
		"delivery_date": "2027-03-10",
		"delivery_lots": "",
		"options": [{"option": code, "remark": ""} for code in catalogue.models[model].standard],
		"specials": [],
		"livery_reference": "LIV-2026-0031",
		"livery_files": ["侧面图.pdf"],
		"seat_plan": "司机后第一排不设座",
	}


def page(catalogue: Catalogue, data: dict[str, Any], lang: str = "zh", *, issued: bool = True) -> str:
	return render_html("contract.html", contract_sheet(catalogue, data, lang, issued=issued), lang)


def texts(html: str) -> list[str]:
	return [sheet.extract_text() for sheet in PdfReader(io.BytesIO(render_pdf(html))).pages]


@pytest.mark.parametrize(
	("amount", "words"),
	[
		(0, "零元整"),
		(8_480_000, "捌佰肆拾捌万元整"),
		(1_005, "壹仟零伍元整"),
		(10_000, "壹万元整"),
		(10_010, "壹万零壹拾元整"),
		(100_010_001, "壹亿零壹万零壹元整"),
		(100_000_001, "壹亿零壹元整"),
		(1_200_340_000, "壹拾贰亿零叁拾肆万元整"),
		(107_000, "壹拾万柒仟元整"),
		(3_010_000_050_000, "叁万零壹佰亿零伍万元整"),
		("855978.50", "捌拾伍万伍仟玖佰柒拾捌元伍角"),
		("0.06", "陆分"),
		("12.06", "壹拾贰元零陆分"),
		("325.04", "叁佰贰拾伍元零肆分"),
		("1.995", "贰元整"),
	],
)
def test_amounts_in_chinese_capitals(amount: Any, words: str) -> None:
	assert in_capitals(Decimal(str(amount))) == "人民币" + words


@pytest.mark.parametrize("amount", [-1, Decimal(10) ** 16])
def test_amounts_without_capitals_are_refused(amount: Any) -> None:
	with pytest.raises(ValueError, match="no capitals"):
		in_capitals(amount)


def test_foreign_money_is_named() -> None:
	assert in_capitals(1_000, "USD") == "美元壹仟元整"
	assert in_capitals(Decimal("1000.50"), "RUB") == "卢布壹仟元伍角"
	assert in_capitals(Decimal("1000.50"), "JPY") == "日元壹仟零壹元整"
	assert in_capitals(1_000, "XYZ") == "XYZ壹仟元整"


@pytest.mark.parametrize(
	("lang", "words"),
	[
		(
			"zh",
			(
				"销售合同",
				"江南旅运集团",
				"人民币壹仟零肆拾捌万元整",
				"¥10,480,000",
				"违约责任",
				"争议解决",
				"送车至交货地点",
				"定金(占合同总价10%)",
			),
		),
		(
			"en",
			(
				"Sales Contract",
				"Party A (buyer)",
				"¥10,480,000",
				"Liability for breach",
				"Earnest money",
				"Driven by Party B",
			),
		),
	],
)
def test_the_contract_says_who_what_and_on_which_terms(
	catalogue: Catalogue, contract: dict[str, Any], lang: str, words: tuple[str, ...]
) -> None:
	first = texts(page(catalogue, contract, lang))[0].replace("\n", "")
	for word in words:
		assert word.replace(" ", "") in first.replace(" ", ""), word


@pytest.mark.parametrize(
	("lang", "term", "tax"),
	[
		("en", "Price term: FOB Shanghai (Incoterms 2020).", "without Chinese VAT"),
		("zh", "价格条款:FOB Shanghai(Incoterms 2020)。", "不含中国增值税"),
	],
)
def test_an_export_contract_names_its_trade_term_and_its_currency(
	catalogue: Catalogue, contract: dict[str, Any], lang: str, term: str, tax: str
) -> None:
	contract |= {"export": True, "incoterm": "FOB", "delivery_place": "Shanghai", "currency": "USD"}
	html = page(catalogue, contract, lang)
	for words in (term, tax, "USD 848,000", "美元壹仟零肆拾捌万元整"):
		assert words in html, words
	assert not [tax for tax in ("13%", "13 %") if tax in html]


def test_without_a_trade_term_none_is_printed(catalogue: Catalogue, contract: dict[str, Any]) -> None:
	assert "Incoterms" not in page(catalogue, contract)


def test_each_annex_page_is_initialled_and_carries_checksum_and_version(
	catalogue: Catalogue, contract: dict[str, Any]
) -> None:
	pages = texts(page(catalogue, contract))
	shown = " ".join(annex_checksum(contract)[at : at + 4] for at in range(0, 16, 4)).upper()
	annexes = [text for text in pages[1:] if "甲方签字________" in text]
	assert len(annexes) == 2
	assert all(shown in text and "SC-2026-00007" in text for text in annexes)
	assert "LIV-2026-0031" in annexes[0]
	assert "司机后第一排不设座" in annexes[0]
	assert f"共 {len(pages)} 页" in pages[-1]


def test_every_option_of_a_line_stands_in_its_annex(catalogue: Catalogue, contract: dict[str, Any]) -> None:
	contract["lines"] = contract["lines"][:1]
	contract["lines"][0]["options"][0]["remark"] = "按样车"
	annex = page(catalogue, contract).split('class="annex"')[1]
	for row in contract["lines"][0]["options"]:
		assert row["option"] in annex
	assert "按样车" in annex


def test_specials_come_with_their_drawing(catalogue: Catalogue, contract: dict[str, Any]) -> None:
	special = {"request_no": "SPC-2026-0044", "name": "车顶光伏板", "drawing_no": "DXC-E12-2619"}
	contract["lines"][0]["specials"] = [special]
	html = page(catalogue, contract)
	assert "SPC-2026-0044" in html
	assert "DXC-E12-2619" in html


def test_a_draft_says_so_and_shows_no_checksum(catalogue: Catalogue, contract: dict[str, Any]) -> None:
	html = page(catalogue, contract, issued=False)
	assert "未批准签署" in html
	assert annex_checksum(contract)[:4].upper() + " " not in html


def test_the_translation_is_marked(catalogue: Catalogue, contract: dict[str, Any]) -> None:
	assert "Translation for information" in page(catalogue, contract, "en")
	assert "译文" not in page(catalogue, contract, "zh")


@pytest.mark.parametrize("change", ["option", "remark", "qty", "seat plan", "drawing", "version", "number"])
def test_the_checksum_changes_with_anything_in_the_annex(contract: dict[str, Any], change: str) -> None:
	other = copy.deepcopy(contract)
	first = other["lines"][0]
	if change == "option":
		first["options"][0]["option"] = "ENG-D294"
	elif change == "remark":
		first["options"][0]["remark"] = "样车"
	elif change == "qty":
		first["qty"] = 9
	elif change == "seat plan":
		first["seat_plan"] = ""
	elif change == "drawing":
		first["specials"] = [{"request_no": "SPC-1", "name": "架", "drawing_no": "D-1"}]
	else:
		other[change] = 3 if change == "version" else "SC-2026-00008"
	assert annex_checksum(other) != annex_checksum(contract)


def test_the_checksum_does_not_depend_on_the_order_of_the_options(contract: dict[str, Any]) -> None:
	other = copy.deepcopy(contract)
	other["lines"][0]["options"].reverse()
	assert annex_checksum(other) == annex_checksum(contract)


def test_text_of_users_is_escaped(catalogue: Catalogue, contract: dict[str, Any]) -> None:
	assert "9132<b>" not in page(catalogue, contract)


# --- the internal copy --------------------------------------------------------------------------------------


def reviewed() -> dict[str, Any]:
	"""What the internal copy shows beside the contract, as the site gives it."""
	layout = {
		"line_no": 1,
		"group": "configuration",
		"what": {"code": "SLY", "zh": "座椅布置", "en": "Seat layout"},
		"before": {"code": "SLY-1251", "zh": "51座", "en": "51 seats"},
		"after": {"code": "SLY-1249", "zh": "49座", "en": "49 seats"},
		"price_effect": -1600,
		"production": [{"slot": "SLY", "before": "7000010-C12-1251", "after": "7000010-C12-1249"}],
	}
	price = {
		"line_no": 1,
		"group": "price",
		"what": {"code": "unit_price", "zh": "", "en": ""},
		"before": {"code": "848000", "zh": "", "en": ""},
		"after": {"code": "850000", "zh": "", "en": ""},
		"price_effect": 2000,
	}
	return {
		"differences": [layout],
		"rounds": [{"number": 2, "day": "2026-11-21", "who": "周敏", "changes": [price]}],
		"versions": [{"version": 1, "day": "2026-11-20", "pages": 4, "checksum": "ab" * 32}],
	}


def internal(catalogue: Catalogue, data: dict[str, Any], lang: str, **review: Any) -> str:
	context = contract_sheet(catalogue, data, lang, issued=True, review={**reviewed(), **review})
	return render_html("contract.html", context, lang)


@pytest.mark.parametrize(
	("lang", "words"),
	[
		(
			"zh",
			(
				"内部联",
				"与意向订单的差异",
				"SLY 座椅布置",
				"▲",
				"第2轮 · 2026-11-21 · 周敏",
				"850,000",
				"+2,000",
			),
		),
		(
			"en",
			("INTERNAL COPY", "Differences from the intent orders", "Seat layout", "▲", "Round 2", "848,000"),
		),
	],
)
def test_the_internal_copy_tells_what_differs_and_what_changed(
	catalogue: Catalogue, contract: dict[str, Any], lang: str, words: tuple[str, ...]
) -> None:
	html = internal(catalogue, contract, lang)
	for word in (*words, "−1,600", "7000010-C12-1251 → 7000010-C12-1249", "ABAB ABAB ABAB ABAB"):
		assert word in html, word


def test_nobody_takes_the_internal_copy_for_the_one_to_sign(
	catalogue: Catalogue, contract: dict[str, Any]
) -> None:
	html = internal(catalogue, contract, "zh")
	assert annex_checksum(contract)[:4].upper() not in html
	assert "甲方签字" not in html
	pages = texts(html)
	assert "内部联" in pages[0]
	assert all("不得签字盖章" in page for page in pages[1:])


def test_the_copy_to_sign_tells_nothing_of_the_review(catalogue: Catalogue, contract: dict[str, Any]) -> None:
	html = page(catalogue, contract)
	for word in ("内部联", "与意向订单的差异", "▲", "or-diff"):
		assert word not in html.partition("<body>")[2], word


def test_a_contract_without_differences_says_so(catalogue: Catalogue, contract: dict[str, Any]) -> None:
	html = internal(catalogue, contract, "en", differences=[], rounds=[], versions=[])
	for words in ("Nothing differs.", "Submitted once.", "No version was given out for signing yet."):
		assert words in html
