"""JavaScript packages by yarn, and the asset bundles Frappe's own build makes of them."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from tools.debian import program
from tools.fetched_apps import installed_version, pins
from tools.paths import APPS, NODE, OUR_APP, PYTHON, SITES
from tools.report import run

YARN = "yarn@1.22.22"  # the line Frappe's lock files are written for
ASSETS = SITES / "assets" / "assets.json"
BUILT = SITES / "assets" / ".built"
SOURCES = ("*.js", "*.ts", "*.vue", "*.css", "*.scss", "*.html")


def ensure_packages() -> None:
	"""Have yarn, and every app's JavaScript packages as its lock file says."""
	if not program("yarn"):
		NODE.mkdir(parents=True, exist_ok=True)
		run("Installing yarn", ["npm", "install", "--no-audit", "--no-fund", "--prefix", NODE, YARN])
	for app in ("frappe", "erpnext", "order_review"):
		_install(APPS / app)


def _install(folder: Path) -> None:
	lock = folder / "yarn.lock"
	if not lock.exists():
		return
	stamp = folder / "node_modules" / ".order-review-stamp"
	wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
	if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
		return
	run(
		f"Fetching JavaScript packages of {folder.name}", ["yarn", "install", "--frozen-lockfile"], cwd=folder
	)
	stamp.parent.mkdir(exist_ok=True)
	stamp.write_text(wanted, encoding="utf-8")


def ensure_assets() -> None:
	"""Build what the browser loads, again only where a source changed since."""
	wanted = {"fetched": _versions(), "ours": _public_hash()}
	built = dict(line.split("=", 1) for line in _stamp_lines())
	if ASSETS.exists() and built == wanted:
		return
	SITES.mkdir(exist_ok=True)
	build = [str(PYTHON), "-m", "frappe.utils.bench_helper", "frappe", "build", "--production"]
	if ASSETS.exists() and built.get("fetched") == wanted["fetched"]:
		run("Building the assets of order_review", [*build, "--app", "order_review"], cwd=SITES)
	else:
		shutil.rmtree(SITES / "assets", ignore_errors=True)
		# --force: build them here; do not ask the network for ready-made ones.
		run("Building all assets", [*build, "--force"], cwd=SITES)
	BUILT.write_text("".join(f"{name}={value}\n" for name, value in wanted.items()), encoding="utf-8")


def _stamp_lines() -> list[str]:
	return BUILT.read_text(encoding="utf-8").splitlines() if BUILT.exists() else []


def _versions() -> str:
	return ",".join(f"{pin.name}-{installed_version(pin.folder)}" for pin in pins())


def _public_hash() -> str:
	digest = hashlib.sha256()
	public = OUR_APP / "order_review" / "public"
	files = {file for pattern in SOURCES for file in public.rglob(pattern) if "dist" not in file.parts}
	for file in sorted(files):
		digest.update(str(file.relative_to(public)).encode() + b"\0" + file.read_bytes())
	return digest.hexdigest()
