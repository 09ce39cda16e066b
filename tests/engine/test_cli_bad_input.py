"""What cannot be read is named: file, order, key and line or cell, what was found and what is expected."""

from __future__ import annotations

import json
import random
import re
import time
from pathlib import Path
from typing import Any

import pytest

from order_review.adapters import order_files
from order_review.engine import BadInput
from tests.engine.commanding import ORDERS, Ran, review, run, written
from tests.engine.samples import DATA, merged


def refused(result: Ran, *words: str) -> None:
	"""Exit 2, one line on stderr with all the words, no traceback."""
	assert result.status == 2, result
	assert "Traceback" not in result.err
	(line,) = [line for line in result.err.splitlines() if line.startswith("Not read:")]
	assert [word for word in words if word not in line] == [], line


@pytest.mark.parametrize(
	("changes", "words"),
	[
		({"model": "XQK9999"}, ("model", "'XQK9999' is not in the catalogue", "expected one of XQK6808H")),
		({"model": 6128}, ("model", "6128", "expected text")),
		({"qty": 0}, ("qty is 0", "whole number from 1 to 9999")),
		({"qty": -3}, ("qty is -3", "whole number from 1 to 9999")),
		({"qty": 1_000_000}, ("qty is 1000000", "from 1 to 9999")),
		({"qty": "ten"}, ("qty is 'ten'", "whole number")),
		({"qty": 2.5}, ("qty is 2.5", "whole number")),
		({"qty": True}, ("qty is True", "whole number")),
		({"order_date": "next week"}, ("order_date", "'next week' is not a date", "such as 2026-11-16")),
		({"order_date": "2026-02-30"}, ("order_date", "'2026-02-30' is not a date")),
		({"order_date": "2026/11/16"}, ("'2026/11/16' is not a date",)),
		({"negotiated_unit": "848k"}, ("negotiated_unit", "'848k' is not a number")),
		({"negotiated_unit": -1}, ("negotiated_unit is -1", "a number from 0")),
		({"negotiated_unit": 10**15}, ("negotiated_unit is 1000000000000000", "a number from 0")),
		({"deposit_pct": 140}, ("deposit_pct is 140", "from 0 to 100")),
		({"grade": "G9"}, ("grade is 'G9'", "one of NA, PT, ZJ, G1, G2, G3")),
		({"use": "moon"}, ("use is 'moon'", "one of intercity")),
		({"order_type": "Gift"}, ("order_type is 'Gift'", "one of Direct")),
		({"price_book": "PB-2030"}, ("price book 'PB-2030' is not in the catalogue",)),
		({"policies": ["POL-NONE"]}, ("policies", "policy 'POL-NONE' is not in the catalogue")),
		({"picks": "ENG-D247"}, ("picks", "expected a list")),
		({"picks": [7]}, ("picks", "7", "expected text")),
		({"services": [3800]}, ("services", "expected a mapping")),
		({"services": {"freight": "free"}}, ("services.freight", "'free' is not a number")),
		({"currency": "USD"}, ("fx is missing for an order in USD",)),
		({"fx": 50}, ("fx is 50 for an order in CNY", "expected 1")),
		({"specials": [{"unit_price": 5}]}, ("specials", "request_no is missing")),
		({"id": None}, ("id is missing",)),
	],
)  # fmt: skip
@pytest.mark.parametrize("name", ["orders.yaml", "orders.json"])
def test_a_wrong_value_names_file_order_key_and_line(
	name: str, changes: dict[str, Any], words: tuple[str, ...], tmp_path: Path, orders: dict[str, Any]
) -> None:
	file = written(tmp_path, [orders["IO-02"], merged(orders["IO-01"], changes)], name)
	result = review(file, "--format", "json")
	refused(result, str(file), ", line ", *words)
	assert [order["id"] for order in result.json["orders"]] == ["IO-02"]


