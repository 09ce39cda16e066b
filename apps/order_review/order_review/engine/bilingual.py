"""Messages in English that remember their Chinese wording."""

from __future__ import annotations


class Text(str):
	"""An English sentence with its Chinese counterpart; wherever a plain string will do, the English stands.

	>>> Text("not a date", "不是日期").zh
	'不是日期'
	"""

	zh: str

	def __new__(cls, en: str, zh: str) -> Text:
		text = super().__new__(cls, en)
		text.zh = zh
		return text

	def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
		return str(self), self.zh


def in_language(text: str | None, lang: str) -> str:
	"""The wording of a message in ``lang`` (zh or en); a plain string has only one."""
	if text is None:
		return ""
	return getattr(text, "zh", text) if lang == "zh" else str(text)
