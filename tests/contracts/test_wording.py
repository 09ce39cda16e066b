"""Everything a user reads is there in Chinese, and no translation says less than its source."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping

from tests.contracts.wording import ANY, APP, doctypes, host_translations, texts, translations

ALLOWED: frozenset[str] = frozenset()
"""Words of the host that we say in another way everywhere; each with its reason beside it."""


LEFT_TO_THE_HOST = frozenset({"Assessments", "Open Orders", "Order Entry", "Reports"})
"""Headings of workspaces, which Frappe translates without a context; its own words say the same."""


def _is_known(text: str, context: str, known: Mapping[tuple[str, str], str]) -> bool:
	if context == ANY:
		return any(source == text for source, _context in known)
	return (text, "") in known or (text, context) in known


def test_every_text_has_a_chinese_translation() -> None:
	known = translations("zh")
	missing = [
		f"{text!r} in {context or 'no context'} ({place})"
		for (text, context), place in texts().items()
		if not _is_known(text, context, known) and text not in LEFT_TO_THE_HOST
	]
	assert not missing, "add to translations/zh.csv:\n" + "\n".join(missing)


def test_our_words_do_not_change_the_hosts() -> None:
	"""A word Frappe or ERPNext translates in another way has a context in our file, or a longer source text."""
	host = host_translations("zh")
	changed = {
		f"{source}: {translated} (theirs: {host[source]})"
		for (source, context), translated in translations("zh").items()
		if not context and source not in ALLOWED and host.get(source, translated) != translated
	}
	assert not changed, "give these a context, in the code and in zh.csv:\n" + "\n".join(sorted(changed))


def test_a_context_in_the_code_has_its_word() -> None:
	"""A text with a context that is not in the file falls back to the host's word, which is another."""
	known, host = translations("zh"), host_translations("zh")
	sources = {source for source, _context in known}
	lost = [
		f"{text!r} in {context} ({place})"
		for (text, context), place in texts().items()
		if context and text in sources and text in host and not _is_known(text, context, known)
	]
	assert not lost, "add to translations/zh.csv:\n" + "\n".join(lost)


def test_a_tab_says_our_word() -> None:
	"""Frappe translates the label of a tab without its DocType, so the host's word would stand there."""
	ours, host = translations("zh"), host_translations("zh")
	foreign = [
		f"{doctype['name']}: {label} reads {host[label]}"
		for doctype in doctypes()
		for label in (field.get("label") for field in doctype["fields"] if field["fieldtype"] == "Tab Break")
		if label in host and ours.get((label, doctype["name"]), host[label]) != host[label]
	]
	assert not foreign, "give these tabs a longer label:\n" + "\n".join(foreign)


def test_translations_keep_the_placeholders() -> None:
	for (source, _context), translated in translations("zh").items():
		assert sorted(re.findall(r"\{\d\}", source)) == sorted(re.findall(r"\{\d\}", translated)), source


def test_the_file_is_in_the_form_frappe_reads() -> None:
	with (APP / "translations" / "zh.csv").open(encoding="utf-8", newline="") as file:
		rows = [tuple(row) for row in csv.reader(file)]
	assert all(len(row) in (2, 3) and row[0] and row[1] for row in rows)
	keys = [(row[0], row[2] if len(row) > 2 else "") for row in rows]
	assert len(keys) == len(set(keys)), "a text is translated twice"
