"""Frappe and ERPNext: which versions we take (config/apps.json) and how they come into apps/."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tools.paths import APPS, CONFIG, command_environment
from tools.report import Problem, run, step

APPS_FILE = CONFIG / "apps.json"


class SourceMissing(Problem):
	"""The source of a fetched app cannot be had; what needs no Frappe can still run."""


@dataclass(frozen=True)
class Pin:
	"""One fetched app: where from, which tag, and the oldest version we allow."""

	name: str
	source: str
	tag: str
	oldest: str
	overridden: bool

	@property
	def folder(self) -> Path:
		return APPS / self.name


def pins(file: Path = APPS_FILE) -> list[Pin]:
	"""The pins of config/apps.json; FRAPPE_SOURCE, FRAPPE_TAG, ERPNEXT_SOURCE and ERPNEXT_TAG replace theirs."""
	found = []
	for name, app in json.loads(file.read_text(encoding="utf-8")).items():
		source = os.environ.get(f"{name.upper()}_SOURCE", "")
		tag = os.environ.get(f"{name.upper()}_TAG", "")
		found.append(
			Pin(
				name,
				source or app["address"],
				tag or app["tag"],
				app["oldest"],
				overridden=bool(source or tag),
			)
		)
	return found


def installed_version(folder: Path) -> str | None:
	"""The version an app folder says it has, without importing it; None when there is no app."""
	module = folder / folder.name / "__init__.py"
	if not module.exists():
		return None
	match = re.search(r"^__version__\s*=\s*[\"']([^\"']+)", module.read_text(encoding="utf-8"), re.MULTILINE)
	return match.group(1) if match else None


def version_key(version: str) -> tuple[int, ...]:
	"""'v15.103.0' → (15, 103, 0); trailing words such as '-dev' are ignored."""
	return tuple(int(part) for part in re.findall(r"\d+", version.split("-")[0]))


def are_present() -> bool:
	"""Whether both apps are in apps/ at the pinned tags."""
	return all(_is_at_pin(pin) for pin in pins())


def fetch_all() -> None:
	"""Bring both apps into apps/ at their pins; nothing is done for one that is there.

	:raises SourceMissing: when the address or the tag cannot be reached.
	:raises Problem: when apps/ holds another version that we must not overwrite.
	"""
	for pin in pins():
		if not _is_at_pin(pin):
			_fetch(pin)
		_refuse_too_old(pin)


def _is_at_pin(pin: Pin) -> bool:
	version = installed_version(pin.folder)
	if version is None:
		return False
	wanted = version_key(pin.tag)
	return not wanted or version_key(version) == wanted


def _fetch(pin: Pin) -> None:
	if pin.folder.exists() and installed_version(pin.folder) is not None:
		_move_to_tag(pin)
		return
	partial = pin.folder.with_name(f".{pin.name}.partial")
	shutil.rmtree(partial, ignore_errors=True)
	shutil.rmtree(pin.folder, ignore_errors=True)
	APPS.mkdir(exist_ok=True)
	if _is_plain_folder(pin.source):
		with step(f"Copying {pin.name} from {pin.source}"):
			shutil.copytree(pin.source, partial, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
	else:
		_clone(pin, partial)
	partial.rename(pin.folder)


def _clone(pin: Pin, into: Path) -> None:
	command = ["git", "-c", "advice.detachedHead=false", "clone", "--quiet", "--depth", "1"]
	try:
		run(
			f"Fetching {pin.name} {pin.tag}",
			[*command, "--branch", pin.tag, pin.source, into],
			env={"GIT_TERMINAL_PROMPT": "0"},
		)
	except Problem as problem:
		shutil.rmtree(into, ignore_errors=True)
		raise SourceMissing(
			f"The source of {pin.name} {pin.tag} cannot be had from {pin.source} ({problem.message})",
			f"Check the network, or name another git address or a folder: {pin.name.upper()}_SOURCE=… make …",
		) from problem


def _is_plain_folder(source: str) -> bool:
	folder = Path(source).expanduser()
	return folder.is_dir() and not (folder / ".git").exists() and not (folder / "objects").exists()


def _move_to_tag(pin: Pin) -> None:
	"""Change the version of a clone of ours; refuse when somebody worked in it."""
	if not (pin.folder / ".git").exists() or _git(
		pin.folder, "status", "--porcelain", "--untracked-files=no"
	):
		raise Problem(
			f"apps/{pin.name} holds version {installed_version(pin.folder)} with changes of its own; {pin.tag} is asked for.",
			f"Move the folder away to have {pin.tag} fetched, or keep it by {pin.name.upper()}_TAG=v{installed_version(pin.folder)}.",
		)
	try:
		run(
			f"Fetching {pin.name} {pin.tag}",
			[
				"git",
				"fetch",
				"--quiet",
				"--depth",
				"1",
				pin.source,
				f"refs/tags/{pin.tag}:refs/tags/{pin.tag}",
			],
			cwd=pin.folder,
			env={"GIT_TERMINAL_PROMPT": "0"},
		)
	except Problem as problem:
		raise SourceMissing(
			f"{pin.source} has no {pin.tag} to give ({problem.message})",
			f"Check the network and the tag, or name another source: {pin.name.upper()}_SOURCE=… make …",
		) from problem
	run(f"Changing apps/{pin.name} to {pin.tag}", ["git", "checkout", "--quiet", pin.tag], cwd=pin.folder)


def _git(folder: Path, *words: str) -> str:
	done = subprocess.run(
		["git", *words], cwd=folder, env=command_environment(), capture_output=True, text=True, check=False
	)
	return done.stdout.strip()


def _refuse_too_old(pin: Pin) -> None:
	version = installed_version(pin.folder) or "unknown"
	if (
		version_key(version) < version_key(pin.oldest)
		or version_key(version)[:1] != version_key(pin.oldest)[:1]
	):
		raise Problem(
			f"apps/{pin.name} is version {version}; Order Review runs on version 15 from {pin.oldest} on.",
			f"Use the tested tag {pin.tag} (unset {pin.name.upper()}_TAG) or a newer one of the version-15 line.",
		)
