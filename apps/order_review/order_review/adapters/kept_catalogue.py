"""Catalogue folders read once: the catalogue built from seven files is kept by what the files hold.

It is kept in the user's own cache folder (`$XDG_CACHE_HOME`, else `~/.cache`), which nobody else may write to; where
that is not so, or anything about the kept file is odd, the folder is read as if nothing had been kept.
"""

from __future__ import annotations

import copyreg
import hashlib
import io
import os
import pickle
import stat
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any

from .. import __version__
from ..engine import catalogue as records
from ..engine.catalogue import PARTS, Catalogue

MOST_KEPT = 16
"""Catalogues kept; the one written longest ago goes first."""

_BUILDING = ("catalogue", "catalogue_build", "catalogue_keys", "language", "reading", "bilingual")
"""Modules that say what a catalogue is made of: after a change of one of them nothing kept before counts."""


def load(folder: str | Path) -> Catalogue:
	"""The catalogue of a folder.

	Raises:
		BadInput: with file and line of the first fault.
	"""
	from . import catalogue_folder  # YAML is loaded only where something has to be read

	folder = Path(folder)
	key = _key(folder)
	kept = None if key is None else _kept(key)
	if kept is not None:
		return kept
	catalogue = catalogue_folder.load(folder)
	if key is not None and key == _key(folder):  # nobody wrote to the folder while it was read
		_keep(key, catalogue)
	return catalogue


def cache_folder() -> Path:
	"""Where catalogues are kept."""
	base = os.environ.get("XDG_CACHE_HOME", "")
	return (Path(base) if os.path.isabs(base) else Path.home() / ".cache") / "order-review"


def _key(folder: Path) -> str | None:
	"""A name for what the files hold and how they are understood; None where they cannot be read."""
	digest = hashlib.blake2b(f"{__version__} {sys.version}".encode(), digest_size=20)
	code = Path(records.__file__).parent
	files = [code / f"{module}.py" for module in _BUILDING] + [folder / f"{part}.yaml" for part in PARTS]
	for file in files:
		try:
			content = file.read_bytes()
		except OSError:
			return None
		digest.update(f"{file.name} {len(content)} ".encode())
		digest.update(content)
	return digest.hexdigest()


def _kept(key: str) -> Catalogue | None:
	try:
		if not (_is_ours(cache_folder()) and _is_ours(_file(key))):
			return None
		found = pickle.loads(_file(key).read_bytes())
	except Exception:
		return None
	return found if isinstance(found, Catalogue) else None


def _is_ours(path: Path) -> bool:
	"""Whether it belongs to the user, and nobody else may write to it."""
	status = path.stat()
	return status.st_uid == os.getuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _file(key: str) -> Path:
	return cache_folder() / f"{key}.catalogue"


def _keep(key: str, catalogue: Catalogue) -> None:
	with suppress(OSError, RuntimeError):
		cache_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
		with tempfile.NamedTemporaryFile(dir=cache_folder(), delete=False) as stream:
			stream.write(_pickled(catalogue))
		Path(stream.name).replace(_file(key))
		kept = sorted(cache_folder().glob("*.catalogue"), key=lambda file: file.stat().st_mtime)
		for file in kept[:-MOST_KEPT]:
			file.unlink()


def _pickled(catalogue: Catalogue) -> bytes:
	assert not catalogue.derived, "what is derived belongs to a run"
	stream = io.BytesIO()
	pickler = pickle.Pickler(stream, pickle.HIGHEST_PROTOCOL)
	pickler.dispatch_table = copyreg.dispatch_table.copy()
	pickler.dispatch_table[MappingProxyType] = _reduced
	pickler.dump(catalogue)
	return stream.getvalue()


def _reduced(mapping: MappingProxyType[Any, Any]) -> tuple[Any, ...]:
	return _read_only, (dict(mapping),)


def _read_only(mapping: dict[Any, Any]) -> Mapping[Any, Any]:
	return MappingProxyType(mapping)
