"""What README and docs name is there: documents, buttons, fields, files, commands. None of them promises the future."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest

from tests.contracts.wording import APP, translations

ROOT = APP.parents[2]
DOCUMENTS = (
	ROOT / "README.md",
	ROOT / "apps" / "order_review" / "README.md",
	*sorted((ROOT / "docs").glob("*.md")),
)

OF_THE_HOST = frozenset({"Sales Partners", "Customers", "Portal Users"})
"""ERPNext's own words."""
EMPHASISED = frozenset(
	{
		"expected finish",
		"Digest",
		"stands",
		"One answer for identical orders.",
		"trace matrix",
		"order supervisor",
		"Coordination Items",
		"no part of the score",
		"Acting for …",
		"flaky",
	}
)
"""Words that stand out and name nothing."""
NOT_THERE_YET = re.compile(r"change slip|contract cancellation|变更申请单|撤销单", re.IGNORECASE)


@cache
def named() -> frozenset[str]:
	"""Names and labels of everything of ours."""
	found: set[str] = set()
	for file in APP.rglob("*.json"):
		record = json.loads(file.read_text(encoding="utf-8")) if "dist" not in file.parts else None
		if isinstance(record, dict) and "doctype" in record:
			found.update(str(record.get(key)) for key in ("name", "label", "report_name", "title"))
			found.update(str(field.get("label")) for field in record.get("fields", ()))
	return frozenset(found | {source for source, _context in translations("zh")})


@cache
def sources() -> str:
	"""The text of all our code."""
	kinds = ("*.py", "*.js", "*.vue", "*.html", "*.json")
	files = [file for kind in kinds for file in APP.rglob(kind) if "dist" not in file.parts]
	return "\n".join(file.read_text(encoding="utf-8") for file in files)


def text_of(document: Path) -> str:
	return re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)


def is_there(name: str) -> bool:
	known = named() | OF_THE_HOST | EMPHASISED
	return name in known or f'"{name}"' in sources()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.name))
def test_every_document_button_and_field_it_names_is_there(document: Path) -> None:
	text = text_of(document)
	names = re.findall(r"\*\*([^*\n]+)\*\*", text) + re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", text)
	missing = [
		name
		for name in (name.strip() for name in names)
		if not is_there(name) and not all(is_there(part.strip()) for part in re.split(r"→|, ", name))
	]
	assert not missing


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.name))
def test_every_file_and_page_it_points_to_is_there(document: Path) -> None:
	text = text_of(document)
	paths = [p for p in re.findall(r"`([\w./-]+/[\w./-]*)`", text) if not p.startswith(("/", "env/"))]
	missing = [path for path in paths if not any((base / path).exists() for base in (ROOT, APP))]
	links = re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text(encoding="utf-8"))
	missing += [link for link in links if "://" not in link and not (document.parent / link).exists()]
	made = ("config/ports.json", "var/", "logs/", "build/", "sites/", "apps/frappe", "apps/erpnext")
	assert not [path for path in missing if not path.startswith(made)]


def test_every_command_it_names_is_there() -> None:
	makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
	targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
	commands = {file.stem for file in (APP / "cli").glob("*.py")}
	for document in DOCUMENTS:
		text = document.read_text(encoding="utf-8")
		assert set(re.findall(r"`make ([a-z-]+)", text)) <= targets, document
		assert set(re.findall(r"order-review ([a-z]+) ", text)) <= commands, document


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.name))
def test_it_promises_no_document_that_does_not_exist(document: Path) -> None:
	assert not NOT_THERE_YET.findall(text_of(document))


def test_no_message_sends_anybody_to_a_document_that_does_not_exist() -> None:
	assert not [source for source, _context in translations("zh") if NOT_THERE_YET.search(source)]
