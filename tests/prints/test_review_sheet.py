"""The intent order review sheet as the order administrator prints, signs and faxes it."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

import order_review
from order_review.adapters import catalogue_folder
from order_review.engine import Catalogue, Order, review
from order_review.glossary import FIGURES, FINDINGS, REVIEW_STATES, say
from order_review.prints import render_html, render_pdf
from order_review.prints.copies import public_copy
from order_review.prints.labels import LABELS
from order_review.prints.review_sheet import document_hash, review_sheet
from order_review.wording import amount, percent
from tests.engine.samples import DATA, merged

INTENT_ORDER = Path(order_review.__file__).parent / "order_review/doctype/intent_order/intent_order.json"
SAMPLES = [f"IO-{number:02d}" for number in range(1, 13)]
Sheet = Callable[..., str]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
	"""The sample catalogue."""
	return catalogue_folder.load(DATA)


@pytest.fixture(scope="session")
def orders() -> dict[str, Any]:
	"""The sample orders by their id."""
	return {order["id"]: order for order in catalogue_folder.load_yaml(DATA / "orders.yaml")["orders"]}


@pytest.fixture
def sheet(catalogue: Catalogue, orders: dict[str, Any]) -> Sheet:
	"""The HTML sheet of a sample order, with changes to the order and to the sheet's arguments."""

	def made(sample: str, lang: str = "zh", changes: dict[str, Any] | None = None, **arguments: Any) -> str:
		order = Order.from_data(merged(orders[sample], changes or {}), catalogue)
		found = review(catalogue, order).as_dict()
		context = review_sheet(catalogue, order, found, lang, **{"internal": True, **arguments})
		return render_html("review_sheet.html", context, lang)

	return made


def text_of(html: str) -> str:
	"""What a reader sees: no head, no tags, one blank between words."""
	body = html.partition("<body>")[2]
	return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def box_of(html: str) -> dict[str, str]:
	"""The price box: letter → what stands beside it."""
	table = html.partition('class="box"')[2].partition("</table>")[0]
	rows = re.findall(r"<tr.*?>(.*?)</tr>", table, re.DOTALL)
	cells = [
		[unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in re.findall(r"<td.*?>(.*?)</td>", row)]
		for row in rows
	]
	return {letter: value for letter, _, value in cells}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("sample", SAMPLES)
def test_the_price_box_shows_every_expected_figure(
	sample: str, lang: str, sheet: Sheet, orders: dict[str, Any]
) -> None:
	expected, box = orders[sample]["expected"], box_of(sheet(sample, lang))
	plain = {
		"A": "base_list", "B": "options_list", "C": "specials_list", "S": "surcharges", "CL": "configured_list",
		"D": "discounts", "G": "services", "R": "review_price", "FL": "floor_price", "N": "negotiated", "Σ": "total",
	}  # fmt: skip
	assert {letter: box[letter].lstrip("+−") for letter in plain} == {
		letter: amount(expected[figure]) for letter, figure in plain.items()
	}
	assert box["Δ"] == percent(expected["deviation_pct"])
	assert box["L"].startswith(expected["approval_level"])
	assert say(FIGURES, "review_price", lang) in sheet(sample, lang)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("sample", SAMPLES)
def test_findings_options_and_assemblies_all_stand_on_the_sheet(
	sample: str, lang: str, sheet: Sheet, catalogue: Catalogue, orders: dict[str, Any]
) -> None:
	order = Order.from_data(orders[sample], catalogue)
	found, text = review(catalogue, order).as_dict(), text_of(sheet(sample, lang))
	for finding in found["findings"]:
		assert f"{say(FINDINGS, finding['code'], lang)} {finding['code']} · {finding['ref']}" in text
		assert finding["message"][lang] in text
	nonstandard, standard = split(text, lang)
	model = catalogue.models[order.model]
	for code in found["configuration"]:
		assert code in (standard if code in model.standard else nonstandard)
	assert [line["assembly"] for line in found["production"]["lines"] if line["assembly"] not in text] == []


def split(text: str, lang: str) -> tuple[str, str]:
	"""The texts of the non-standard and of the standard options."""
	_, _, rest = text.partition(say(LABELS, "nonstandard", lang))
	nonstandard, _, rest = rest.partition(say(LABELS, "standard", lang) + " ")
	return nonstandard, rest.partition(say(LABELS, "price_box", lang))[0]


