"""A catalogue folder is read once; what is kept never stands for files that hold something else."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from order_review.adapters import catalogue_folder, kept_catalogue
from order_review.engine import BadInput
from tests.engine.samples import DATA


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
	"""A catalogue folder of one's own, and a cache that keeps nothing yet."""
	monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
	return Path(shutil.copytree(DATA, tmp_path / "catalogue"))


def changed(folder: Path, old: str, new: str) -> None:
	rules = folder / "rules.yaml"
	text = rules.read_text("utf-8")
	assert old in text
	rules.write_text(text.replace(old, new, 1), "utf-8")


def kept_files() -> list[Path]:
	return sorted(kept_catalogue.cache_folder().glob("*"))


def test_the_second_run_reads_no_yaml_and_knows_the_same(
	folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
	first = kept_catalogue.load(folder)
	monkeypatch.setattr(catalogue_folder, "load", lambda _: pytest.fail("the files are read again"))
	second = kept_catalogue.load(folder)
	assert second.hash == first.hash
	for part in ("models", "families", "options", "rules", "price_books", "policies", "terms", "slots"):
		assert getattr(second, part) == getattr(first, part), part
	assert second.translation_rules == first.translation_rules
	with pytest.raises(TypeError):
		second.options["ENG-D220"] = None  # type: ignore[index]


def test_a_changed_file_is_read_and_an_old_state_is_still_there(folder: Path) -> None:
	first = kept_catalogue.load(folder)
	changed(folder, "over its gross mass", "over its mass")
	second = kept_catalogue.load(folder)
	assert second.hash != first.hash
	assert len(kept_files()) == 2
	changed(folder, "over its mass", "over its gross mass")
	assert kept_catalogue.load(folder).hash == first.hash
	assert len(kept_files()) == 2


def test_a_faulty_catalogue_is_told_with_its_place_each_time(folder: Path) -> None:
	changed(folder, 'then: "RET-AT"', 'then: "RET-ATX"')
	for _ in range(2):
		with pytest.raises(BadInput) as caught:
			kept_catalogue.load(folder)
		assert "rules.yaml, line" in str(caught.value.source)
	assert kept_files() == []


def test_a_missing_folder_is_told_as_ever(tmp_path: Path) -> None:
	with pytest.raises(BadInput, match="no such folder"):
		kept_catalogue.load(tmp_path / "none")


@pytest.mark.parametrize("content", [b"", b"not a pickle", b"\x80\x05N."])
def test_a_damaged_file_is_not_believed(folder: Path, content: bytes) -> None:
	first = kept_catalogue.load(folder)
	kept_files()[0].write_bytes(content)
	assert kept_catalogue.load(folder).hash == first.hash


def test_a_file_that_others_may_write_to_is_not_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
	kept_catalogue.load(folder)
	assert [oct(path.stat().st_mode & 0o777) for path in (kept_catalogue.cache_folder(), *kept_files())] == [
		"0o700",
		"0o600",
	]
	kept_files()[0].chmod(0o666)
	monkeypatch.setattr("pickle.loads", lambda _: pytest.fail("the file is opened"))
	assert kept_catalogue.load(folder).models


def test_without_a_place_to_keep_it_the_folder_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setenv("XDG_CACHE_HOME", os.devnull)
	assert kept_catalogue.load(folder).models
	monkeypatch.delenv("XDG_CACHE_HOME")
	monkeypatch.delenv("HOME", raising=False)
	monkeypatch.setattr(Path, "home", lambda: Path("/nowhere/to/be/found"))
	assert kept_catalogue.load(folder).models


def test_only_so_many_are_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setattr(kept_catalogue, "MOST_KEPT", 2)
	for number in range(4):
		changed(folder, "gross mass", f"gross mass {number}")
		kept_catalogue.load(folder)
		changed(folder, f"gross mass {number}", "gross mass")
	assert len(kept_files()) == 2
