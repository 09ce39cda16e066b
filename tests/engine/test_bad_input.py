"""Bad orders and bad catalogues: each refused with the place and what is expected there."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from order_review.adapters import catalogue_folder
from order_review.engine import BadInput, Catalogue, Order, catalogue_hash
from order_review.engine.catalogue import build
from tests.engine.samples import DATA, merged


@pytest.mark.parametrize(
	("changes", "key", "message"),
	[
		({"model": "XQK9999"}, "model", "not in the catalogue"),
		({"qty": 0}, "qty", "qty is 0"),
		({"qty": -3}, "qty", "qty is -3"),
		({"qty": 2.5}, "qty", "qty is 2.5"),
		({"qty": "ten"}, "qty", "qty is 'ten'"),
		({"qty": True}, "qty", "qty is True"),
		({"qty": 10_000_000}, "qty", "qty is 10000000"),
		({"order_date": "16.11.2026"}, "order_date", "is not a date"),
		({"order_date": "2026-02-30"}, "order_date", "is not a date"),
		({"order_date": 20261116}, "order_date", "is not a date"),
		({"order_date": None}, "order_date", "order_date is missing"),
		({"order_type": "Gift"}, "order_type", "order_type is 'Gift'"),
		({"grade": "G9"}, "grade", "grade is 'G9'"),
		({"use": "racing"}, "use", "use is 'racing'"),
		({"price_book": "PB-1999"}, "price_book", "not in the catalogue"),
		({"policies": ["POL-26-NONE"]}, "policies[1]", "not in the catalogue"),
		({"picks": "ENG-D247"}, "picks", "picks is 'ENG-D247'"),
		({"picks": ["ENG-D247", 7]}, "picks[2]", "7 stands in picks"),
		({"negotiated_unit": "848,000"}, "negotiated_unit", "is not a number"),
		({"negotiated_unit": float("nan")}, "negotiated_unit", "is not a number"),
		({"negotiated_unit": -1}, "negotiated_unit", "negotiated_unit is -1"),
		({"deposit_pct": 101}, "deposit_pct", "deposit_pct is 101"),
		({"claimed": {"options": {"ENG-D247": "16k"}}}, "claimed.options.ENG-D247", "is not a number"),
		({"services": {"freight": "much"}}, "services.freight", "is not a number"),
		({"currency": "USD"}, "fx", "fx is missing"),
		({"fx": 0}, "fx", "fx is 0"),
		({"fx": 50}, "fx", "fx is 50 for an order in CNY"),
		({"specials": [{"unit_price": 1}]}, "specials[1].request_no", "request_no is missing"),
		({"id": None}, "id", "id is missing"),
	],
)
def test_a_bad_order_names_the_key(
	changes: dict[str, Any], key: str, message: str, catalogue: Catalogue, orders: dict[str, Any]
) -> None:
	with pytest.raises(BadInput) as caught:
		Order.from_data(merged(orders["IO-01"], changes), catalogue)
	assert caught.value.key == key
	assert message in caught.value.message
	assert caught.value.expected


def test_an_order_for_an_inactive_model_is_refused(
	catalogue_data: dict[str, Any], orders: dict[str, Any]
) -> None:
	data = copy.deepcopy(catalogue_data)
	data["models"]["models"][2]["status"] = "phased_out"
	with pytest.raises(BadInput, match="XQK6128H is not active"):
		Order.from_data(orders["IO-01"], Catalogue.from_data(data))


CATALOGUE_FAULTS = [
	(("rules", "rules", 0, "then"), "ENG-D999 | TRN-MT5", "option 'ENG-D999' does not exist"),
	(("rules", "rules", 0, "then"), "ENG-D118 &", "the rule ends at column 11"),
	(("rules", "rules", 0, "severity"), "fatal", "severity is 'fatal'"),
	(("models", "models", 0, "standard", 0), "ENG-D999", "option 'ENG-D999' does not exist"),
	(("models", "models", 0, "lead_days"), "soon", "lead_days is 'soon'"),
	(("options", "options", 1, "code"), "ENG-D118", "code ENG-D118 stands twice"),
	(("options", "options", 1, "avail"), {"C99": "S"}, "model alias 'C99' does not exist"),
	(("families", "families", 0, "select"), "many", "select is 'many'"),
	(("prices", "price_books", 0, "base", 0, "list"), "much", "is not a number"),
	(("prices", "price_books", 0, "base", 0, "model"), "XQK1", "model 'XQK1' does not exist"),
	(("prices", "price_books", 0, "valid_to"), "2025-01-01", "is before valid_from"),
	(("policies", "policies", 2, "effect", "pct"), 300, "pct is 300 %"),
	(("policies", "stacking", "cap_pct"), 300, "cap_pct is 300 %"),
	(("translations", "rules", 0, "slot"), "NIX", "production slot 'NIX' does not exist"),
]


@pytest.mark.parametrize(("path", "value", "message"), CATALOGUE_FAULTS)
def test_a_bad_catalogue_names_the_place(
	path: tuple[Any, ...], value: Any, message: str, catalogue_data: dict[str, Any]
) -> None:
	data = copy.deepcopy(catalogue_data)
	place: Any = data
	for key in path[:-1]:
		place = place[key]
	place[path[-1]] = value
	_, problems = build(data)
	hit = next(problem.error for problem in problems if message in problem.error.message)
	assert hit.path[: len(path) - 1] == path[:-1]
	with pytest.raises(BadInput):
		Catalogue.from_data(data)


def broken_copy(folder: Path, name: str, old: str, new: str) -> Path:
	"""The sample catalogue in a folder, with one text of one file replaced."""
	for path in DATA.glob("*.yaml"):
		text = path.read_text(encoding="utf-8")
		if path.name == name:
			assert old in text
			text = text.replace(old, new, 1)
		(folder / path.name).write_text(text, encoding="utf-8")
	return folder


def test_a_fault_in_a_file_names_file_and_line(tmp_path: Path) -> None:
	folder = broken_copy(tmp_path, "rules.yaml", 'then: "RET-AT"', 'then: "RET-ATX &"')
	line = next(
		i for i, text in enumerate((folder / "rules.yaml").read_text().splitlines(), 1) if "RET-ATX" in text
	)
	with pytest.raises(BadInput) as caught:
		catalogue_folder.load(folder)
	assert str(caught.value).startswith(f"rules.yaml, line {line}, column 10")


def test_broken_yaml_names_line_and_column(tmp_path: Path) -> None:
	folder = broken_copy(tmp_path, "models.yaml", "- code: XQK6108H", "- code: [XQK6108H")
	with pytest.raises(BadInput, match=r"models\.yaml, line \d+, column \d+"):
		catalogue_folder.load(folder)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
	with pytest.raises(BadInput, match=r"models\.yaml"):
		catalogue_folder.load(tmp_path)


def test_a_text_cut_off_by_a_comma_is_put_together_again(tmp_path: Path, catalogue: Catalogue) -> None:
	quoted = '"Hydrodynamic retarder fits MT6, MT6H or AMT12 only"'
	folder = broken_copy(tmp_path, "rules.yaml", quoted, quoted.strip('"'))
	data, warnings = catalogue_folder.read(folder)
	assert (
		[warning for warning in warnings if "R-P04" in warning and "not quoted" in warning] == warnings != []
	)
	assert Catalogue.from_data(data).hash == catalogue.hash


def test_writing_and_reading_a_catalogue_changes_nothing(
	tmp_path: Path, catalogue_data: dict[str, Any]
) -> None:
	catalogue_folder.write(catalogue_data, tmp_path)
	again, warnings = catalogue_folder.read(tmp_path)
	assert (again, warnings) == (catalogue_data, [])


def test_the_hash_sees_content_and_not_form(catalogue_data: dict[str, Any]) -> None:
	data = copy.deepcopy(catalogue_data)
	data["policies"]["stacking"]["cap_pct"] = 6
	data["models"] = dict(reversed(data["models"].items()))
	assert catalogue_hash(data) == catalogue_hash(catalogue_data)
	data["rules"]["rules"].reverse()
	assert catalogue_hash(data) != catalogue_hash(catalogue_data)
