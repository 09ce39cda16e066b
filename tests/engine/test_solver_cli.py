"""`options`, `explain` and `lint` on the command line: shapes, exit status, and what bad input says."""

from __future__ import annotations

import json
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from order_review.cli import main
from tests.engine.samples import DATA

ASKED = ["--model", "XQK6128H", "--grade", "G1", "--use", "tourism", "--date", "2026-11-23", "--lang", "en"]
TREE = "features\n\tBus\n\t\tmandatory\n\t\t\tEngine\n\t\t\t\talternative\n\t\t\t\t\tDiesel\n\t\t\t\t\tElectric\n"


def answer_of(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> dict[str, Any]:
	assert main([*words, "--format", "json"]) == status
	found: dict[str, Any] = json.loads(capsys.readouterr().out)
	return found


def refusal(capsys: pytest.CaptureFixture[str], *words: str) -> str:
	assert main(list(words)) == 2
	return capsys.readouterr().err


def test_options_prints_every_family_with_states_and_the_completion(
	capsys: pytest.CaptureFixture[str],
) -> None:
	answer = answer_of(capsys, "options", *ASKED, "--pick", "TRN-AT6")
	assert set(answer) == {"model", "valid", "families", "conflict", "completion"}
	first = answer["families"][0]
	assert first["family"] == "ENG"
	assert set(first["options"][0]) == {"option", "state", "price", "reason"}
	assert set(answer["completion"]) == {"configuration", "list_price"}


def test_options_that_conflict_exit_with_one(capsys: pytest.CaptureFixture[str]) -> None:
	picks = ["--pick", "TRN-AT6", "--pick", "RET-H"]
	answer = answer_of(capsys, "options", *ASKED, *picks, status=1)
	assert answer["conflict"] == [{"rule": "R-P02"}, {"option": "TRN-AT6"}, {"option": "RET-H"}]
	assert main(["options", *ASKED, *picks]) == 1
	assert "Conflict: Choosing 6-speed automatic" in capsys.readouterr().out


@pytest.mark.parametrize(
	("words", "message"),
	[
		(["--date", "2026-13-01"], "is not a date"),
		(["--model", "XQK9"], "not in the catalogue"),
		(["--grade", "G9"], "one of NA, PT"),
		(["--use", "moon"], "one of intercity"),
		(["--qty", "0"], "from 1 to"),
		(["--dest-stage", "five"], "is not a number"),
	],
)
def test_options_refuses_what_it_cannot_understand(
	capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
	assert message in refusal(capsys, "options", *ASKED, *words)


def test_explain_tells_why_not_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
	assert main(["explain", *ASKED, "--pick", "TRN-AT6", "--option", "RET-H"]) == 1
	assert capsys.readouterr().out.startswith("Hydrodynamic retarder (RET-H) cannot be chosen because")
	assert main(["explain", *ASKED, "--option", "WHL-A"]) == 0


def test_explain_of_an_order_lists_repairs_by_price(capsys: pytest.CaptureFixture[str]) -> None:
	orders = str(DATA / "orders.yaml")
	answer = answer_of(
		capsys, "explain", orders, "--order", "IO-07", "--by", "price", "--count", "5", status=1
	)
	order = answer["orders"][0]
	deltas = [abs(repair["price_delta"]) for repair in order["repairs"]]
	assert order["id"] == "IO-07"
	assert len(deltas) == 5
	assert deltas == sorted(deltas)
	assert order["proven"] is True


def test_lint_of_the_sample_catalogue_exits_with_zero(capsys: pytest.CaptureFixture[str]) -> None:
	answer = answer_of(capsys, "lint", "--date", "2026-11-23")
	assert answer["errors"] == 0
	assert {each["kind"] for each in answer["findings"]} <= {"dead_option", "forced_option", "redundant_rule"}


def test_lint_of_a_catalogue_with_faults_names_them_and_exits_with_one(
	capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
	shutil.copytree(DATA, tmp_path / "catalogue")
	rules = tmp_path / "catalogue" / "rules.yaml"
	rules.write_text(rules.read_text("utf-8").replace('then: "RET-AT"', 'then: "RET-ATX &"'), "utf-8")
	words = ("lint", "--date", "2026-11-23", "--catalog", str(tmp_path / "catalogue"))
	answer = answer_of(capsys, *words, status=1)
	found = next(each for each in answer["findings"] if each["severity"] == "error")
	assert (found["kind"], found["ref"]) == ("rule_does_not_parse", "R-P02")


def test_a_feature_model_can_be_asked_in_place_of_the_catalogue(
	capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
	file = tmp_path / "bus.uvl"
	file.write_text(TREE + "constraints\n\t!Electric\n", "utf-8")
	answer = answer_of(capsys, "options", "--uvl", str(file))
	states = {each["option"]: each["state"] for f in answer["families"] for each in f["options"]}
	assert states == {"Engine": "forced", "Diesel": "forced", "Electric": "excluded"}
	clash = answer_of(capsys, "options", "--uvl", str(file), "--pick", "Electric", status=1)
	assert clash["conflict"] == [{"rule": "line 9: !Electric"}, {"option": "Electric"}]
	linted = answer_of(capsys, "lint", "--uvl", str(file))
	assert (linted["dead"], linted["forced"]) == (["Electric"], ["Bus", "Diesel", "Engine"])


def test_bad_feature_models_are_refused_in_one_sentence(
	capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
	lying = tmp_path / "lying.dimacs"
	lying.write_text("p cnf 2 5\n1 2 0\n", "utf-8")
	assert "header announces 5" in refusal(capsys, "lint", "--dimacs", str(lying), "--lang", "en")
	typed = tmp_path / "typed.uvl"
	typed.write_text("features\n\tInteger Speed\n", "utf-8")
	assert "line 2" in refusal(capsys, "options", "--uvl", str(typed), "--lang", "en")
	binary = tmp_path / "binary.uvl"
	binary.write_bytes(b"features\n\t\xff\xfe\n")
	assert "UTF-8" in refusal(capsys, "options", "--uvl", str(binary), "--lang", "en")
	assert "no such file" in refusal(capsys, "lint", "--uvl", str(tmp_path / "none.uvl"), "--lang", "en")
	good = tmp_path / "good.uvl"
	good.write_text(TREE, "utf-8")
	assert "does not exist" in refusal(capsys, "options", "--uvl", str(good), "--pick", "Gas", "--lang", "en")


def test_a_search_that_takes_too_long_ends_at_the_timeout(
	capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
	holes = 11
	at = [[pigeon * holes + hole + 1 for hole in range(holes)] for pigeon in range(holes + 1)]
	clauses = [" ".join(map(str, places)) for places in at]
	for hole in range(holes):
		pairs = [(one, other) for one in range(holes + 1) for other in range(one)]
		clauses += [f"-{at[one][hole]} -{at[other][hole]}" for one, other in pairs]
	file = tmp_path / "pigeons.dimacs"
	body = "".join(f"{clause} 0\n" for clause in clauses)
	file.write_text(f"p cnf {(holes + 1) * holes} {len(clauses)}\n{body}", "utf-8")
	text = refusal(capsys, "lint", "--dimacs", str(file), "--timeout", "0.5", "--lang", "en")
	assert "no answer after 0.5 seconds" in text


def test_a_long_proof_is_folded_in_text_and_whole_in_json(
	capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
	names = [f"F{number}" for number in range(16)]
	lines = [
		"features",
		"\tBus",
		"\t\tmandatory",
		"\t\t\tF0",
		"\t\toptional",
		*(f"\t\t\t{n}" for n in names[1:]),
	]
	lines += ["constraints", *(f"\t{one} => {other}" for one, other in pairwise(names)), "\t!F15"]
	file = tmp_path / "chain.uvl"
	file.write_text("\n".join(lines), "utf-8")
	assert len(answer_of(capsys, "lint", "--uvl", str(file), status=1)["conflict"]) == 18
	for words, folded in (((), True), (("--all",), False)):
		for command in ("lint", "options"):
			assert main([command, "--uvl", str(file), "--lang", "en", *words]) == 1
			shown = capsys.readouterr().out
			assert ("and 8 more: --all" in shown) is folded
			assert ("!F15" in shown) is not folded
