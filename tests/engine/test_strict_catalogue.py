"""Catalogue files are read strictly: what would change a price in silence is one error, with file and line."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from order_review.adapters import catalogue_documents, catalogue_folder
from order_review.adapters.chinese import sentence
from order_review.adapters.document_layout import Layout, Pairs, Rows
from order_review.constants import ROLES
from order_review.engine import Catalogue
from order_review.engine.catalogue import build
from order_review.engine.catalogue_keys import CATALOGUE_KEYS
from order_review.engine.words import APPROVER_ROLES
from tests.engine.commanding import ORDERS, Ran, review, run, written
from tests.engine.samples import DATA, merged


def spoiled(folder: Path, file: str, old: str, new: str, times: int = 1) -> Path:
	"""The sample catalogue in a folder, with one text of one file replaced."""
	for path in DATA.glob("*.yaml"):
		text = path.read_text(encoding="utf-8")
		if path.name == file:
			assert old in text, old
			text = text.replace(old, new, times)
		(folder / path.name).write_text(text, encoding="utf-8")
	return folder


def linted(folder: Path, lang: str = "en") -> Ran:
	return run("lint", "--catalog", folder, "--format", "json", "--lang", lang)


# file, text as it is, as it is spoiled, what has to be said
FAULTS = [
	# keys nobody reads
	("policies.yaml", "requires: {payment_mode", "when: {payment_mode", "the key 'when' is not known"),
	("options.yaml", "lead_days: 5}", "lead_day: 5}", "the key 'lead_day' is not known; expected lead_days"),
	("options.yaml", "attrs: {power_kw: 118,", "valid_from: 2026-01-01, attrs: {power_kw: 118,", "'valid_from'"),
	("models.yaml", "    ccc: {certificate", "    cccc: {certificate", "'cccc' is not known; expected ccc"),
	("prices.yaml", "floor: 374600, cost", "flor: 374600, cost", "'flor' is not known; expected floor"),
	("translations.yaml", "slots:\n", "slot:\n", "'slot' is not known; expected slots"),
	("policies.yaml", "stacking:\n  cap_pct", "stacking:\n  cap_percent", "'cap_percent' is not known"),
	# numbers that are none
	("prices.yaml", "list: 16000, floor", "list: 16,000, floor", "the comma in 'list: 16,000' splits the number"),
	("prices.yaml", "list: 16000, floor", "list: 1940,50, floor", "the comma in 'list: 1940,50' splits"),
	("prices.yaml", "list: 16000, floor", "list: 1.940,50, floor", "splits the number"),
	("prices.yaml", "list: 16000, floor", "list: 016000, floor", "'016000' is not a number; expected a number such as 16000"),
	("prices.yaml", "list: 16000, floor", "list: 16:00, floor", "'16:00' is not a number"),
	("prices.yaml", "list: 16000, floor", "list: 16_000, floor", "'16_000' is not a number"),
	("prices.yaml", "list: 16000, floor", "list: '１６０００', floor", "such as 16000"),
	("options.yaml", "{power_kw: 118, torque_nm: 430", "{power_kw: 1,118, torque_nm: 430", "the comma in 'power_kw: 1,118' splits"),
	("policies.yaml", "amount: 15000", "amount: yes", "'yes' is not a number"),
	# words outside of their list
	("prices.yaml", "status: released", "status: Released", "status is 'Released'; expected one of draft, released"),
	("prices.yaml", "status: released", "status: Draft", "status is 'Draft'"),
	("policies.yaml", "status: released", "status: Released", "status is 'Released'; expected one of draft, released, suspended"),
	("models.yaml", "default_use: 'tourism'", "default_use: 'turism'", "default_use is 'turism'; expected one of intercity"),
	("models.yaml", "bus_class: 'III'", "bus_class: 'IV'", "bus_class is 'IV'"),
	("models.yaml", "type: 'coach'", "type: 'couch'", "type is 'couch'"),
	("models.yaml", "grades: [PT, ZJ, G1]", "grades: [PT, ZJ, G4]", "'G4' stands in grades; expected one of NA"),
	("models.yaml", "status: 'valid'", "status: 'Valid'", "status is 'Valid'"),
	("policies.yaml", "order_types: [Dealer]", "order_types: [Dealers]", "'Dealers' stands in order_types"),
	("policies.yaml", "payment_mode: instalment", "payment_mode: installment", "payment_mode is 'installment'; expected one of full_before"),
	("policies.yaml", "customer_class: key_account", "customer_class: keyaccount", "customer_class is 'keyaccount'"),
	("policies.yaml", "role: Price Committee", "role: Prize Committee", "role is 'Prize Committee'"),
	("policies.yaml", "fixed_level: L2", "fixed_level: L7", "fixed_level is 'L7'; expected one of L0"),
	("policies.yaml", "effect: {kind: amount, amount: 15000}", "effect: {kind: amount, pct: 2}", "amount is missing"),
	("policies.yaml", "{kind: amount, amount: 15000}", "{kind: amount, amount: 15000, pct: 2}", "pct has no effect"),
	("families.yaml", "freeze: 'F1'", "freeze: 'F9'", "freeze is 'F9'"),
	("families.yaml", "shop: 'chassis'", "shop: 'chasis'", "shop is 'chasis'"),
	("families.yaml", "select: 'single'", "select: 'many'", "select is 'many'; expected one of single, multi"),
	("prices.yaml", "currency: CNY", "currency: CNX", "currency is 'CNX'"),
	("prices.yaml", "currency: CNY", "currency: USD", "the currencies differ: models.yaml CNY, prices.yaml USD, policies.yaml CNY"),
	# names that do not exist
	("rules.yaml", "attr(SLY.pax) > 70", "attr(SLY.pas) > 70", "no option of SLY has the attribute 'pas'; expected pax"),
	("rules.yaml", "attr(SLY.pax) > 70", "attr(KGV.gwv) > 70", "option family 'KGV' does not exist"),
	("rules.yaml", "attr(SLY.pax) > 70", "attr(AVS.pax) > 70", "asks for the one option of AVS, which may have several"),
	("rules.yaml", 'scope: "model.bus_class == I"', 'scope: "order.country == I"', "an order has no field 'country'"),
	("rules.yaml", 'scope: "model.bus_class == I"', 'scope: "model.bus_clas == I"', "a model has no field 'bus_clas'; expected bus_class"),
	("rules.yaml", 'scope: "model.bus_class == I"', 'scope: "order.market == canada"', "order.market is never 'canada'"),
	("rules.yaml", 'scope: "model.bus_class == I"', 'scope: "model.bus_class == IV"', "model.bus_class is never 'IV'"),
	("rules.yaml", 'scope: "model.bus_class == I"', 'scope: "order.qty == many"', "order.qty is a number and never equals 'many'"),
	("rules.yaml", 'scope: "model.bus_class == I"', 'scope: "order.use < city"', "has no order, so < never holds"),
	("rules.yaml", 'scope: "model.bus_class == I"', 'scope: "model.type == 3"', "they are never compared"),
	("rules.yaml", 'scope: "model.bus_class == I"', 'scope: "order.operating == yes"', "is true or false and never equals"),
	("rules.yaml", "attr(SLY.pax) > 70", "sum(wheight) > 70", "no option has the attribute 'wheight'"),
	# what does not agree
	("options.yaml", "avail: {S07: 'S'}, attrs: {power_kw: 118", "avail: {S07: 'O'}, attrs: {power_kw: 118", "ENG-D118 says it is optional (O) on S07, but is in that model's standard"),
	("options.yaml", "avail: {C08: 'O'}, attrs: {power_kw: 155", "avail: {C08: 'S'}, attrs: {power_kw: 155", "says it is standard (S) on C08"),
	("prices.yaml", "list: 402800, floor: 374600", "list: 402800, floor: 474600", "the floor 474600 of XQK6808H is above the list price 402800"),
	("policies.yaml", "min_pct: -3.0", "min_pct: -0.5", "min_pct -0.5 does not fall below -1.0"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "said"), FAULTS)
def test_a_slip_of_the_pen_is_one_error_with_file_and_line(
	file: str, old: str, new: str, said: str, tmp_path: Path, catalogue_data: dict[str, Any]
) -> None:
	original = (DATA / file).read_text(encoding="utf-8")
	assert old in original, old
	changed = original.replace(old, new, 1)
	(tmp_path / file).write_text(changed, encoding="utf-8")
	pairs = zip(changed.splitlines(), original.splitlines(), strict=True)
	line = next(number for number, (now, before) in enumerate(pairs, 1) if now != before)
	part = file.removesuffix(".yaml")
	_, problems = build({**catalogue_data, part: catalogue_folder.read_part(tmp_path / file)[0]})
	assert len(problems) == 1, problems
	error = catalogue_folder.located(problems[0].error, tmp_path)
	english, chinese = (sentence(error, lang) for lang in ("en", "zh"))
	assert said in english
	found = re.match(rf"{file}, line (\d+)", english)
	assert found, english
	assert abs(int(found[1]) - line) <= 1
	assert re.search(r"[一-鿿]", chinese)
	assert "expected" not in chinese
	assert " is " not in chinese


def test_lint_and_review_refuse_a_faulty_catalogue_with_the_same_place(tmp_path: Path) -> None:
	folder = spoiled(tmp_path, "options.yaml", "lead_days: 5}", "lead_day: 5}")
	ran = linted(folder)
	(error,) = ran.json["findings"]
	assert (ran.status, error["severity"], error["file"]) == (1, "error", "options.yaml")
	assert not ran.json["complete"]
	refused = review(ORDERS, "--catalog", folder)
	assert refused.status == 2
	assert f"options.yaml, line {error['line']}" in refused.err


def test_a_key_that_stands_twice_is_refused_with_its_line(tmp_path: Path) -> None:
	folder = spoiled(tmp_path, "prices.yaml", "list: 16000,", "list: 16000, list: 1600,")
	ran = linted(folder)
	assert ran.status == 2
	assert "the key 'list' occurs twice" in ran.err
	assert "line " in ran.err


def test_a_malformed_code_is_one_error_and_not_its_hundred_consequences(tmp_path: Path) -> None:
	for new in ("ENG_D247", "eng-d247", "Motor 247"):
		ran = linted(spoiled(tmp_path, "options.yaml", "code: 'ENG-D247'", f"code: '{new}'"))
		(error,) = ran.json["findings"]
		assert new in error["message"]["en"]
		assert not ran.json["complete"]


def test_a_code_that_does_not_exist_is_counted_once_however_often_it_is_named(tmp_path: Path) -> None:
	ran = linted(spoiled(tmp_path, "prices.yaml", "'ENG-D247'", "'ENG-D299'", times=99))
	(error,) = ran.json["findings"]
	assert error["kind"] == "unknown_code"
	assert re.search(r"option 'ENG-D299' does not exist \(named in \d+ places\)", error["message"]["en"])
	assert re.search(r"共 \d+ 处", error["message"]["zh"])


def test_the_first_of_several_faults_is_told_in_chinese_with_their_number(tmp_path: Path) -> None:
	folder = spoiled(tmp_path, "options.yaml", "name_zh: ", "name_cn: ", times=3)
	ran = run("review", ORDERS, "--catalog", folder, "--lang", "zh")
	assert ran.status == 2
	assert re.search(
		r"options\.yaml,第 \d+ 行.*不认识的键 'name_cn'\(另有 \d+ 处问题\)；应为name_zh", ran.err
	), ran.err


def test_two_faults_of_one_record_are_both_named(tmp_path: Path) -> None:
	folder = spoiled(tmp_path, "options.yaml", "lead_days: 5}", "lead_day: 5, livery_file: true}")
	said = [each["message"]["en"] for each in linted(folder).json["findings"]]
	assert [word for word in ("lead_day", "livery_file") if any(f"'{word}'" in text for text in said)] == [
		"lead_day",
		"livery_file",
	]


def test_lint_without_a_date_takes_today(tmp_path: Path) -> None:
	folder = spoiled(tmp_path, "options.yaml", "lead_days: 5}", "lead_day: 5}")
	assert linted(folder).json["date"] == date.today().isoformat()


def test_the_keepers_own_keys_begin_with_x_and_are_kept(catalogue_data: dict[str, Any]) -> None:
	models = [{**model, "x_roof_mm": 3400} for model in catalogue_data["models"]["models"]]
	rules = [*catalogue_data["rules"]["rules"], {**_RULE, "then": "model.x_roof_mm < 4000"}]
	data = {
		**catalogue_data,
		"models": {**catalogue_data["models"], "models": models},
		"rules": {**catalogue_data["rules"], "rules": rules},
	}
	catalogue = Catalogue.from_data(data)
	assert catalogue.models["XQK6128H"].field("x_roof_mm") == 3400


_RULE = {
	**{"code": "R-X1", "type": "numeric", "severity": "error"},
	**{"msg_zh": "车顶过高", "msg_en": "The roof is too high"},
}


def test_what_lies_in_documents_is_what_files_may_say() -> None:
	"""The keys of files and the fields of DocTypes are one list written twice; neither may know more."""
	lists = {
		("models", "models"): catalogue_documents.MODEL,
		("prices", "price_books"): catalogue_documents.BOOK,
	}
	lists |= {(part, key): layout for part, key, layout in catalogue_documents.LISTS}
	for (part, key), layout in lists.items():
		shape = CATALOGUE_KEYS[part][key][0]
		paths = set(_paths(shape))
		held = set(_held(layout))
		if part == "models":
			held |= {("certification", "ccc_covered"), ("certification", "announcement_covered")}
			paths -= {("certification", "announcement", "valid_to")}
		if part == "prices":
			paths = {path for path in paths if path[0] not in ("base", "options")}
		assert paths == held, (part, key, paths ^ held)


def _paths(shape: Any, before: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
	if isinstance(shape, list):
		shape = shape[0]
	if shape is None:
		return [before]
	return [path for key, below in shape.items() for path in _paths(below, (*before, key))]


def _held(layout: Layout) -> list[tuple[str, ...]]:
	held = [field.path for field in layout.fields]
	for table in layout.tables:
		inner = (
			[(*table.path, *field.path) for field in table.fields]
			if isinstance(table, Rows)
			else [table.path]
		)
		held += inner if not isinstance(table, Pairs) else [table.path]
	return held


def test_the_roles_of_the_ladder_are_roles_of_the_app() -> None:
	assert set(APPROVER_ROLES) <= {name for name, _ in ROLES.values()}


# --- orders ------------------------------------------------------------------------------------------------


def test_picks_with_blanks_nobody_sees_are_trimmed(tmp_path: Path, orders: dict[str, Any]) -> None:
	picks = [f"\u3000{code}\u200b\u00a0" for code in orders["IO-01"]["picks"]]
	clean = review(written(tmp_path, [orders["IO-01"]]), "--format", "json").json
	blank = review(written(tmp_path, [merged(orders["IO-01"], {"picks": picks})]), "--format", "json").json
	assert blank["orders"][0]["findings"] == clean["orders"][0]["findings"]
	assert blank["orders"][0]["price"] == clean["orders"][0]["price"]


def test_a_full_width_comma_between_picks_is_named(tmp_path: Path, orders: dict[str, Any]) -> None:
	picks = ["，".join(orders["IO-01"]["picks"])]
	ran = review(written(tmp_path, [merged(orders["IO-01"], {"picks": picks})]))
	assert ran.status == 2
	assert "full-width comma (，) joins codes" in ran.err
	ran = run("review", written(tmp_path, [merged(orders["IO-01"], {"picks": picks})]), "--lang", "zh")
	assert "全角逗号“，”" in ran.err


@pytest.mark.parametrize(
	("changes", "said"),
	[
		({"payment_mode": "net30"}, "payment_mode is 'net30'"),
		({"customer_class": "VIP"}, "customer_class is 'VIP'"),
	],
)
def test_a_word_of_an_order_outside_its_list_is_refused(
	changes: dict[str, Any], said: str, tmp_path: Path, orders: dict[str, Any]
) -> None:
	ran = review(written(tmp_path, [merged(orders["IO-01"], changes)]))
	assert ran.status == 2
	assert said in ran.err


def test_the_unit_of_rounding_is_the_books(
	catalogue_data: dict[str, Any], orders: dict[str, Any], tmp_path: Path
) -> None:
	"""``rounding`` counts hundredths of the currency: 100 is whole yuan, 10000 whole hundreds, 1 is fen."""
	for rounding, review_price in ((100, 855_978), (10_000, 856_000), (1, 855_978)):
		data = {**catalogue_data, "prices": {**catalogue_data["prices"], "rounding": rounding}}
		folder = tmp_path / str(rounding)
		catalogue_folder.write(data, folder)
		ran = review(written(tmp_path, [orders["IO-01"]]), "--catalog", folder, "--format", "json")
		price = ran.json["orders"][0]["price"]
		assert price["review_price"] == review_price, rounding
		assert price["negotiated"] == 848_000
	odd = merged(orders["IO-01"], {"negotiated_unit": 848_000.126})
	ran = review(written(tmp_path, [odd]), "--catalog", tmp_path / "1", "--format", "json")
	assert ran.json["orders"][0]["price"]["negotiated"] == 848_000.13
