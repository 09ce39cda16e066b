"""Catalogue data ⇄ documents, both as plain data: what lies in which DocType, without loss.

*Documents* here are mappings of fieldnames, child tables as lists of such mappings, by DocType and in file order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..engine.errors import BadInput
from .document_layout import (
	Codes,
	Data,
	Document,
	Field,
	Layout,
	Names,
	Pairs,
	Path,
	Rows,
	add_rest,
	keep_rest,
)

Documents = dict[str, list[Document]]


def _fields(kind: str, *names: str, always: bool = False) -> tuple[Field, ...]:
	return tuple(Field((name,), name, kind, always) for name in names)


def _title(record: Mapping[str, Any]) -> str:
	return " ".join(str(record[key]) for key in ("name_zh", "name_en") if record.get(key))


def _coded_title(record: Mapping[str, Any]) -> str:
	return f"{record.get('code', '')} {_title(record)}".strip()


_CODE = Field(("code",), "code", always=True)
_STATUS = Field(("status",), "status", blank="active")
_CODE_FIELDS = _fields("text", "code", "name_zh", "name_en")

SETTINGS = Layout(
	"Catalogue Settings",
	(
		Field(("models", "currency"), "currency"),
		Field(("rules", "version"), "rules_version"),
		Field(("prices", "currency"), "price_currency"),
		Field(("prices", "rounding"), "rounding", "whole"),
		Field(("policies", "currency"), "policy_currency"),
		Field(("policies", "stacking", "cap_pct"), "cap_pct", "number"),
		Field(("policies", "stacking", "order"), "stacking_order", "lines"),
		Field(("policies", "price_protection_days"), "price_protection_days", "whole"),
		Field(("policies", "above_warning_pct"), "above_warning_pct", "number"),
	),
	(
		Pairs(("families", "freeze_points"), "freeze_points", "Catalogue Freeze Point", "code", "name_zh"),
		Pairs(("families", "shops"), "shops", "Production Shop", "code", "name_zh"),
	),
)
"""What stands at file level. Grades and ladder need a turn of their own, below."""

_LADDER = Rows(
	("policies", "approval_ladder"),
	"approval_ladder",
	"Approval Level",
	(
		Field(("level",), "level"),
		Field(("min_pct",), "min_pct", "number", always=True),
		*_fields("text", "role", "role_zh", "note_zh"),
	),
	always=False,
)

FAMILY = Layout(
	"Option Family",
	(
		*_CODE_FIELDS,
		Field(("group",), "option_group"),
		Field(("select",), "select_mode"),
		Field(("freeze",), "freeze_point"),
		*_fields("flag", "ccc", "announcement", always=True),
		*_fields("text", "shop", "assembly_group", "assembly_name_zh"),
		*_fields("whole", "sort"),
	),
	(Codes(("models",), "models", "Option Family Model", "vehicle_model", names="model alias"),),
	title=_title,
)

OPTION = Layout(
	"Vehicle Option",
	(
		*_fields("text", "code", "family", "name_zh", "name_en"),
		_STATUS,
		*_fields("whole", "lead_days"),
		*_fields("flag", "livery_files"),
	),
	(
		Pairs(
			("avail",),
			"availability",
			"Vehicle Option Availability",
			"vehicle_model",
			"availability",
			names="model alias",
			always=True,
		),
		Pairs(("attrs",), "attributes", "Vehicle Option Attribute", "attribute", "value", "number"),
	),
	title=_coded_title,
)

_CERTIFICATION = "certification"
MODEL = Layout(
	"Vehicle Model",
	(
		*_fields("text", "code", "alias", "name_zh", "name_en", "series"),
		_STATUS,
		Field(("type",), "vehicle_type"),
		*_fields("text", "energy", "market", "size_class", "size_class_zh", "bus_class", "engine_pos"),
		*_fields("text", "default_grade", "default_use"),
		*_fields("whole", "length_mm", "width_mm", "height_mm", "wheelbase_mm", "gvw_kg", "kerb_kg"),
		*_fields("whole", "front_axle_kg", "rear_axle_kg", "pax_kg", "lead_days"),
		*_fields("number", "min_deposit_pct"),
		Field((_CERTIFICATION, "ccc", "certificate"), "ccc_certificate"),
		Field((_CERTIFICATION, "ccc", "valid_from"), "ccc_valid_from", "date"),
		Field((_CERTIFICATION, "ccc", "valid_to"), "ccc_valid_to", "date"),
		Field((_CERTIFICATION, "ccc", "status"), "ccc_status"),
		Field((_CERTIFICATION, "announcement", "model"), "announcement_model"),
		Field((_CERTIFICATION, "announcement", "batch"), "announcement_batch"),
		Field((_CERTIFICATION, "announcement", "valid_from"), "announcement_valid_from", "date"),
		Field((_CERTIFICATION, "announcement", "status"), "announcement_status"),
	),
	(
		Codes(("grades",), "grades", "Vehicle Model Grade", "grade"),
		Codes(("families",), "families", "Vehicle Model Family", "family"),
		Codes(("standard",), "standard_options", "Vehicle Model Standard Option", "vehicle_option"),
	),
	title=_coded_title,
)
_COVERAGE = "coverage"
_COVERAGES = {"ccc_covered": "CCC", "announcement_covered": "Announcement"}

RULE = Layout(
	"Configuration Rule",
	(
		_CODE,
		Field(("type",), "rule_type"),
		_STATUS,
		Field(("scope",), "scope", "long"),
		Field(("if",), "condition", "long"),
		Field(("then",), "requirement", "long"),
		*_fields("text", "severity", "confidence", "basis"),
		Field(("msg_zh",), "message_zh", "long"),
		Field(("msg_en",), "message_en", "long"),
		*_fields("flag", "guard"),
		Field(("engine",), "engine"),
	),
)

SLOT = Layout("Production Slot", (*_CODE_FIELDS, Field(("kind",), "kind")), title=_coded_title)

TRANSLATION = Layout(
	"Translation Rule",
	(
		*_fields("text", "code", "slot", "kind"),
		Field(("when",), "condition", "long"),
		*_fields("flag", "noop"),
	),
	(
		Codes(("models",), "models", "Translation Rule Model", "vehicle_model"),
		Rows(
			("lines",),
			"lines",
			"Translation Rule Line",
			(
				Field(("model",), "vehicle_model"),
				*_fields("text", "assembly", "name_zh"),
				*_fields("number", "qty"),
				*_fields("text", "shop"),
			),
		),
	),
)

BOOK = Layout(
	"Price Book",
	(*_CODE_FIELDS, *_fields("text", "status"), *_fields("date", "valid_from", "valid_to")),
	title=_coded_title,
)
_PRICE_TABLES = {"base": ("vehicle_model",), "options": ("vehicle_option", "vehicle_model")}
_PRICE_KEYS = {"vehicle_model": "model", "vehicle_option": "option"}
_SECRETS = {"Price Book Floor": ("floor", "floor_price"), "Price Book Cost": ("cost", "cost")}

POLICY = Layout(
	"Business Policy",
	(
		*_CODE_FIELDS,
		Field(("type",), "policy_type"),
		Field(("group",), "policy_group"),
		*_fields("text", "status", "approval_no", "fixed_level"),
		Field(("note_zh",), "note_zh", "long"),
		*_fields("date", "valid_from", "valid_to"),
		*_fields("flag", "mandatory"),
		Field(("requires", "payment_mode"), "requires_payment_mode"),
		Field(("requires", "evidence"), "requires_evidence"),
		Field(("requires", "customer_class"), "requires_customer_class"),
		Field(("effect", "kind"), "effect_kind"),
		Field(("effect", "of"), "effect_of"),
		Field(("effect", "pct"), "effect_pct", "number"),
		Field(("effect", "amount"), "effect_amount", "number"),
		Field(("effect", "option"), "effect_option"),
		Field(("effect", "max_amount"), "effect_max_amount", "number"),
	),
	(
		Codes(("models",), "models", "Business Policy Model", "vehicle_model"),
		Codes(("order_types",), "order_types", "Business Policy Order Type", "order_type"),
		Rows(
			("effect", "tiers"),
			"tiers",
			"Business Policy Tier",
			(Field(("min_qty",), "min_qty", "whole"), Field(("pct",), "pct", "number")),
			always=False,
		),
	),
	title=_coded_title,
)

LISTS: tuple[tuple[str, str, Layout], ...] = (
	("families", "families", FAMILY),
	("options", "options", OPTION),
	("rules", "rules", RULE),
	("policies", "policies", POLICY),
	("translations", "slots", SLOT),
	("translations", "rules", TRANSLATION),
)
"""Part, key and layout of the lists that lie one record in one document."""

DOCTYPES = (
	"Catalogue Settings",
	"Vehicle Model",
	*(layout.doctype for _, _, layout in LISTS),
	"Price Book",
	*_SECRETS,
)
"""Every DocType the catalogue lies in."""

LINES = {
	"Price Book": "Price Book Option",
	"Price Book Floor": "Price Book Option Floor",
	"Price Book Cost": "Price Book Option Cost",
}
"""DocTypes whose many rows ``options`` are documents of their own, and which ones; both are named by the book."""

NAME_FIELD = {"Price Book Floor": "price_book", "Price Book Cost": "price_book"}
"""The field a document is named by, where it is not ``code``."""


def to_documents(data: Mapping[str, Any]) -> Documents:
	"""The documents a catalogue lies in.

	Raises:
		BadInput: a value that no document can hold; the path leads to it.
	"""
	names = Names(**{"model alias": {model["alias"]: model["code"] for model in data["models"]["models"]}})
	documents: Documents = {"Catalogue Settings": [_settings(data, names)]}
	documents["Vehicle Model"] = [
		_model(record, ("models", "models", index), names)
		for index, record in enumerate(data["models"]["models"])
	]
	for part, key, layout in LISTS:
		records = data[part].get(key) or []
		documents[layout.doctype] = [
			layout.encode(record, (part, key, index), names) for index, record in enumerate(records)
		]
	documents.update(_books(data["prices"].get("price_books") or []))
	for doctype, rows in documents.items():
		for position, row in enumerate(rows, 1):
			if doctype not in ("Catalogue Settings", *_SECRETS):
				row["position"] = position
	return documents


def to_data(documents: Mapping[str, Iterable[Document]]) -> Data:
	"""The catalogue that lies in the documents."""
	models = list(documents["Vehicle Model"])
	names = Names(**{"model alias": {model["alias"]: model["code"] for model in models}})
	data = _file_level(next(iter(documents["Catalogue Settings"])), names)
	data["models"]["models"] = [_model_record(model, names) for model in models]
	for part, key, layout in LISTS:
		data[part][key] = [layout.decode(document, names) for document in documents[layout.doctype]]
	data["prices"]["price_books"] = _book_records(documents)
	return data


_PARTS = ("models", "families", "options", "rules", "prices", "policies", "translations")
_LISTED = {
	"models": ("models",),
	"families": ("families",),
	"options": ("options",),
	"rules": ("rules",),
	"prices": ("price_books",),
	"policies": ("policies",),
	"translations": ("slots", "rules"),
}


def _settings(data: Mapping[str, Any], names: Names) -> Document:
	files = {
		part: {key: value for key, value in data[part].items() if key not in _LISTED[part]} for part in _PARTS
	}
	document: Document = {}
	for field in SETTINGS.fields:
		field.encode(files, document, ())
	for table in (*SETTINGS.tables, _LADDER):
		table.encode(files, document, (), names)
	for row, rung in zip(
		document["approval_ladder"], files["policies"].get("approval_ladder") or (), strict=True
	):
		row["no_lower_limit"] = int(rung.get("min_pct") is None)
	grade_names = files["models"].get("grade_names") or {}
	document["grades"] = [
		{"grade": grade, "name_zh": grade_names.get(grade) or ""}
		for grade in files["models"].get("grade_order") or ()
	]
	document["extra"] = keep_rest(files, _file_fields(document, names), ())
	return document


def _file_fields(document: Mapping[str, Any], names: Names) -> Data:
	files: Data = {part: {} for part in _PARTS}
	for field in SETTINGS.fields:
		field.decode(document, files)
	for table in (*SETTINGS.tables, _LADDER):
		table.decode(document, files, names)
	for row, rung in zip(
		document.get("approval_ladder") or (), files["policies"].get("approval_ladder") or (), strict=True
	):
		if row.get("no_lower_limit"):
			rung["min_pct"] = None
	grades = document.get("grades") or ()
	if grades:
		files["models"]["grade_order"] = [row["grade"] for row in grades]
		files["models"]["grade_names"] = {
			row["grade"]: row["name_zh"] for row in grades if row.get("name_zh")
		}
	return files


def _file_level(document: Mapping[str, Any], names: Names) -> Data:
	files = add_rest(_file_fields(document, names), document.get("extra"))
	return {part: files.get(part, {}) for part in _PARTS}


def _model(record: Mapping[str, Any], place: Path, names: Names) -> Document:
	document = MODEL.encode(record, place, names)
	rows = []
	for key, kind in _COVERAGES.items():
		covered = (record.get(_CERTIFICATION) or {}).get(key) or {}
		for family, options in covered.items():
			rows += [
				{"kind": kind, "family": family, "vehicle_option": option, "valid_from": valid_from}
				for option, valid_from in (options or {}).items()
			]
	document[_COVERAGE] = rows
	document["extra"] = keep_rest(record, _model_fields(document, names), place)
	return document


def _model_fields(document: Mapping[str, Any], names: Names) -> Data:
	record = MODEL._fields_only(document, names)
	for row in document.get(_COVERAGE) or ():
		key = next(key for key, kind in _COVERAGES.items() if kind == row["kind"])
		covered = record.setdefault(_CERTIFICATION, {}).setdefault(key, {})
		covered.setdefault(row["family"], {})[row["vehicle_option"]] = row.get("valid_from") or None
	return record


def _model_record(document: Mapping[str, Any], names: Names) -> Data:
	return add_rest(_model_fields(document, names), document.get("extra"))


def _books(records: Iterable[Mapping[str, Any]]) -> Documents:
	documents: Documents = {"Price Book": [], **{doctype: [] for doctype in _SECRETS}}
	for index, record in enumerate(records):
		place: Path = ("prices", "price_books", index)
		head = {key: value for key, value in record.items() if key not in _PRICE_TABLES}
		book = BOOK.encode(head, place, Names())
		secrets: dict[str, Document] = {doctype: {"price_book": record["code"]} for doctype in _SECRETS}
		secrets["Price Book Cost"]["extra"] = ""
		for table, columns in _PRICE_TABLES.items():
			book[table] = []
			for secret in secrets.values():
				secret[table] = []
			for row_index, row in enumerate(record.get(table) or ()):
				_price_row(
					row,
					(*place, table, row_index),
					columns,
					book[table],
					{d: s[table] for d, s in secrets.items()},
				)
		documents["Price Book"].append(book)
		for doctype, secret in secrets.items():
			documents[doctype].append(secret)
	return documents


def _price_row(
	row: Mapping[str, Any],
	place: Path,
	columns: tuple[str, ...],
	prices: list[Document],
	secrets: Mapping[str, list[Document]],
) -> None:
	"""Spread one price line over list, floor and cost; unknown keys go where only cost readers look."""
	key = {column: row[_PRICE_KEYS[column]] for column in columns}
	line: Document = dict(key)
	Field(("list",), "list_price", "number").encode(row, line, place)
	prices.append(line)
	given: Data = {_PRICE_KEYS[column]: name for column, name in key.items()} | {"list": line["list_price"]}
	for doctype, (name, fieldname) in _SECRETS.items():
		if row.get(name) is not None:
			secret: Document = dict(key)
			Field((name,), fieldname, "number").encode(row, secret, place)
			secrets[doctype].append(secret)
			given[name] = secret[fieldname]
	rest = keep_rest(row, given, place)
	if rest:
		costs = secrets["Price Book Cost"]
		if "cost" not in given:
			costs.append({**key, "cost": 0})
		costs[-1]["extra"] = rest


def _book_records(documents: Mapping[str, Iterable[Document]]) -> list[Data]:
	secrets = {doctype: {doc["price_book"]: doc for doc in documents[doctype]} for doctype in _SECRETS}
	records = []
	for book in documents["Price Book"]:
		record = BOOK.decode(book, Names())
		for table, columns in _PRICE_TABLES.items():
			found = {
				doctype: {
					tuple(row[c] for c in columns): row
					for row in books.get(book["code"], {}).get(table) or ()
				}
				for doctype, books in secrets.items()
			}
			record[table] = [_price_record(row, columns, found) for row in book.get(table) or ()]
		records.append(record)
	return records


def _price_record(
	row: Document, columns: tuple[str, ...], secrets: Mapping[str, Mapping[tuple[str, ...], Document]]
) -> Data:
	key = tuple(row[column] for column in columns)
	record: Data = {_PRICE_KEYS[column]: row[column] for column in columns}
	Field(("list",), "list_price", "number", always=True).decode(row, record)
	rest = None
	for doctype, (name, fieldname) in _SECRETS.items():
		secret = secrets[doctype].get(key)
		if secret:
			Field((name,), fieldname, "number", always=True).decode(secret, record)
			rest = secret.get("extra") or rest
	if rest and "cost" in record and not record["cost"]:
		del record["cost"]
	return add_rest(record, rest)


def check_names(documents: Documents) -> None:
	"""Refuse names that differ only in a way the database does not see (letter case, trailing blanks).

	Raises:
		BadInput: naming both.
	"""
	for doctype, rows in documents.items():
		seen: dict[str, str] = {}
		for row in rows:
			code = row.get(NAME_FIELD.get(doctype, "code")) or ""
			folded = code.strip().casefold()
			if seen.setdefault(folded, code) != code:
				raise BadInput(
					f"{doctype} {code!r} and {seen[folded]!r} are one name to the database",
					expected="codes that differ in more than case",
				)
