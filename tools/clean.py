"""`make clean`: delete what can be made again; ask before anything that cannot."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from tools import services
from tools.fetched_apps import pins
from tools.paths import BUILD, CONFIG, ENV, LOGS, OUR_APP, ROOT, SITES, VAR
from tools.ports import PORTS_FILE
from tools.report import say
from tools.start import main_process

FOLDERS = (BUILD, ENV, LOGS, SITES / "assets")
CACHES = (".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis")


def clean() -> None:
	"""Stop our servers; delete what was built; delete sites and database only when the person says yes."""
	services.stop_process(main_process())
	services.stop()
	sites = sorted(file.parent for file in SITES.glob("*/site_config.json"))
	for folder in (*FOLDERS, *(ROOT / name for name in CACHES), *(pin.folder for pin in pins())):
		_delete(folder)
	for cache in [
		*(ROOT / "tools").rglob("__pycache__"),
		*(ROOT / "tests").rglob("__pycache__"),
		*OUR_APP.rglob("__pycache__"),
	]:
		_delete(cache)
	if sites and not _may_delete(sites):
		say("Deleted what was built. The sites and their database are kept; `make start` uses them again.")
		return
	for folder in (*sites, VAR):
		_delete(folder)
	for file in (PORTS_FILE, CONFIG / "scheduler_process", SITES / "common_site_config.json"):
		file.unlink(missing_ok=True)
	say("This checkout is as freshly cloned.")


def _may_delete(sites: list[Path]) -> bool:
	names = ", ".join(folder.name for folder in sites)
	if not sys.stdin.isatty():
		say(f"Not asked, since this is no terminal: {names} and their database stay.")
		return False
	answer = input(f"Delete {names} with all data, users and files for good? Type yes: ")
	return answer.strip() == "yes"


def _delete(folder: Path) -> None:
	if folder.is_dir():
		shutil.rmtree(folder)
