"""Whole catalogues in and out of the site: all or nothing, and nothing is written that is already there."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import frappe
from frappe import _

from order_review.adapters import catalogue_folder
from order_review.adapters.catalogue_documents import DOCTYPES, LINES, Documents, check_names, to_documents
from order_review.adapters.chinese import sentence
from order_review.constants import CATALOGUE_SETTINGS
from order_review.engine.bilingual import in_language
from order_review.engine.catalogue import PARTS, Catalogue, build, catalogue_hash
from order_review.engine.errors import BadInput
from order_review.exceptions import CatalogueError, CatalogueInUseError
from order_review.services import catalogue_store, catalogue_uses, price_release, release_guard
from order_review.services.known_numbers import storable
from order_review.services.price_lines import insert_lines

Progress = Callable[[int, int, str], None]
"""Called with steps done, steps in all, and what is being done."""

LARGEST_ARCHIVE = 64 * 1024 * 1024
"""Bytes an uploaded catalogue may unpack to."""

_MOST_TOLD = 10
"""Faults of an upload that are told at once."""

_STANDARD = ("name", "creation", "modified", "modified_by", "owner", "docstatus", "idx")


@dataclass
class TransferResult:
	"""What an import did: numbers of documents, warnings of the reader, and the hash of the catalogue now."""

	created: int = 0
	changed: int = 0
	removed: int = 0
	unchanged: int = 0
	hash: str = ""
	warnings: list[str] = field(default_factory=list)

	@property
	def sentence(self) -> str:
		"""One sentence that says what now exists."""
		return _("Catalogue {0}: {1} records created, {2} changed, {3} removed, {4} unchanged.").format(
			self.hash[:12], self.created, self.changed, self.removed, self.unchanged
		)


def import_folder(folder: str | Path, progress: Progress | None = None) -> TransferResult:
	"""Import a catalogue folder.

	Raises:
		CatalogueError: something in the files cannot be read or understood; the message names file and line.
		CatalogueInUseError: a record that is no longer in the folder is used.
	"""
	lang = _lang()
	places = catalogue_folder.FolderPlaces(folder)
	try:
		data, warnings = catalogue_folder.read(folder)
		_refuse_faulty(data, places, lang)
		result = import_data(data, progress)
	except BadInput as error:
		_refuse_import([sentence(places.located(error), lang)])
	result.warnings = [in_language(warning, lang) for warning in warnings]
	return result


def _refuse_faulty(data: Mapping[str, Any], places: catalogue_folder.FolderPlaces, lang: str) -> None:
	"""Refuse a catalogue with faults, naming the first of them by file and line."""
	problems = build(data)[1]
	if not problems:
		return
	told = [sentence(places.located(problem.error), lang) for problem in problems[:_MOST_TOLD]]
	if len(problems) > _MOST_TOLD:
		told.append(_("And {0} more.").format(len(problems) - _MOST_TOLD))
	_refuse_import(told)


def _refuse_import(told: list[str]) -> NoReturn:
	lines = [frappe.utils.escape_html(each) for each in told]
	message = (
		lines[0] if len(lines) == 1 else "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"
	)
	frappe.throw(message, title=_("Catalogue Not Imported"), exc=CatalogueError)


def _lang() -> str:
	return "zh" if (frappe.local.lang or "").startswith("zh") else "en"


def import_data(data: Mapping[str, Any], progress: Progress | None = None) -> TransferResult:
	"""Make the site's catalogue equal to the data; the caller's transaction decides whether it stays.

	Raises:
		BadInput: the data are no catalogue, or a value fits no field.
		CatalogueInUseError: a record that would go is used.
		CatalogueReleaseError: a model that is sold would be left without a valid configuration.
	"""
	release_guard.refuse_broken(
		release_guard.present(),
		Catalogue.from_data(data),
		_("The catalogue cannot be imported as it stands."),
	)
	result = replace_all(to_documents(data), progress)
	result.hash = catalogue_hash(data)
	frappe.db.set_single_value(CATALOGUE_SETTINGS, "catalogue_hash", result.hash, update_modified=False)
	return result


def replace_all(wanted: Documents, progress: Progress | None = None) -> TransferResult:
	"""Make the site's catalogue documents equal to these, whatever they say.

	Raises:
		BadInput: two names are one to the database.
		CatalogueInUseError: a record that would go is used.
	"""
	check_names(wanted)
	plan = _Plan.between(catalogue_store.read_documents(), wanted)
	plan.check_removals()
	price_release.check_import(plan.new, plan.changed)
	result = plan.carry_out(progress or _silent)
	if plan.steps:
		catalogue_store.touch()
	return result


def export_folder(folder: str | Path) -> str:
	"""Write the site's catalogue as a folder of YAML files and return its hash."""
	data = catalogue_store.read_data()
	catalogue_folder.write(data, folder)
	return catalogue_hash(data)


