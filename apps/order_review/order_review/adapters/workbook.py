"""XLSX workbooks opened with care: measured before anything is unpacked, and every odd one told in a sentence.

Bytes on disk, number and size of the unpacked parts are bounded, and no part may declare entities.
"""

from __future__ import annotations

import warnings
import zipfile
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from ..engine.bilingual import Text
from ..engine.errors import BadInput
from .order_entry import MIB, too_large

MOST_PARTS = 500
_EXPECTED = Text("an .xlsx workbook", ".xlsx 工作簿")
_STRICT = b"http://purl.oclc.org/ooxml/"
"""Namespace of Strict Open XML, which spreadsheet programs write on request only."""


def open_workbook(content: bytes, source: str, unpacked_limit: int = 24 * MIB, **how: Any) -> Any:
	"""Open a workbook.

	Args:
		source: its name in messages.
		unpacked_limit: bytes its parts may unpack to.
		how: as for ``openpyxl.load_workbook``.

	Raises:
		BadInput: it is none, has a password, unpacks to too much, declares entities or is Strict Open XML.
	"""
	_check_parts(content, source, unpacked_limit)
	try:
		with warnings.catch_warnings():
			warnings.simplefilter("ignore")
			return load_workbook(BytesIO(content), keep_links=False, **how)
	except Exception as error:  # the library lets whatever its XML layer met come through
		raise not_understood(error, source) from None


def not_understood(error: Exception, source: str) -> BadInput:
	"""What is said of a workbook the library gives up on, at once or in the midst of it."""
	reason = type(error).__name__
	return BadInput(
		Text(f"the workbook cannot be understood ({reason})", f"无法识别工作簿({reason})"),
		source=source,
		expected=Text(
			"a workbook saved by a spreadsheet program as .xlsx", "由电子表格程序另存为 .xlsx 的工作簿"
		),
	)


def _check_parts(content: bytes, source: str, unpacked_limit: int) -> None:
	"""Refuse what is no workbook or would unpack into too much, before anything is unpacked."""
	try:
		archive = zipfile.ZipFile(BytesIO(content))
		parts = archive.infolist()
	except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError):
		message = Text("this is no .xlsx workbook (or it has a password)", "不是 .xlsx 工作簿(或已加密)")
		raise BadInput(message, source=source, expected=_EXPECTED) from None
	unpacked = sum(part.file_size for part in parts)
	if unpacked > unpacked_limit:
		raise too_large(source + " (unpacked)", unpacked, unpacked_limit)
	if len(parts) > MOST_PARTS:
		message = Text(f"the workbook has {len(parts):,} parts", f"工作簿含 {len(parts):,} 个部件")
		raise BadInput(
			message, source=source, expected=Text(f"at most {MOST_PARTS}", f"不超过 {MOST_PARTS} 个")
		)
	for part in parts:
		_check_part(archive, part, source)


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, source: str) -> None:
	if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
		return
	try:
		text = archive.read(part)
	except (
		zipfile.BadZipFile,
		RuntimeError,
		NotImplementedError,
		EOFError,
		OSError,
		ValueError,
		zipfile.zlib.error,
	):
		message = Text(f"the part {part.filename} cannot be unpacked", f"部件 {part.filename} 无法解压")
		raise BadInput(message, source=source, expected=_EXPECTED) from None
	plain = text.replace(b"\0", b"")
	if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
		message = Text(f"the part {part.filename} declares entities", f"部件 {part.filename} 声明了实体")
		raise BadInput(
			message,
			source=source,
			expected=Text("a workbook saved by a spreadsheet program", "由电子表格程序保存的工作簿"),
		)
	if part.filename.endswith("workbook.xml") and _STRICT in plain:
		message = Text("the workbook is Strict Open XML", "该工作簿为“严格 Open XML”格式")
		expected = Text(
			"the ordinary kind: save it as Excel Workbook (.xlsx)", "普通格式:请另存为“Excel 工作簿 (.xlsx)”"
		)
		raise BadInput(message, source=source, expected=expected)
