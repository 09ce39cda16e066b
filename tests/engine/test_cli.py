"""The order administrator reviews files of orders on the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from order_review.cli import working
from order_review.cli.width import cut, pad, width
from order_review.engine import Catalogue
from tests.engine.commanding import ORDERS, review, run, written
from tests.engine.samples import merged

SAMPLES = [f"IO-{number:02d}" for number in range(1, 13)]
NOT_FIGURES = ("findings", "configuration", "assemblies", "earliest_delivery")


@pytest.fixture(scope="module")
def printed() -> dict[str, Any]:
	"""The sample orders as ``review --format json`` prints them, by id."""
	return {order["id"]: order for order in run("review", ORDERS, "--format", "json").json["orders"]}


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_sample_order_is_printed_with_exactly_its_expected_values(
	sample: str, printed: dict[str, Any], orders: dict[str, dict[str, Any]]
) -> None:
	expected, found = orders[sample]["expected"], printed[sample]
	figures = {name: value for name, value in expected.items() if name not in NOT_FIGURES}
	assert {name: found["price"][name] for name in figures} == figures
	assert [{"code": one["code"], "ref": one["ref"]} for one in found["findings"]] == expected["findings"]
	assert found["verdict"] == ("error" if expected["findings"] else "clear")
	assert found["earliest_delivery"] == str(expected["earliest_delivery"])
	if "configuration" in expected:
		assert found["configuration"] == expected["configuration"]
		assert [line["assembly"] for line in found["production"]["lines"]] == expected["assemblies"]
		assert found["production"]["gaps"] == found["production"]["doubles"] == []


def test_amounts_are_json_numbers_and_the_catalogue_hash_is_given(catalogue: Catalogue) -> None:
	result = review(ORDERS, "--format", "json")
	assert result.json["catalog"] == {"hash": catalogue.hash}
	price = result.json["orders"][0]["price"]
	assert all(isinstance(price[name], int) for name in ("base_list", "review_price", "total"))
	assert '"deviation_pct": -0.93' in result.out


def test_a_file_with_faulty_orders_exits_1_and_one_without_exits_0(
	tmp_path: Path, orders: dict[str, Any]
) -> None:
	assert review(ORDERS).status == 1
	assert review(written(tmp_path, [orders["IO-01"], orders["IO-02"]])).status == 0


def test_advice_alone_does_not_count_as_error(tmp_path: Path, orders: dict[str, Any]) -> None:
	dear = merged(orders["IO-01"], {"negotiated_unit": 1_000_000})
	result = review(written(tmp_path, [dear]), "--format", "json")
	assert (result.status, result.json["orders"][0]["verdict"]) == (0, "advice")


def test_two_runs_in_fresh_processes_and_with_two_jobs_print_the_same_bytes() -> None:
	command = [
		sys.executable,
		"-c",
		"import sys; from order_review.cli import main, working; working.FEWEST = working.CHUNK = 2; sys.exit(main())",
		"review",
	]
	outputs = set()
	for seed, jobs in (("1", "1"), ("2", "1"), ("3", "2")):
		environment = {**os.environ, "PYTHONHASHSEED": seed}
		arguments = [*command, str(ORDERS), "--format", "json", "--jobs", jobs]
		done = subprocess.run(arguments, env=environment, capture_output=True, check=False)
		assert done.returncode == 1, done.stderr.decode()
		outputs.add(done.stdout)
	assert len(outputs) == 1


def test_the_command_line_never_imports_frappe() -> None:
	code = (
		"import sys; sys.modules['frappe'] = None\n"
		"from order_review.cli import main\n"
		f"status = main(['review', {str(ORDERS)!r}, '--format', 'html', '--lang', 'zh'])\n"
		"sys.exit(0 if status == 1 else 9)"
	)
	done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
	assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
	("lang", "words"),
	[
		("en", ("Review price", "855,978", "825,200", "L1 Market Department Manager", "12 orders reviewed: 6 clear", "Rear toilet allows at most 47 seats")),
		("zh", ("评审价", "855,978", "825,200", "L1 市场部经理", "已评审 12 张订单:6 通过", "后部卫生间座位数不超过47")),
	],
)  # fmt: skip
def test_the_table_speaks_the_chosen_language(lang: str, words: tuple[str, ...]) -> None:
	result = run("review", ORDERS, "--lang", lang)
	assert [word for word in words if word not in result.out] == []
	assert "─" in result.out
	assert max(width(line) for line in result.out.splitlines()) <= 100


def test_the_table_offers_repairs_for_an_order_that_cannot_be_built() -> None:
	result = run("review", ORDERS, "--lang", "en")
	assert "repair 1: " in result.out.partition("── IO-07")[2].partition("── IO-08")[0]


def test_brief_prints_one_line_per_order() -> None:
	lines = review(ORDERS, "--brief").out.splitlines()
	assert len(lines) == 1 + 12 + 1
	assert "PRICE_MISMATCH ENG-D199" in next(line for line in lines if line.startswith("IO-08"))


def test_chinese_columns_line_up() -> None:
	assert [width(pad(text, 12)) for text in ("评审价", "Review", "评审价R", "很长很长的一个中文名称")] == [
		12
	] * 4
	assert cut("评审价格表", 5) == "评审…"


def test_several_files_of_different_kinds_are_one_batch(tmp_path: Path, orders: dict[str, Any]) -> None:
	first = written(tmp_path, {"orders": [orders["IO-01"]]})
	second = written(tmp_path, orders["IO-02"], "one.json")
	result = review(first, second, "--format", "json", "--jobs", 2)
	assert [order["id"] for order in result.json["orders"]] == ["IO-01", "IO-02"]


def test_yaml_and_json_of_the_same_order_give_the_same_review(tmp_path: Path, orders: dict[str, Any]) -> None:
	texts = [
		review(written(tmp_path, [orders["IO-06"]], name), "--format", "json").out
		for name in ("a.yaml", "a.json")
	]
	assert texts[0] == texts[1]
	assert "SPC-2026-0031" in texts[0]


def test_a_batch_goes_on_with_the_readable_orders_and_names_the_others(
	tmp_path: Path, orders: dict[str, Any]
) -> None:
	broken = tmp_path / "broken.yaml"
	broken.write_text("orders:\n- id: [\n", encoding="utf-8")
	batch = [orders["IO-01"], merged(orders["IO-02"], {"qty": 0}), orders["IO-08"]]
	result = review(broken, written(tmp_path, batch), tmp_path / "missing.json", "--format", "json")
	assert result.status == 2
	assert [order["id"] for order in result.json["orders"]] == ["IO-01", "IO-08"]
	assert "2 orders reviewed: 1 clear, 0 with advice, 1 with errors; 3 could not be read" in result.err
	assert result.err.count("Not read:") == 3
	assert "broken.yaml, line 3" in result.err
	assert "IO-02" in result.err
	assert "missing.json" in result.err


def test_the_same_batch_with_failures_says_the_same_whatever_the_number_of_jobs(
	tmp_path: Path, orders: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr(working, "FEWEST", 1)
	monkeypatch.setattr(working, "CHUNK", 3)
	batch = [merged(orders["IO-01"], {"id": f"V-{n}", "qty": n % 7}) for n in range(40)]
	file = written(tmp_path, batch)
	assert review(file, "--jobs", 1) == review(file, "--jobs", 3)


def test_processes_are_started_only_where_they_help(monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2, 3}, raising=False)
	assert [working.processes(8, orders) for orders in (1, working.FEWEST, 3 * working.FEWEST, 10**6)] == [
		1,
		1,
		3,
		4,
	]
	assert working.processes(1, 10**6) == 1


def test_sheets_and_json_go_into_the_folder_given(tmp_path: Path) -> None:
	assert review(ORDERS, "--format", "html", "--out", tmp_path / "made").status == 1
	assert review(ORDERS, "--format", "json", "--out", tmp_path / "made").status == 1
	names = sorted(path.name for path in (tmp_path / "made").iterdir())
	assert names == sorted([*(f"{sample}.en.html" for sample in SAMPLES), "reviews.json"])
	assert (tmp_path / "made" / "reviews.json").read_text("utf-8") == review(ORDERS, "--format", "json").out


def test_an_order_id_cannot_lead_out_of_the_folder(tmp_path: Path, orders: dict[str, Any]) -> None:
	batch = [merged(orders["IO-01"], {"id": name}) for name in ("../../evil", "a/b", "评审 1", "..")]
	assert review(written(tmp_path, batch), "--format", "html", "--out", tmp_path / "out").status == 0
	assert len(list((tmp_path / "out").iterdir())) == 4
	assert not list(tmp_path.parent.glob("evil*"))


def test_pdf_without_a_folder_is_a_usage_error() -> None:
	result = review(ORDERS, "--format", "pdf")
	assert result.status == 2
	assert "--out DIR" in result.err


def test_translate_prints_the_expected_assemblies(orders: dict[str, Any]) -> None:
	made = {
		order["id"]: order["production"]
		for order in run("translate", ORDERS, "--format", "json").json["orders"]
	}
	for sample in SAMPLES[:6]:
		assert [line["assembly"] for line in made[sample]["lines"]] == orders[sample]["expected"][
			"assemblies"
		]


def test_translate_exits_1_where_a_slot_stays_empty(tmp_path: Path, orders: dict[str, Any]) -> None:
	whole = run("translate", written(tmp_path, [orders["IO-01"]]), "--lang", "en")
	gap = run("translate", written(tmp_path, [orders["IO-07"]]), "--lang", "en")
	assert (whole.status, gap.status) == (0, 1)
	assert "slots left empty: RAIL" in gap.out


def test_diff_tells_options_price_and_assemblies_that_changed(tmp_path: Path, orders: dict[str, Any]) -> None:
	picks = ["ENG-D265" if code == "ENG-D247" else code for code in orders["IO-01"]["picks"]]
	old = written(tmp_path, [orders["IO-01"]], "old.yaml")
	new = written(tmp_path, [merged(orders["IO-01"], {"picks": [*picks, "AVS-K"], "qty": 12})], "new.json")
	result = run("diff", old, new, "--format", "json")
	(change,) = result.json["orders"]
	assert change["configuration"] == [
		{"family": "ENG", "from": "ENG-D247", "to": "ENG-D265", "price_delta": 15000},
		{"family": "AVS", "from": None, "to": "AVS-K", "price_delta": 2800},
	]
	assert {"field": "qty", "from": 10, "to": 12} in change["fields"]
	figures = {
		row["figure"]: row["to"] - row["from"]
		for row in change["figures"]
		if row["figure"] != "approval_level"
	}
	assert figures["options_list"] == 17_800
	assert any("1000010-C12-D265" in line for line in change["assemblies"]["new"])
	assert result.status == 0


def test_diff_of_a_file_with_itself_is_empty() -> None:
	result = run("diff", ORDERS, ORDERS, "--lang", "en")
	assert result.out == "0 changed, 12 the same, 0 only in NEW, 0 only in OLD\n"
	assert result.status == 1  # some of the orders have errors, compared or not


def test_the_deviation_is_printed_to_two_decimals() -> None:
	for order in review(ORDERS, "--format", "json").json["orders"]:
		deviation = Decimal(str(order["price"]["deviation_pct"]))
		assert deviation == deviation.quantize(Decimal("0.01"))