@pytest.mark.parametrize("name", ["orders.yaml", "orders.json"])
def test_the_line_named_is_the_line_of_the_value(name: str, tmp_path: Path, orders: dict[str, Any]) -> None:
	file = written(tmp_path, {"orders": [orders["IO-02"], merged(orders["IO-01"], {"qty": -3})]}, name)
	lines = file.read_text("utf-8").splitlines()
	number = next(number for number, line in enumerate(lines, 1) if "-3" in line and "qty" in line)
	refused(review(file), f"line {number},", "IO-01")


def test_the_message_is_also_said_in_chinese(tmp_path: Path, orders: dict[str, Any]) -> None:
	batch = [merged(orders["IO-01"], {"qty": 0}), merged(orders["IO-02"], {"model": "XQK1"})]
	result = run("review", written(tmp_path, batch), "--lang", "zh", "--no-explain")
	assert "第 " in result.err
	assert "1 至 9999 的整数" in result.err
	assert "目录中没有车型 'XQK1'" in result.err
	assert "2 处无法读取" in result.out


def test_an_unknown_option_is_a_finding_not_bad_input(tmp_path: Path, orders: dict[str, Any]) -> None:
	file = written(tmp_path, [merged(orders["IO-01"], {"picks": ["ENG-XXX", "BAT-L310"]})])
	result = review(file, "--format", "json")
	found = {(one["code"], one["ref"]) for one in result.json["orders"][0]["findings"]}
	assert result.status == 1
	assert {("CFG_NOT_OFFERED", "ENG-XXX"), ("CFG_NOT_OFFERED", "BAT-L310")} <= found


def test_an_order_for_an_inactive_model_is_refused(tmp_path: Path, orders: dict[str, Any]) -> None:
	folder = tmp_path / "catalogue"
	folder.mkdir()
	for file in DATA.glob("*.yaml"):
		(folder / file.name).write_bytes(file.read_bytes())
	models = (folder / "models.yaml").read_text("utf-8")
	(folder / "models.yaml").write_text(
		models.replace("- code: XQK6756X\n", "- code: XQK6756X\n  status: phased_out\n"), "utf-8"
	)
	result = review(ORDERS, "--catalog", folder, "--format", "json")
	refused(result, "IO-03", "model XQK6756X is not active", ", line ")
	assert len(result.json["orders"]) == 11


def test_an_id_used_twice_is_named_with_both_places(tmp_path: Path, orders: dict[str, Any]) -> None:
	first, second = (
		written(tmp_path, [orders["IO-01"]], "a.yaml"),
		written(tmp_path, [orders["IO-01"]], "b.yaml"),
	)
	refused(review(first, second), "b.yaml", "IO-01 was used before", "a.yaml, line 1", "each id once")


def test_a_misspelt_key_is_pointed_out(tmp_path: Path, orders: dict[str, Any]) -> None:
	result = review(written(tmp_path, [merged(orders["IO-01"], {"polices": ["POL-26-CASH"]})]))
	assert result.status == 0
	assert "the key 'polices' is not known and is ignored; did you mean 'policies'?" in result.err


def test_a_misspelt_key_inside_an_order_is_pointed_out(tmp_path: Path, orders: dict[str, Any]) -> None:
	special = {"request_no": "SPC-1", "unit_price": 5000, "floor_prise": 4000}
	result = review(written(tmp_path, [merged(orders["IO-01"], {"specials": [special]})]))
	assert "the key 'floor_prise' is not known and is ignored; did you mean 'floor_price'?" in result.err


def test_a_number_split_by_a_comma_is_refused(tmp_path: Path, orders: dict[str, Any]) -> None:
	path = written(tmp_path, [orders["IO-01"]])
	text = path.read_text("utf-8")
	path.write_text(_flow(text), "utf-8")
	refused(review(path), "the comma in 'freight: 3,800' splits the number", "line ")


def _flow(text: str) -> str:
	"""The services as a flow mapping, with a thousands separator."""
	changed, times = re.subn(r"services:\n +freight: 3800\n", "services: {freight: 3,800}\n", text)
	assert times == 1
	return changed