def test_non_standard_options_carry_list_and_claimed_price(sheet: Sheet) -> None:
	nonstandard, _ = split(text_of(sheet("IO-08")), "zh")
	assert "ENG-D199" in nonstandard
	assert "10,000 ≠ 6,000" in nonstandard  # planted: claimed too low
	assert "18,000 18,000" in nonstandard


def test_a_special_option_shows_its_price_or_that_it_has_none(sheet: Sheet) -> None:
	nonstandard, _ = split(text_of(sheet("IO-10", "en")), "en")
	assert "SPC-2026-0044 车顶光伏板400W [not priced]" in nonstandard
	assert "SPC-2026-0039 驾驶区全封闭防护隔离 valid to 2026-12-31 5,200" in nonstandard


def test_a_standard_item_left_out_is_said(sheet: Sheet) -> None:
	nonstandard, _ = split(text_of(sheet("IO-01", "en", {"drops": ["AVS-R"]})), "en")
	assert "AVS-R Radio/USB + microphone [left out]" in nonstandard


def test_the_public_copy_tells_neither_floor_nor_level(sheet: Sheet) -> None:
	low = {"negotiated_unit": 820_000}  # below the floor of 825,200
	internal, public = sheet("IO-01", "zh", low), sheet("IO-01", "zh", low, internal=False)
	assert "825,200" in internal
	assert "BELOW_FLOOR" in internal
	assert "L4 价格委员会" in internal
	for secret in ("825,200", "825200", "BELOW_FLOOR", "低于底价", "底价", "L4", "审批级别"):
		assert secret not in public
	assert "自动检查: 通过" in text_of(public)
	assert "855,978" in public


@pytest.mark.parametrize("internal", [True, False])
@pytest.mark.parametrize(
	("lang", "status", "objected", "state"),
	[
		("zh", "Under Opinions", True, "评审状态: 会签中,有反对意见待处理"),
		("en", "Under Opinions", True, "Review state: under opinions, objection open"),
		("zh", "Under Opinions", False, "评审状态: 会签中 自动检查"),
		("zh", "Consolidating", True, "评审状态: 会签结束,汇总中,有反对意见待处理"),
		("zh", "Returned", True, "评审状态: 退回 自动检查"),
		("en", "Valid", False, "Review state: valid Automatic check"),
	],
)
def test_what_the_automatic_check_found_is_not_taken_for_the_outcome_of_the_review(
	lang: str, status: str, objected: bool, state: str, internal: bool, sheet: Sheet
) -> None:
	text = text_of(sheet("IO-01", lang, status=status, objected=objected, internal=internal))
	assert state in text
	assert {"zh": "自动检查: 通过", "en": "Automatic check: clear"}[lang] in text
	assert "评审结论" not in text


def test_the_public_copy_does_not_tell_that_the_price_needs_approval(sheet: Sheet) -> None:
	assert "价格审批中" in sheet("IO-01", status="Price Approval")
	public = sheet("IO-01", status="Price Approval", internal=False)
	assert "价格审批中" not in public
	assert "评审状态: 会签结束,汇总中" in public


def test_every_state_of_an_order_is_said_on_paper() -> None:
	fields = json.loads(INTENT_ORDER.read_text(encoding="utf-8"))["fields"]
	states = next(field["options"] for field in fields if field["fieldname"] == "status")
	assert set(states.split("\n")) == set(REVIEW_STATES)


def test_the_public_copy_of_an_internal_order_tells_no_computed_price(sheet: Sheet) -> None:
	public = sheet("IO-05", "en", internal=False)
	assert {"R", "FL", "A", "B", "L", "Δ"} & set(box_of(public)) == set()
	assert box_of(public)["N"] == "636,405"  # what the salesperson entered
	for secret in ("606,100", "586,000", "773,800", "POL-26-INTERNAL"):
		assert secret not in public
		assert secret == "POL-26-INTERNAL" or secret in sheet("IO-05", "en")


