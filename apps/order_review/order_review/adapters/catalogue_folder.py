"""A catalogue as a folder of seven YAML files ⇄ catalogue data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from ..engine.catalogue import PARTS, Catalogue
from ..engine.errors import BadInput

LARGEST_FILE = 32 * 1024 * 1024
"""Bytes; a larger file is refused before it is read."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def read(folder: str | Path) -> tuple[dict[str, Any], list[str]]:
	"""Read the seven files of a catalogue folder.

	Returns:
		The catalogue data and warnings about texts that had to be put together again.

	Raises:
		BadInput: a file is missing, too large or no YAML.
	"""
	folder = Path(folder)
	if not folder.is_dir():
		raise BadInput("there is no such folder", source=str(folder), expected="a folder with " + _names())
	data: dict[str, Any] = {}
	warnings: list[str] = []
	for part in PARTS:
		path = folder / f"{part}.yaml"
		data[part] = load_yaml(path)
		_rejoin(data[part], path.name, warnings)
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


def located(error: BadInput, folder: Path) -> BadInput:
	"""The error with the file and line its path leads to."""
	if not error.path or error.path[0] not in PARTS:
		return error.located(source=str(folder))
	path = folder / f"{error.path[0]}.yaml"
	line = line_of(path, error.path[1:])
	found = error.located(source=path.name)
	if line is None:
		return found
	column = f", {error.where}" if error.where else ""
	key = BadInput("", path=error.path[1:]).key
	return BadInput(
		error.message, source=f"{path.name}, line {line}{column}", where=key, expected=error.expected
	)


def load_yaml(path: Path) -> Any:
	"""Plain data of one YAML file.

	Raises:
		BadInput: not there, too large, not UTF-8, or no YAML, with line and column.
	"""
	try:
		size = path.stat().st_size
	except OSError as error:
		raise BadInput("the file cannot be read", source=str(path), expected="a YAML file") from error
	if size > LARGEST_FILE:
		limit = f"at most {LARGEST_FILE // 1024 // 1024} MB"
		raise BadInput(f"the file has {size // 1024 // 1024} MB", source=str(path), expected=limit)
	try:
		return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
	except UnicodeDecodeError as error:
		raise BadInput("the file is not text in UTF-8", source=str(path), expected="UTF-8") from error
	except yaml.YAMLError as error:
		raise yaml_fault(error, str(path)) from None
	except (ValueError, RecursionError) as error:
		raise BadInput(f"the file cannot be read as YAML ({error})", source=str(path)) from None


def yaml_fault(error: yaml.YAMLError, source: str) -> BadInput:
	"""A YAML error as bad input with line and column."""
	mark = getattr(error, "problem_mark", None)
	where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else None
	problem = getattr(error, "problem", None) or "this is not YAML"
	return BadInput(str(problem), source=source, where=where, expected="well-formed YAML")


def line_of(path: Path, keys: tuple[str | int, ...]) -> int | None:
	"""The line (from 1) of the value a path of keys leads to, or of the last part of it that is there."""
	try:
		node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER)
	except (OSError, UnicodeDecodeError, yaml.YAMLError):
		return None
	for key in keys:
		below = _below(node, key)
		if below is None:
			break
		node = below
	return None if node is None else node.start_mark.line + 1


def _below(node: Any, key: str | int) -> Any:
	if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
		return node.value[key]
	if isinstance(node, yaml.MappingNode):
		return next((value for name, value in node.value if name.value == str(key)), None)
	return None


def _names() -> str:
	return ", ".join(f"{part}.yaml" for part in PARTS)


def _rejoin(value: Any, source: str, warnings: list[str]) -> None:
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
			warnings.append(
				f"{source}: {value.get('code', last)}: the text {value[last]!r} holds a comma and is not quoted"
			)
		else:
			last = key if isinstance(item, str) else None
			_rejoin(item, source, warnings)


def _is_name(key: str) -> bool:
	"""Field names and codes may stand without a value (an option not covered yet); a piece of a sentence is neither."""
	return all(part.isascii() and part.replace("_", "").isalnum() for part in key.split("-"))