@pytest.mark.parametrize(
	("text", "words"),
	[
		("orders:\n- id: [1, 2\n  model: x\n", ("line 3", "broken YAML", "expected a YAML document")),
		("orders:\n\t- id: a\n", ("line 2", "broken YAML")),
		("a: b: c", ("line 1", "broken YAML")),
		("orders:\n- {id: a, qty: 1, qty: 2}\n", ("line 2", "the key 'qty' occurs twice")),
		("orders:\n- id: a\n  fx: .nan\n", ("line 3", ".nan is not a number")),
		("orders:\n- id: a\n  fx: -.inf\n", ("line 3", "-.inf is not a number")),
		("orders:\n- id: a\n  qty: 1" + "0" * 500 + "\n", ("line 3", "too large")),
		("orders:\n- !!python/object/apply:os.system ['true']\n", ("line 2", "the tag", "plain values")),
		("orders:\n- &a {id: x}\n- {<<: *a}\n", ("line 3", "merge key")),
		("orders:\n- {? [a, b] : c}\n", ("line 2", "a key is a list or mapping")),
		("--- {id: a}\n--- {id: b}\n", ("line 2", "a second document")),
		("orders:\n- &a [*a]\n", ("line 2", "alias")),
		("hello", ("holds no orders", "a list of orders")),
		("orders: 5", ("`orders` is not a list",)),
		("orders: []", ("the list of orders is empty",)),
		("orders: [{id: a}]\nversion: 2", ("unknown key 'version'",)),
		("- 7\n- null", ()),
		("id: \x01x", ("control character",)),
		("[" * 3000, ("nested deeper than 24",)),
	],
)  # fmt: skip
def test_broken_yaml_is_named_with_its_line(text: str, words: tuple[str, ...], tmp_path: Path) -> None:
	file = tmp_path / "orders.yaml"
	file.write_text(text, encoding="utf-8")
	result = review(file)
	assert result.status == 2
	assert "Traceback" not in result.err
	assert "Not read: " + str(file) in result.err
	assert [word for word in words if word not in result.err] == [], result.err


@pytest.mark.parametrize(
	("text", "words"),
	[
		('{"orders": [\n{"id": "a",}]}', ("line 2", "broken JSON at column 1")),
		('[{"id": "a",\n"fx": NaN}]', ("line 2", "NaN is not a number")),
		('[{"id": "a",\n"fx": -Infinity}]', ("line 2", "-Infinity")),
		('[{"id": "a",\n"fx": 1e999}]', ("line 2", "too large")),
		('[{"id": "a",\n"qty": 1' + "0" * 5000 + "}]", ("line 2", "too large")),
		('[{"id": "a",\n"id": "b"}]', ("line 2", "the key 'id' occurs twice")),
		("[" * 100_000, ("nested deeper",)),
		("[" * 40 + "]" * 40, ("nested deeper than 24",)),
		('"hello"', ("holds no orders",)),
	],
)  # fmt: skip
def test_broken_json_is_named_with_its_line(text: str, words: tuple[str, ...], tmp_path: Path) -> None:
	file = tmp_path / "orders.json"
	file.write_text(text, encoding="utf-8")
	refused(review(file), str(file), *words)


def test_nested_aliases_do_not_unfold(tmp_path: Path) -> None:
	levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
	levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 20)]
	file = tmp_path / "orders.yaml"
	file.write_text("\n".join(levels), encoding="utf-8")
	started = time.monotonic()
	refused(review(file), "unfolds to more than 3,000,000 values", "no nested aliases")
	assert time.monotonic() - started < 5


@pytest.mark.parametrize("name", ["big.yaml", "big.json", "big.xlsx"])
def test_a_file_of_100_mb_is_refused_at_once_with_the_limit(name: str, tmp_path: Path) -> None:
	with (tmp_path / name).open("wb") as stream:
		stream.truncate(100 * 1024 * 1024)
	started = time.monotonic()
	limit = "5 MB" if name.endswith("xlsx") else "32 MB"
	refused(review(tmp_path / name), name, f"100.0 MB; the limit is {limit}", "at most")
	assert time.monotonic() - started < 5


