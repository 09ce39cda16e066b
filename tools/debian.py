"""Programs and libraries from Debian: installed when root, listed otherwise."""

from __future__ import annotations

import ctypes.util
import os
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tools.paths import command_environment
from tools.report import Problem, run

POLICY = Path("/usr/sbin/policy-rc.d")
OLDEST_NODE = 18


def program(*names: str) -> str | None:
	"""The first of these programs that exists, looked for where an ordinary user's PATH does not look too."""
	path = command_environment()["PATH"]
	return next((found for name in names if (found := shutil.which(name, path=path))), None)


def _has_program(*names: str) -> Callable[[], bool]:
	return lambda: program(*names) is not None


def _has_library(name: str) -> Callable[[], bool]:
	return lambda: ctypes.util.find_library(name) is not None


def _has_cjk_font() -> bool:
	lister = program("fc-list")
	if lister:
		return (
			"Noto" in subprocess.run([lister, ":lang=zh"], capture_output=True, text=True, check=False).stdout
		)
	return any(Path("/usr/share/fonts").rglob("NotoSansCJK*"))


def _has_mariadb_headers() -> bool:
	if program("mariadb_config", "mysql_config"):
		return True
	finder = program("pkg-config")
	return (
		bool(finder) and subprocess.run([str(finder), "--exists", "libmariadb"], check=False).returncode == 0
	)


def _has_python_headers() -> bool:
	return Path(sysconfig.get_paths()["include"], "Python.h").exists()


def _has_certificates() -> bool:
	return Path("/etc/ssl/certs/ca-certificates.crt").exists() or "SSL_CERT_FILE" in os.environ


def _has_node() -> bool:
	node = program("node")
	if not node or not program("npm"):
		return False
	answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
	match = re.match(r"v(\d+)", answer)
	return bool(match) and int(match.group(1)) >= OLDEST_NODE  # type: ignore[union-attr]


@dataclass(frozen=True)
class Package:
	"""A Debian package, how to see that its content is there already, and what it is for."""

	name: str
	is_there: Callable[[], bool]
	reason: str


PYTHON = (
	Package("python3-venv", lambda: find_spec("ensurepip") is not None, "the Python environment env/"),
	Package("ca-certificates", _has_certificates, "fetching packages over https"),
)
PRINTS = (
	Package("libpango-1.0-0", _has_library("pango-1.0"), "PDF review sheets"),
	Package("libpangoft2-1.0-0", _has_library("pangoft2-1.0"), "PDF review sheets"),
	Package("libharfbuzz-subset0", _has_library("harfbuzz-subset"), "PDF review sheets"),
	Package("fonts-noto-cjk", _has_cjk_font, "Chinese text in PDF files"),
)
BENCH = (
	Package("git", _has_program("git"), "fetching Frappe and ERPNext"),
	Package("mariadb-server-core", _has_program("mariadbd"), "the database, as our own instance"),
	Package("mariadb-client", _has_program("mariadb-dump"), "Frappe's database set-up and backups"),
	Package("redis-server", _has_program("redis-server"), "cache and queue"),
	Package("build-essential", _has_program("gcc", "cc"), "compiling mysqlclient"),
	Package("pkg-config", _has_program("pkg-config"), "compiling mysqlclient"),
	Package("libmariadb-dev", _has_mariadb_headers, "compiling mysqlclient"),
	Package("python3-dev", _has_python_headers, "compiling mysqlclient"),
	Package("nodejs", _has_node, f"building assets and live updates (version {OLDEST_NODE} or newer)"),
	Package("npm", _has_node, "fetching the JavaScript packages"),
)
BROWSER = (
	Package("chromium", _has_program("chromium", "chromium-browser", "google-chrome"), "browser tests"),
)


def missing(packages: Iterable[Package]) -> list[Package]:
	"""Those whose content is not on this machine."""
	return [package for package in packages if not package.is_there()]


def ensure(packages: Iterable[Package]) -> None:
	"""Install what is missing when root; otherwise say exactly what to install.

	:raises Problem: when something is missing and cannot be installed.
	"""
	wanted = missing(packages)
	if not wanted:
		return
	names = " ".join(package.name for package in wanted)
	if os.geteuid() != 0 or not shutil.which("apt-get"):
		needs = "; ".join(f"{package.name} ({package.reason})" for package in wanted)
		raise Problem(
			f"Missing on this machine: {needs}.", f"As root: apt-get install --no-install-recommends {names}"
		)
	quiet = {"DEBIAN_FRONTEND": "noninteractive"}
	run("Updating Debian's package lists", ["apt-get", "update"], env=quiet)
	with _no_system_servers():
		run(
			f"Installing Debian packages: {names}",
			["apt-get", "install", "--yes", "--no-install-recommends", *names.split()],
			env=quiet,
		)
	still = missing(wanted)
	if still:
		raise Problem(
			f"Installed, but still not usable: {', '.join(package.name for package in still)}.",
			"Check that this machine's versions are new enough (Node.js 18, MariaDB 10.6, Redis 6).",
		)


@contextmanager
def _no_system_servers() -> Iterator[None]:
	"""Debian starts a server when it installs one; we run our own, so none is started for the machine."""
	if POLICY.exists():
		yield
		return
	POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="utf-8")
	POLICY.chmod(0o755)
	try:
		yield
	finally:
		POLICY.unlink(missing_ok=True)
