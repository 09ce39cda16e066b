"""Copies of a whole site, database and files, from which the sites of the tests are made in seconds."""

from __future__ import annotations

import fcntl
import hashlib
import json
import secrets
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tools import services, sites
from tools.debian import program
from tools.fetched_apps import installed_version, pins
from tools.paths import OUR_APP, RUN, SITES, VAR, command_environment
from tools.report import Problem, step

FOLDER = VAR / "snapshots"
# What reaches a site that has the demo data: everything of the app but what only a browser loads.
MADE_OF = ("*.py", "*.json", "*.csv", "*.txt", "*.yaml", "*.html", "*.jinja")
FILE_FOLDERS = ("private/files", "public/files")


def demo() -> Path:
	"""The snapshot with ERPNext, the app and the demo data; made where there is none for the present code.

	Whoever asks while another process makes it waits for that one.
	"""
	return _kept(f"demo-{_fingerprint()}", _make_demo)


def erpnext() -> Path:
	"""The snapshot with ERPNext alone, its setup wizard completed."""
	versions = "-".join(f"{pin.name}-{installed_version(pin.folder)}" for pin in pins())
	return _kept(f"erpnext-{versions}", _make_erpnext)


def restore(snapshot: Path, site: str) -> None:
	"""Make a throw-away site from a snapshot; one of the same name is replaced."""
	sites.drop(site)
	folder = SITES / site
	name = "_" + secrets.token_hex(8)  # a new one each time: Redis may still know things of an earlier one
	password = secrets.token_urlsafe(12)
	with step(f"Copying {snapshot.name} to {site}"):
		for below in (*FILE_FOLDERS, "private/backups", "locks", "logs"):
			(folder / below).mkdir(parents=True, exist_ok=True)
		for below in FILE_FOLDERS:
			shutil.copytree(snapshot / below, folder / below, dirs_exist_ok=True)
		_load(snapshot / "database.sql", name, password)
		config = json.loads((snapshot / "site_config.json").read_text(encoding="utf-8"))
		config |= {"db_name": name, "db_password": password, "allow_tests": 1}
		(folder / "site_config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
	sites.write_state(site, json.loads((snapshot / "state.json").read_text(encoding="utf-8")))


def _kept(name: str, make: Callable[[str], None]) -> Path:
	"""The snapshot of a name; made on a site of its own where there is none, and older ones of its kind dropped."""
	folder, kind = FOLDER / name, name.partition("-")[0]
	with _one_maker(kind):
		if (folder / "state.json").exists():
			return folder
		shutil.rmtree(folder, ignore_errors=True)
		site = f"{kind}-snapshot.localhost"
		try:
			make(site)
			_take(site, folder)
		finally:
			sites.drop(site)
		for old in FOLDER.glob(f"{kind}-*"):
			if old != folder:
				shutil.rmtree(old, ignore_errors=True)
	return folder


def _make_erpnext(site: str) -> None:
	sites.bench(
		f"Creating site {site} with ERPNext (one to two minutes)",
		*sites.new_site_command(site),
		"--install-app",
		"erpnext",
	)
	sites.complete_setup(site)
	sites.write_state(site, {"erpnext": True})


def _make_demo(site: str) -> None:
	restore(erpnext(), site)
	sites.show_iso_dates(site)
	sites.ensure_our_app(site)
	sites.ensure_demo_data(site)
	sites.close_website(site)


def _take(site: str, folder: Path) -> None:
	"""Keep a site's database, files and settings; what was done on it is written last, when all is there."""
	for below in FILE_FOLDERS:
		shutil.copytree(SITES / site / below, folder / below)
	shutil.copy(SITES / site / "site_config.json", folder / "site_config.json")
	config = json.loads((folder / "site_config.json").read_text(encoding="utf-8"))
	command = [program("mariadb-dump", "mysqldump") or "mariadb-dump", "--no-defaults", "-uroot"]
	command += ["-S", str(services.socket_path()), "--single-transaction", config["db_name"]]
	with step(f"Keeping a snapshot of {site}"), (folder / "database.sql").open("wb") as out:
		done = subprocess.run(
			command, stdout=out, stderr=subprocess.PIPE, env=_as_root(), check=False, cwd=VAR
		)
	if done.returncode:
		raise Problem(
			f"The snapshot failed: {done.stderr.decode().strip()}", "Check the disk space; run it again."
		)
	(folder / "state.json").write_text(json.dumps(sites.read_state(site)) + "\n", encoding="utf-8")


def _load(file: Path, name: str, password: str) -> None:
	services.query(
		f"""
		DROP DATABASE IF EXISTS `{name}`;
		CREATE DATABASE `{name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
		CREATE OR REPLACE USER '{name}'@'%' IDENTIFIED BY '{password}';
		GRANT ALL PRIVILEGES ON `{name}`.* TO '{name}'@'%';
		"""
	).check_returncode()
	client = program("mariadb", "mysql") or "mariadb"
	with file.open("rb") as script:
		done = subprocess.run(
			[client, "--no-defaults", "-uroot", "-S", str(services.socket_path()), name],
			stdin=script,
			stderr=subprocess.PIPE,
			env=_as_root(),
			check=False,
			cwd=VAR,
		)
	if done.returncode:
		raise Problem(
			f"The snapshot cannot be read: {done.stderr.decode().strip()}",
			f"Delete {FOLDER.name} below var/; it is made again.",
		)


def _as_root() -> dict[str, str]:
	return command_environment({"MYSQL_PWD": services.keys()["mariadb_root_password"]})


def _fingerprint() -> str:
	"""Changes whenever the demo site would come out otherwise: our code and data, the fetched versions."""
	digest = hashlib.sha256(",".join(str(installed_version(pin.folder)) for pin in pins()).encode())
	package = OUR_APP / "order_review"
	found = {file for pattern in MADE_OF for file in package.rglob(pattern)}
	for file in sorted(found):
		inside = file.relative_to(package)
		if inside.parts[0] != "public":
			digest.update(str(inside).encode() + b"\0" + file.read_bytes())
	return digest.hexdigest()[:16]


@contextmanager
def _one_maker(kind: str) -> Iterator[None]:
	RUN.mkdir(parents=True, exist_ok=True)
	with (RUN / f"snapshot-{kind}.lock").open("w") as lock:
		fcntl.flock(lock, fcntl.LOCK_EX)
		yield
