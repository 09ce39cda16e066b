"""Bad input as the user reads it, and the exit status of the command line."""

from __future__ import annotations

import os

import click

from ..adapters.chinese import sentence
from ..engine.bilingual import in_language
from ..engine.errors import BadInput

CLEAR, FINDINGS, BAD_INPUT = 0, 1, 2

_language = "en"


def default_language() -> str:
	"""zh on a machine set to Chinese, else en."""
	setting = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
	return "zh" if setting.lower().startswith("zh") else "en"


def speak(lang: str) -> None:
	"""Set the language of messages for the rest of the run (zh or en)."""
	global _language
	_language = lang


def say_failure(error: BadInput, lang: str | None = None) -> None:
	"""Write one piece of bad input to stderr."""
	lang = lang or _language
	click.echo(f"{'无法读取' if lang == 'zh' else 'Not read'}: {sentence(error, lang)}", err=True)


def say_remark(text: str, lang: str | None = None) -> None:
	"""Write a remark that does not stop the work to stderr."""
	lang = lang or _language
	click.echo(f"{'注意' if lang == 'zh' else 'Note'}: {in_language(text, lang)}", err=True)