def test_public_copies_leave_no_trace_of_floor_and_level(
	catalogue: Catalogue, orders: dict[str, Any]
) -> None:
	for sample in SAMPLES:
		order = Order.from_data(orders[sample], catalogue)
		shown = public_copy(review(catalogue, order, explain=False).as_dict(), internal_order=order.internal)
		assert not {line["figure"] for line in shown["price"]["trace"]} & {"floor_price", "approval_level"}
		assert shown["price"]["floor_price"] is shown["price"]["approval_level"] is None


def test_the_document_hash_changes_with_the_order_but_not_with_secrets(
	catalogue: Catalogue, orders: dict[str, Any]
) -> None:
	def digest(**changes: Any) -> str:
		return document_hash(catalogue, Order.from_data(merged(orders["IO-06"], changes), catalogue), 1)

	special = orders["IO-06"]["specials"][0]
	assert digest() == digest(specials=[{**special, "floor_price": 1, "cost": 1}])
	assert (
		len({digest(), digest(qty=4), digest(dealer="x"), digest(specials=[{**special, "unit_price": 1}])})
		== 4
	)


def test_production_stands_on_the_internal_copy_only_unless_asked_for(sheet: Sheet) -> None:
	assert "1000010-C12-D247" in sheet("IO-01")
	assert "1000010-C12-D247" not in sheet("IO-01", internal=False)
	assert "1000010-C12-D247" in sheet("IO-01", internal=False, production=True)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_opinions_settlements_and_signatures_are_printed_where_given(lang: str, sheet: Sheet) -> None:
	opinion = {
		"department": "TECH",
		"opinion": "同意",
		"condition": "CCC扩展",
		"name": "赵工",
		"date": "2026-11-18",
		"round": "2",
	}
	text = text_of(
		sheet(
			"IO-11",
			lang,
			opinions=[opinion],
			settlements={("CCC_MISSING", "R-K03"): "以CCC扩展为条件"},
			conditions=[
				{"text": "扩展ENG-D294", "responsible": "技术中心", "due": "2027-01-31", "before": "合同生效"}
			],
			signatures={"oa": "陈静"},
			printed="陈静 2026-11-18 09:00",
			committed_delivery="2027-03-01",
			round_no=2,
		)
	)
	for word in ("赵工", "以CCC扩展为条件", "扩展ENG-D294", "陈静", "2027-03-01", "陈静 2026-11-18 09:00"):
		assert word in text
	assert say(LABELS, "opinion_choice", lang) not in text  # no empty rows beside given opinions


def test_an_empty_form_has_a_row_for_each_department_concerned(sheet: Sheet) -> None:
	rows = sheet("IO-10").partition("会签意见")[2].partition("附加条件")[0]
	for department in ("技术中心", "综合计划部", "财务部", "营销企划部", "供应部"):
		assert f"<td>{department}</td>" in rows


def test_the_heads_of_an_empty_form_are_not_broken_within_a_word(sheet: Sheet) -> None:
	pages = PdfReader(io.BytesIO(render_pdf(sheet("IO-02", "en", internal=False)))).pages
	lines = [line.strip() for page in pages for line in page.extract_text().splitlines()]
	assert "nt" not in lines
	assert "nd" not in lines
	assert any("Department" in line for line in lines)


NASTY = '<script>alert(1)</script><img src="http://x.example/a.png">{{ 7*7 }}{% raw %}"\'&'


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_whatever_a_dealer_writes_is_printed_as_text(lang: str, sheet: Sheet) -> None:
	changes = {
		"id": NASTY,
		"dealer": NASTY,
		"salesperson": NASTY,
		"market_department": NASTY,
		"customer": {"name": NASTY},
		"specials": [{"request_no": NASTY, "name_zh": NASTY, "unit_price": 1}],
		"services": {NASTY: 1},
		"livery_files": [NASTY],
		"picks": [NASTY],
		"internal": {"cost_centre": NASTY},
	}
	html = sheet("IO-01", lang, changes, settlements={("CFG_NOT_OFFERED", NASTY): NASTY}, printed=NASTY)
	assert "<script" not in html
	assert "<img" not in html
	assert "{{ 7*7 }}" in html
	assert text_of(html).count(NASTY) >= 11
	assert len(PdfReader(io.BytesIO(render_pdf(html))).pages) >= 2


