"""A catalogue as a folder of seven YAML files ⇄ catalogue data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from ..engine.bilingual import Text
from ..engine.catalogue import PARTS, Catalogue
from ..engine.errors import BadInput
from .chinese import translated
from .order_entry import Path_
from .plain_yaml import decoded, read_yaml, yaml_lines

LARGEST_FILE = 32 * 1024 * 1024
"""Bytes; a larger file is refused before it is read."""

_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def read(folder: str | Path) -> tuple[dict[str, Any], list[Text]]:
	"""Read the seven files of a catalogue folder.

	Returns:
		The catalogue data and warnings about texts that had to be put together again.

	Raises:
		BadInput: a file is missing, too large or no YAML.
	"""
	folder = Path(folder)
	if not folder.is_dir():
		raise BadInput("there is no such folder", source=str(folder), expected=f"a folder with {_names()}")
	data: dict[str, Any] = {}
	warnings: list[Text] = []
	for part in PARTS:
		data[part], remarks = read_part(folder / f"{part}.yaml")
		warnings += remarks
	return data, warnings


def read_part(path: Path) -> tuple[Any, list[Text]]:
	"""One of the seven files, and warnings about its texts.

	Raises:
		BadInput: the file is missing, too large or no YAML.
	"""
	warnings: list[Text] = []
	data = load_yaml(path)
	_rejoin(data, path.name, warnings)
	return data, warnings


def load(folder: str | Path) -> Catalogue:
	"""Read a catalogue folder and build its catalogue.

	Raises:
		BadInput: with file and line of the first fault.
	"""
	data, _ = read(folder)
	try:
		return Catalogue.from_data(data)
	except BadInput as error:
		raise located(error, Path(folder)) from None


def write(data: Mapping[str, Any], folder: str | Path) -> None:
	"""Write catalogue data as seven YAML files, one record a line where the sample catalogue does."""
	folder = Path(folder)
	folder.mkdir(parents=True, exist_ok=True)
	for part in PARTS:
		text = yaml.dump(
			data[part],
			Dumper=_DUMPER,
			allow_unicode=True,
			sort_keys=False,
			default_flow_style=None,
			width=10_000,
		)
		temporary = folder / f".{part}.yaml.part"
		temporary.write_text(text, encoding="utf-8")
		temporary.replace(folder / f"{part}.yaml")


class FolderPlaces:
	"""Where in the files of a catalogue folder a value stands; a file is read for it once, when first asked."""

	def __init__(self, folder: str | Path) -> None:
		self.folder = Path(folder)
		self._lines: dict[str, dict[Path_, Text]] = {}

	def line_of(self, part: str, keys: Path_) -> Text | None:
		"""The line of the value a path of keys leads to, or of the last part of it that is there."""
		if part not in self._lines:
			self._lines[part] = _lines_in(self.folder / f"{part}.yaml")
		lines = self._lines[part]
		return next((lines[keys[:end]] for end in range(len(keys), -1, -1) if keys[:end] in lines), None)

	def located(self, error: BadInput) -> BadInput:
		"""The error with the file and line its path leads to."""
		if not error.path or error.path[0] not in PARTS:
			return error.located(source=str(self.folder))
		part = str(error.path[0])
		line = self.line_of(part, error.path[1:])
		if line is None:
			return error.located(source=f"{part}.yaml")
		column = (
			Text(f", {error.where}", f",{translated(error.where, 'zh')}") if error.where else Text("", "")
		)
		return BadInput(
			error.message,
			source=Text(f"{part}.yaml, {line}{column}", f"{part}.yaml,{line.zh}{column.zh}"),
			where=BadInput("", path=error.path[1:]).key,
			expected=error.expected,
		)


def located(error: BadInput, folder: str | Path) -> BadInput:
	"""The error with the file and line its path leads to."""
	return FolderPlaces(folder).located(error)


def _lines_in(path: Path) -> dict[Path_, Text]:
	try:
		return dict(yaml_lines(decoded(path.read_bytes(), path.name), path.name))
	except (OSError, BadInput):
		return {}


def load_yaml(path: Path) -> Any:
	"""Plain data of one YAML file.

	Raises:
		BadInput: not there, too large, not UTF-8, or no YAML, with line and column.
	"""
	try:
		size = path.stat().st_size
	except OSError as error:
		raise BadInput(
			Text("the file cannot be read", "文件无法读取"),
			source=str(path),
			expected=Text("a YAML file", "YAML 文件"),
		) from error
	if size > LARGEST_FILE:
		limit = LARGEST_FILE // 1024 // 1024
		raise BadInput(
			Text(f"the file has {size // 1024 // 1024} MB", f"文件大小 {size // 1024 // 1024} MB"),
			source=str(path),
			expected=Text(f"at most {limit} MB", f"不超过 {limit} MB"),
		)
	return read_yaml(decoded(path.read_bytes(), str(path)), str(path))


def _names() -> str:
	return ", ".join(f"{part}.yaml" for part in PARTS)


def _rejoin(value: Any, source: str, warnings: list[Text]) -> None:
	"""Put texts together again that lost their tail to an unquoted comma.

	In a flow mapping ``{msg_en: a, b}`` YAML reads the key ``b`` with nothing behind it.
	"""
	if isinstance(value, list):
		for item in value:
			_rejoin(item, source, warnings)
		return
	if not isinstance(value, dict):
		return
	last: str | None = None
	for key in list(value):
		item = value[key]
		if item is None and last is not None and isinstance(key, str) and not _is_name(key):
			value[last] += (", " if key.isascii() else ",") + key
			del value[key]
			where, text = value.get("code", last), value[last]
			warnings.append(
				Text(
					f"{source}: {where}: the text {text!r} holds a comma and is not quoted",
					f"{source}:{where}:文本 {text!r} 含逗号但未加引号",
				)
			)
		else:
			last = key if isinstance(item, str) else None
			_rejoin(item, source, warnings)


def _is_name(key: str) -> bool:
	"""Field names and codes may stand without a value (an option not covered yet); a piece of a sentence is neither."""
	return all(part.isascii() and part.replace("_", "").isalnum() for part in key.split("-"))
