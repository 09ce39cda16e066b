"""Everything a user reads is there in Chinese, and no translation says less than its source."""

from __future__ import annotations

import csv
import re

from tests.contracts.wording import APP, texts, translations


def test_every_text_has_a_chinese_translation() -> None:
	known = translations("zh")
	missing = [
		f"{text!r} ({place})"
		for (text, context), place in texts().items()
		if (text, "") not in known and (text, context) not in known
	]
	assert not missing, "add to translations/zh.csv:\n" + "\n".join(missing)


def test_translations_keep_the_placeholders() -> None:
	for (source, _context), translated in translations("zh").items():
		assert sorted(re.findall(r"\{\d\}", source)) == sorted(re.findall(r"\{\d\}", translated)), source


def test_the_file_is_in_the_form_frappe_reads() -> None:
	with (APP / "translations" / "zh.csv").open(encoding="utf-8", newline="") as file:
		rows = [tuple(row) for row in csv.reader(file)]
	assert all(len(row) in (2, 3) and row[0] and row[1] for row in rows)
	keys = [(row[0], row[2] if len(row) > 2 else "") for row in rows]
	assert len(keys) == len(set(keys)), "a text is translated twice"