def test_a_file_that_is_not_utf_8_is_named_with_its_line(tmp_path: Path) -> None:
	(tmp_path / "gbk.yaml").write_bytes("id: a\ndealer: 华东星桥\n".encode("gbk"))
	refused(review(tmp_path / "gbk.yaml"), "line 2", "is not UTF-8 text", "saved as UTF-8")


def test_a_byte_order_mark_does_no_harm(tmp_path: Path, orders: dict[str, Any]) -> None:
	file = written(tmp_path, [orders["IO-01"]], "bom.json")
	file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
	assert review(file).status == 0


def test_what_is_no_order_file_is_refused(tmp_path: Path) -> None:
	(tmp_path / "empty.yaml").write_text("\n", encoding="utf-8")
	(tmp_path / "letter.docx").write_text("dear", encoding="utf-8")
	refused(review(tmp_path / "empty.yaml"), "empty.yaml", "the file is empty", "at least one order")
	refused(review(tmp_path / "letter.docx"), "file type '.docx' is not known", ".xlsx")
	refused(review(tmp_path / "none.yaml"), "none.yaml", "there is no such file", "an order file")
	(tmp_path / "folder.yaml").mkdir()
	refused(review(tmp_path / "folder.yaml"), "folder.yaml", "this is a folder")
	refused(review("/dev/zero"), "file type")


def test_a_catalogue_that_cannot_be_read_is_named(tmp_path: Path) -> None:
	refused(review(ORDERS, "--catalog", tmp_path / "none"), "none", "there is no such folder")
	for file in DATA.glob("*.yaml"):
		(tmp_path / file.name).write_bytes(file.read_bytes())
	text = (tmp_path / "options.yaml").read_text("utf-8")
	(tmp_path / "options.yaml").write_text(text.replace("code: 'ENG-D247'", "code: 'eng'", 1), "utf-8")
	refused(review(ORDERS, "--catalog", tmp_path), "options.yaml, line ", "'eng'")


def test_numbers_and_words_are_taken_as_they_are_written() -> None:
	text = b"id: a\nmodel: 010\nuse: no\nqty: 1:30\nfx: 7.10\nlisted: 2026-11-16\npicks: [on, 'true', true, 1e3]\n"
	(entry,) = order_files.read_text(text, "x.yaml", as_json=False).entries
	assert entry.data["model"] == "010"
	assert entry.data["use"] == "no"
	assert entry.data["qty"] == "1:30"
	assert entry.data["fx"] == 7.1
	assert entry.data["listed"].isoformat() == "2026-11-16"
	assert entry.data["picks"] == ["on", "true", True, 1000.0]


def test_random_damage_to_an_order_file_never_ends_in_a_traceback(tmp_path: Path) -> None:
	content = ORDERS.read_bytes()[:20_000]
	as_json = json.dumps(
		{"orders": [entry.data for entry in order_files.read(ORDERS).entries]}, default=str
	).encode()
	chance = random.Random(7)
	messages = [
		_message(_damaged(content if number % 2 else as_json, chance), number % 2 == 0)
		for number in range(300)
	]
	named = [message for message in messages if message]
	assert len(named) > 50
	assert [
		message for message in named if not message.startswith("damaged") or "; expected " not in message
	] == []


def _damaged(content: bytes, chance: random.Random) -> bytes:
	source = bytearray(content[:15_000])
	for _ in range(chance.randint(1, 8)):
		source[chance.randrange(len(source))] = chance.randrange(256)
	return bytes(source)


def _message(content: bytes, as_json: bool) -> str:
	try:
		order_files.read_text(content, "damaged", as_json=as_json)
	except BadInput as error:
		return str(error)
	return ""
