"""Pairs of features, the number of configurations and repairs, against enumeration and on the command line."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_review.cli import main
from order_review.engine.feature_models.counting import count
from order_review.engine.feature_models.pairs import partners
from order_review.engine.solver.session import Session
from tests.engine.random_problems import enumerated, of_many_clauses, random_problem

BUS = """features
	Bus
		mandatory
			Engine
				alternative
					Diesel
					Gas
					Electric
		optional
			Retarder
			Battery
constraints
	Electric <=> Battery
	Retarder => Diesel
"""


@given(st.integers(0, 2**48))
def test_the_number_of_configurations_is_what_enumeration_counts(seed: int) -> None:
	chance = random.Random(seed)
	problem = chance.choice((random_problem, of_many_clauses))(chance)
	assert count(problem) == len(enumerated(problem))


@given(st.integers(0, 2**48))
def test_pairs_are_what_enumeration_finds(seed: int) -> None:
	problem = random_problem(random.Random(seed))
	solutions = enumerated(problem)
	found = {each.feature: each for each in partners(Session(problem))}
	columns = list(zip(*solutions, strict=True))
	free = [v for v, column in enumerate(columns, 1) if any(column) and not all(column)]
	assert sorted(found) == free
	for one in free:
		others = [v for v in free if v != one]
		with_one = [bits for bits in solutions if bits[one - 1]]
		assert found[one].never == tuple(v for v in others if not any(bits[v - 1] for bits in with_one))
		assert found[one].forces == tuple(v for v in others if all(bits[v - 1] for bits in with_one))


@pytest.fixture
def bus(tmp_path: Path) -> str:
	"""A feature model with six configurations."""
	file = tmp_path / "bus.uvl"
	file.write_text(BUS, "utf-8")
	return str(file)


def answer_of(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> dict[str, Any]:
	assert main([*words, "--format", "json"]) == status
	found: dict[str, Any] = json.loads(capsys.readouterr().out)
	return found


def test_lint_counts_and_pairs_on_request(capsys: pytest.CaptureFixture[str], bus: str) -> None:
	assert "configurations" not in answer_of(capsys, "lint", "--uvl", bus)
	answer = answer_of(capsys, "lint", "--uvl", bus, "--count", "--pairs")
	assert answer["configurations"] == 4
	assert answer["pairs"]["never"][0] == ["Diesel", "Gas"]
	assert ["Electric", "Retarder"] in answer["pairs"]["never"]
	assert answer["pairs"]["forces"] == [
		["Electric", "Battery"],
		["Retarder", "Diesel"],
		["Battery", "Electric"],
	]
	assert answer["pairs"]["never_together"] == len(answer["pairs"]["never"])
	assert main(["lint", "--uvl", bus, "--count", "--pairs", "--lang", "en"]) == 0
	shown = capsys.readouterr().out
	assert "4 configurations" in shown
	assert "Retarder forces Diesel" in shown
	assert "Diesel never with Gas" in shown


def test_explain_repairs_picks_of_a_feature_model(
	capsys: pytest.CaptureFixture[str], bus: str, tmp_path: Path
) -> None:
	picks = ["--pick", "Retarder", "--pick", "Electric", "--pick", "!Gas"]
	answer = answer_of(capsys, "explain", "--uvl", bus, *picks, status=1)
	assert answer["valid"] is False
	assert {"option": "Retarder"} in answer["conflict"]
	assert answer["repair"] == ["Electric"]
	listed = tmp_path / "order.txt"
	listed.write_text("# a whole order\nRetarder\nElectric\n!Gas\n", "utf-8")
	assert answer_of(capsys, "explain", str(listed), "--uvl", bus, status=1) == answer
	assert main(["explain", "--uvl", bus, *picks, "--lang", "en"]) == 1
	assert "Smallest repair: give up Electric" in capsys.readouterr().out
	assert answer_of(capsys, "explain", "--uvl", bus, "--pick", "Retarder")["repair"] == []


def test_explain_says_why_a_feature_is_forced(capsys: pytest.CaptureFixture[str], bus: str) -> None:
	answer = answer_of(capsys, "explain", "--uvl", bus, "--pick", "Retarder", "--option", "Diesel")
	assert answer["state"] == "forced"
	assert answer["reason"] == {"rules": ["line 14: Retarder => Diesel"], "options": ["Retarder"]}


def test_an_unknown_pick_in_a_file_is_named_with_its_line(
	capsys: pytest.CaptureFixture[str], bus: str, tmp_path: Path
) -> None:
	listed = tmp_path / "order.txt"
	listed.write_text("Retarder\n\nSteam\n", "utf-8")
	assert main(["explain", str(listed), "--uvl", bus, "--lang", "en"]) == 2
	assert "order.txt, line 3" in capsys.readouterr().err


def test_counting_refuses_what_it_cannot_count_exactly(
	capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
	features = "".join(f"\t\t\tF{n}\n" for n in range(8))
	file = tmp_path / "some.uvl"
	file.write_text(f"features\n\tBus\n\t\t[3..5]\n{features}", "utf-8")
	assert main(["lint", "--uvl", str(file), "--count", "--lang", "en"]) == 2
	assert "helper" in capsys.readouterr().err
