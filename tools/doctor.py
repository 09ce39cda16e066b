"""`make doctor`: what this machine lacks, what runs, and which published holes the versions in use have."""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from tools import debian, python_env, services
from tools.fetched_apps import installed_version, pins, version_key
from tools.paths import CONFIG, ROOT, SITE, SITES
from tools.report import say

ADVISORIES_FILE = CONFIG / "advisories.json"


@dataclass(frozen=True)
class Advisory:
	"""A published hole of an app.

	`mended_in` is the first tag of the version-15 line without it, `last_affected` the last version known to
	have it; where both are None, no version 15 without it is known.
	"""

	app: str
	number: str
	text: str
	mended_in: str | None
	last_affected: str | None

	def covers(self, version: str) -> bool:
		"""Whether this version of the app has the hole."""
		if self.mended_in:
			return version_key(version) < version_key(self.mended_in)
		return self.last_affected is None or version_key(version) <= version_key(self.last_affected)

	@property
	def cure(self) -> str:
		"""Which tag mends it, in words."""
		if self.mended_in:
			return f"mended in {self.app} {self.mended_in}"
		if self.last_affected:
			return f"mended in {self.app} newer than {self.last_affected}"
		return "no mended tag of version 15 is known; the app's own guard stays on"


def advisories(file: Path = ADVISORIES_FILE) -> list[Advisory]:
	"""The known advisories, from config/advisories.json."""
	return [Advisory(**row) for row in json.loads(file.read_text(encoding="utf-8"))]


def covering(app: str, version: str, known: list[Advisory]) -> list[Advisory]:
	"""Those advisories that cover this version of the app."""
	return [advisory for advisory in known if advisory.app == app and advisory.covers(version)]


def doctor() -> int:
	"""Print the state of machine, bench and versions; 0 always, since warnings are for a person to judge."""
	say(
		f"Python {sys.version.split()[0]}; {shutil.disk_usage(ROOT).free / 1024**3:.0f} GB free; user id {os.geteuid()}"
	)
	_tell_packages()
	_tell_bench()
	known = advisories()
	warned = sum(_tell_version(pin.name, installed_version(pin.folder) or pin.tag, known) for pin in pins())
	say(
		f"{warned} known advisories cover the versions in use."
		if warned
		else "No known advisory covers the versions in use."
	)
	return 0


def _tell_packages() -> None:
	wanted = debian.missing((*debian.PYTHON, *debian.PRINTS, *debian.BENCH, *debian.BROWSER))
	for package in wanted:
		say(f"  missing: {package.name} ({package.reason})")
	if not wanted:
		say("Every Debian package is there.")


def _tell_bench() -> None:
	running = services.running()
	for name in services.SERVERS:
		port = services.server(name).port
		say(f"  {name}: {f'runs on port {port}' if name in running else 'does not run'}")
	layers = [layer for layer in python_env.LAYERS if python_env.has(layer)]
	say(f"  env/: {', '.join(layers) or 'not made yet'}")
	say(f"  {SITE}: {'is there' if (SITES / SITE / 'site_config.json').exists() else 'not made yet'}")


def _tell_version(app: str, version: str, known: list[Advisory]) -> int:
	found = covering(app, version, known)
	say(f"  {app} {version.removeprefix('v')}: {len(found)} known advisories")
	for advisory in found:
		say(f"    warning: {advisory.number}: {advisory.text} ({advisory.cure})")
	mended = [advisory.mended_in for advisory in found if advisory.mended_in]
	if mended:
		newest = max(mended, key=version_key)
		say(f"    {app} {newest} mends what can be mended: {app.upper()}_TAG={newest} make start")
	return len(found)
