"""Every text of the app a user can see, collected from DocTypes, workspaces, Python, JavaScript and templates."""

from __future__ import annotations

import ast
import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

APP = Path(__file__).parents[2] / "apps" / "order_review" / "order_review"

_JINJA_CALL = re.compile(r"""\b_\(\s*"((?:[^"\\]|\\.)*)"(?:,\s*context="([^"]*)")?""")
_JS_CALL = re.compile(
	r"""__\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`([^`$]*)`)"""
	r"""(?:\s*,\s*(?:null|\[(?:[^\[\]]|\[[^\]]*\])*\])\s*,\s*(?:["']([^"']*)["']|(\w+)))?"""
)
ANY = "*"
"""The context of a text is known only where the code runs."""


def translations(lang: str) -> dict[tuple[str, str], str]:
	"""(source text, context) → translation, as Frappe reads it; the context is "" for everywhere."""
	with (APP / "translations" / f"{lang}.csv").open(encoding="utf-8", newline="") as file:
		return {(row[0], row[2] if len(row) > 2 else ""): row[1] for row in csv.reader(file)}


def host_translations(lang: str) -> dict[str, str]:
	"""Source text → translation in Frappe and ERPNext, of what they translate for everywhere."""
	found: dict[str, str] = {}
	for app in ("frappe", "erpnext"):
		path = APP.parents[1] / app / app / "translations" / f"{lang}.csv"
		if path.exists():
			with path.open(encoding="utf-8", newline="") as file:
				found |= {
					row[0]: row[1].strip()
					for row in csv.reader(file)
					if len(row) > 1 and row[2:3] in ([], [""])
				}
	return found


def doctypes() -> Iterator[dict[str, Any]]:
	"""All DocTypes of the app."""
	for path in sorted(APP.glob("*/doctype/*/*.json")):
		yield json.loads(path.read_text(encoding="utf-8"))


def texts() -> dict[tuple[str, str], str]:
	"""(text, DocType or "") → a place where it stands; Frappe looks labels and options up with their DocType first."""
	found: dict[tuple[str, str], str] = {}
	for text, context, place in _of_doctypes():
		if text and text.strip():
			found.setdefault((text, context), place)
	for text, context, place in (*_of_python(), *_of_javascript(), *_of_templates()):
		if text and text.strip():
			found.setdefault((text, context), place)
	for text, place in (*_of_desk(), *_of_constants()):
		if text and text.strip():
			found.setdefault((text, ""), place)
	return found


def _of_doctypes() -> Iterator[tuple[str, str, str]]:
	for doctype in doctypes():
		name = doctype["name"]
		yield name, "", name
		for field in doctype["fields"]:
			if field.get("hidden"):
				continue
			place = f"{name}.{field['fieldname']}"
			yield field.get("label", ""), name, place
			yield field.get("description", ""), name, place
			if field["fieldtype"] == "Select":
				yield from (
					(option, name, place)
					for option in field["options"].split("\n")
					if not _is_code(option, field)
				)


def _is_code(option: str, field: dict[str, Any]) -> bool:
	return field["fieldname"] == "naming_series" or (len(option) < 3 and option.isupper())


def _of_desk() -> Iterator[tuple[str, str]]:
	for path in sorted(APP.glob("*/number_card/*/*.json")):
		yield json.loads(path.read_text(encoding="utf-8"))["label"], path.name
	for path in sorted(APP.glob("*/page/*/*.json")):
		yield json.loads(path.read_text(encoding="utf-8"))["title"], path.name
	for path in sorted(APP.glob("*/workspace/*/*.json")):
		workspace = json.loads(path.read_text(encoding="utf-8"))
		yield workspace["title"], path.name
		for entry in (*workspace["links"], *workspace["shortcuts"], *workspace["quick_lists"]):
			yield entry["label"], path.name
		for block in json.loads(workspace["content"]):
			if block["type"] == "header":
				yield re.sub("<[^>]+>", "", block["data"]["text"]), path.name


def _of_python() -> Iterator[tuple[str, str, str]]:
	for path in sorted(APP.rglob("*.py")):
		for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
			if (
				isinstance(node, ast.Call)
				and isinstance(node.func, ast.Name)
				and node.func.id == "_"
				and node.args
			):
				if isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
					yield node.args[0].value, _context(node), f"{path.name}:{node.lineno}"


def _context(call: ast.Call) -> str:
	"""The context a text is given in the code itself."""
	said = (word.value for word in call.keywords if word.arg == "context")
	return next((str(value.value) for value in said if isinstance(value, ast.Constant)), "")


def _of_javascript() -> Iterator[tuple[str, str, str]]:
	scripts = [*APP.rglob("*.js"), *APP.rglob("*.vue")]
	for path in sorted(path for path in scripts if "dist" not in path.parts):
		for match in _JS_CALL.finditer(path.read_text(encoding="utf-8")):
			*texts, context, variable = match.groups()
			yield (
				next(text for text in texts if text is not None),
				ANY if variable else context or "",
				path.name,
			)


def _of_templates() -> Iterator[tuple[str, str, str]]:
	for path in sorted(APP.rglob("*.html")):
		for match in _JINJA_CALL.finditer(path.read_text(encoding="utf-8")):
			yield match.group(1), match.group(2) or "", path.name


def _of_constants() -> Iterator[tuple[str, str]]:
	names: dict[str, Any] = {}
	exec((APP / "constants.py").read_text(encoding="utf-8"), names)  # plain data without imports
	for role, _chinese in names["ROLES"].values():
		yield role, "constants.ROLES"
	for fields in names["CUSTOM_FIELDS"].values():
		for field in fields:
			yield field["label"], f"constants.CUSTOM_FIELDS {field['fieldname']}"
			yield field.get("description", ""), f"constants.CUSTOM_FIELDS {field['fieldname']}"
			if field["fieldtype"] == "Select":
				yield from ((option, field["fieldname"]) for option in field["options"].split("\n"))