def export_archive(parts: Iterable[str] = PARTS) -> bytes:
	"""The site's catalogue as a ZIP archive of YAML files, only the named parts."""
	content = io.BytesIO()
	with (
		tempfile.TemporaryDirectory() as folder,
		zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive,
	):
		export_folder(folder)
		for part in parts:
			archive.write(Path(folder) / f"{part}.yaml", f"{part}.yaml")
	return content.getvalue()


def import_archive(
	content: bytes, parts: Iterable[str] = PARTS, progress: Progress | None = None
) -> TransferResult:
	"""Import a ZIP archive of YAML files; parts that are not named, or not in it, stay as they are on the site.

	Raises:
		CatalogueError: the archive or a file in it cannot be read or understood.
	"""
	with tempfile.TemporaryDirectory() as folder:
		if not catalogue_store.is_empty():
			export_folder(folder)
		_unpack(content, Path(folder), set(parts))
		return import_folder(folder, progress)


def _unpack(content: bytes, folder: Path, parts: set[str]) -> None:
	try:
		archive = zipfile.ZipFile(io.BytesIO(content))
	except zipfile.BadZipFile:
		frappe.throw(
			_("The file is no ZIP archive. Pack the seven YAML files of a catalogue into one."),
			exc=CatalogueError,
		)
	files = {Path(info.filename).name: info for info in archive.infolist() if not info.is_dir()}
	if sum(info.file_size for info in files.values()) > LARGEST_ARCHIVE:
		frappe.throw(
			_("The archive unpacks to more than {0} MB.").format(LARGEST_ARCHIVE // 1024 // 1024),
			exc=CatalogueError,
		)
	found = [part for part in PARTS if f"{part}.yaml" in files]
	if not found:
		expected = ", ".join(f"{part}.yaml" for part in PARTS)
		frappe.throw(_("The archive holds none of the files {0}.").format(expected), exc=CatalogueError)
	refused = [part for part in found if part not in parts]
	if refused:
		frappe.throw(
			_("Your roles do not let you import {0}. Take the files out of the archive.").format(
				", ".join(f"{part}.yaml" for part in refused)
			),
			exc=frappe.PermissionError,
		)
	for part in found:
		(folder / f"{part}.yaml").write_bytes(archive.read(files[f"{part}.yaml"]))


def _silent(_done: int, _total: int, _text: str) -> None:
	return None


@dataclass
class _Plan:
	"""What has to be done to turn one set of documents into another."""

	new: Documents
	changed: dict[str, list[tuple[str, dict[str, Any]]]]
	gone: dict[str, list[str]]
	unchanged: int

	@classmethod
	def between(cls, present: Documents, wanted: Documents) -> _Plan:
		new: Documents = {}
		changed: dict[str, list[tuple[str, dict[str, Any]]]] = {}
		gone: dict[str, list[str]] = {}
		unchanged = 0
		for doctype in DOCTYPES:
			there = {row["name"]: row for row in present[doctype]}
			names = set()
			for document in wanted[doctype]:
				name = catalogue_store.name_of(doctype, document)
				names.add(name)
				if name not in there:
					new.setdefault(doctype, []).append(document)
				elif _differs(document, there[name]):
					changed.setdefault(doctype, []).append((name, document))
				else:
					unchanged += 1
			missing = [name for name in there if name not in names]
			if missing:
				gone[doctype] = missing
		return cls(new, changed, gone, unchanged)

	@property
	def steps(self) -> int:
		"""Documents to write or delete."""
		return sum(len(rows) for group in (self.new, self.changed, self.gone) for rows in group.values())

	def check_removals(self) -> None:
		"""Refuse to remove what any document uses."""
		for doctype, names in self.gone.items():
			used = catalogue_uses.of(doctype, names)
			if used:
				places = dict.fromkeys(f"{_(kind)} {place}" for _record, kind, place in used)
				frappe.throw(
					_(
						"{0} {1} would be removed, but it is used: {2}. Keep it in the file and set its status to phased_out, or expired."
					).format(
						_(doctype),
						", ".join(dict.fromkeys(record for record, _kind, _place in used)),
						"; ".join(places),
					),
					title=_("Catalogue Not Imported"),
					exc=CatalogueInUseError,
				)

	def carry_out(self, progress: Progress) -> TransferResult:
		"""Write everything; new documents first, so that changed ones may refer to them."""
		done = 0
		for doctype, documents in self.new.items():
			progress(done, self.steps, doctype)
			_insert(doctype, documents)
			done += len(documents)
		for doctype, pairs in self.changed.items():
			for name, document in pairs:
				progress(done, self.steps, doctype)
				_change(doctype, name, document)
				done += 1
		for doctype, names in self.gone.items():
			progress(done, self.steps, doctype)
			_remove(doctype, names)
			done += len(names)
		progress(self.steps, self.steps, "")
		counts = (sum(map(len, group.values())) for group in (self.new, self.changed, self.gone))
		return TransferResult(*counts, unchanged=self.unchanged)


def _differs(wanted: Mapping[str, Any], present: Mapping[str, Any]) -> bool:
	for key, value in wanted.items():
		there = present.get(key)
		if isinstance(value, list):
			there = there or []
			if len(value) != len(there) or any(_differs(*pair) for pair in zip(value, there, strict=True)):
				return True
		elif _comparable(value) != _comparable(there):
			return True
	return False


def _comparable(value: Any) -> Any:
	if value is None or value == "" or value == 0:
		return ""
	if isinstance(value, date):
		return value.isoformat()
	return float(value) if isinstance(value, int | float) else str(value)


def _insert(doctype: str, documents: list[dict[str, Any]]) -> None:
	"""Insert many documents with their rows in few statements; the engine has checked them already."""
	meta = frappe.get_meta(doctype)
	stamp = {"creation": frappe.utils.now(), "modified": frappe.utils.now(), "owner": frappe.session.user}
	stamp["modified_by"] = stamp["owner"]
	heads = []
	children: dict[str, list[dict[str, Any]]] = {}
	for document in documents:
		name = catalogue_store.name_of(doctype, document)
		heads.append({**document, **stamp, "name": name, "docstatus": 0, "idx": 0})
		for table in meta.get_table_fields():
			link = {"parent": name, "parenttype": doctype, "parentfield": table.fieldname}
			rows = children.setdefault(table.options, [])
			rows += [
				{
					**row,
					**stamp,
					**link,
					"name": frappe.generate_hash(length=10),
					"docstatus": 0,
					"idx": index,
				}
				for index, row in enumerate(document.get(table.fieldname) or (), 1)
			]
	_bulk(doctype, heads)
	for child, rows in children.items():
		_bulk(child, rows)
	if doctype in LINES:
		for document in documents:
			insert_lines(
				LINES[doctype], catalogue_store.name_of(doctype, document), document.get("options") or ()
			)
	frappe.clear_document_cache(doctype)


def _bulk(doctype: str, rows: list[dict[str, Any]]) -> None:
	if not rows:
		return
	meta = frappe.get_meta(doctype)
	columns = [*_STANDARD, *(("parent", "parenttype", "parentfield") if meta.istable else ())]
	columns += [
		column
		for column in meta.get_valid_columns()
		if column not in columns and any(column in row for row in rows)
	]
	stored = (storable(doctype, {column: row.get(column) for column in columns}) for row in rows)
	frappe.db.bulk_insert(doctype, columns, [tuple(row.values()) for row in stored])


def _change(doctype: str, name: str, wanted: Mapping[str, Any]) -> None:
	document = frappe.get_doc(doctype, name)
	document.update({key: value for key, value in wanted.items() if key != "options" or doctype not in LINES})
	document.flags.in_catalogue_transfer = True
	document.flags.ignore_permissions = True
	document.save(ignore_version=False)
	if doctype in LINES:
		frappe.db.delete(LINES[doctype], {"price_book": name})
		insert_lines(LINES[doctype], name, wanted.get("options") or ())


def _remove(doctype: str, names: list[str]) -> None:
	for table in frappe.get_meta(doctype).get_table_fields():
		frappe.db.delete(table.options, {"parent": ["in", names], "parenttype": doctype})
	if doctype in LINES:
		frappe.db.delete(LINES[doctype], {"price_book": ["in", names]})
	frappe.db.delete(doctype, {"name": ["in", names]})
	for name in names:
		frappe.clear_document_cache(doctype, name)