def test_nothing_on_the_sheet_is_told_by_colour(sheet: Sheet) -> None:
	html = sheet("IO-07")
	printed = html.partition("@media screen")[0] + html.partition("</style>")[2]
	colours = set(re.findall(r"#[0-9a-fA-F]{3,6}\b|rgba?\([^)]*\)", printed))
	assert colours <= {"#000", "#fff"}


@pytest.mark.parametrize(
	("lang", "words"),
	[
		(
			"zh",
			("有效意向订单评审表", "江南旅运集团有限公司", "非标准配置", "855,978", "第 1 页", "生产配置"),
		),
		(
			"en",
			(
				"Intent Order Review Sheet",
				"江南旅运集团有限公司",
				"Non-standard options",
				"855,978",
				"Page 1 of",
			),
		),
	],
)
def test_the_pdf_is_a4_with_page_numbers_hashes_and_readable_text(
	lang: str, words: tuple[str, ...], sheet: Sheet, catalogue: Catalogue
) -> None:
	pdf = PdfReader(io.BytesIO(render_pdf(sheet("IO-01", lang))))
	texts = [" ".join(page.extract_text().split()) for page in pdf.pages]
	assert [word for word in words if word not in " ".join(texts)] == []
	total = len(texts)
	assert 2 <= total <= 4
	short = " ".join(catalogue.hash.upper()[start : start + 4] for start in range(0, 16, 4))
	for number, text in enumerate(texts, 1):
		page = f"第 {number} 页 / 共 {total} 页" if lang == "zh" else f"Page {number} of {total}"
		assert page in text
		assert short in text
	assert {
		(round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in pdf.pages
	} == {(595, 842)}


def test_the_same_sheet_gives_the_same_pdf_byte_for_byte(sheet: Sheet) -> None:
	html = sheet("IO-03")
	first, second = render_pdf(html), render_pdf(html)
	assert first == second
	made = PdfReader(io.BytesIO(first)).metadata
	assert made is not None
	assert str(made["/CreationDate"]).startswith("D:20261110")  # dated by the order, not by the clock


def test_a_sheet_holds_a_qr_code_of_number_and_hashes(sheet: Sheet, catalogue: Catalogue) -> None:
	plain, linked = sheet("IO-01"), sheet("IO-01", verify_url="https://review.example/verify/IO-01")
	assert plain.count("<svg") == linked.count("<svg") == 1
	assert (
		plain.partition("<svg")[2].partition("</svg>")[0]
		!= linked.partition("<svg")[2].partition("</svg>")[0]
	)


def test_every_label_is_said_in_both_languages() -> None:
	for code, (zh, en) in LABELS.items():
		assert re.search(r"[\u4e00-\u9fff]", zh), code
		assert en, code
		assert not re.search(r"[\u4e00-\u9fff]", en), code


# --- rounds -------------------------------------------------------------------------------------------------

CHANGES = [
	{
		"group": "configuration",
		"what": {"code": "SLY", "zh": "座椅布置", "en": "Seat layout"},
		"before": {"code": "SLY-1251", "zh": "51座", "en": "51 seats"},
		"after": {"code": "SLY-1249", "zh": "49座", "en": "49 seats"},
		"price_effect": -1600,
	}
]


@pytest.mark.parametrize("internal", [True, False])
@pytest.mark.parametrize(("lang", "title"), [("zh", "轮次 1 → 2"), ("en", "Round 1 → 2")])
def test_a_later_round_says_what_changed_since_the_one_before(
	lang: str, title: str, internal: bool, sheet: Sheet
) -> None:
	html = sheet("IO-01", lang, round_no=2, round_changes=CHANGES, internal=internal)
	said = text_of(html)
	for words in (title, "SLY-1251", "▲ SLY-1249", "−1,600"):
		assert words in said, words
	assert title not in text_of(sheet("IO-01", lang))


def test_the_sales_copy_of_an_internal_order_tells_no_list_prices_of_changes(sheet: Sheet) -> None:
	public = text_of(sheet("IO-05", round_no=2, round_changes=CHANGES, internal=False))
	assert "SLY-1249" in public
	assert "−1,600" not in public
	assert "−1,600" in text_of(sheet("IO-05", round_no=2, round_changes=CHANGES))
