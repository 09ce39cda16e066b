"""Our own servers: one MariaDB and two Redis, on the loopback address, with their data in var/."""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tools import ports
from tools.debian import program
from tools.paths import CONFIG, LOGS, ROOT, RUN, SECRETS_FILE, VAR, command_environment, make_folders
from tools.report import Problem, run, step

START_SECONDS = 60
STOP_SECONDS = 60
LONGEST_SOCKET_PATH = 100  # the kernel allows 107 bytes
DATA = VAR / "mariadb"
SERVERS = ("mariadb", "redis_cache", "redis_queue")
NOT_SERVERS = set(ports.FIRST) - set(SERVERS)


PORT_TRIES = 3
TRY_AGAIN = "Run the same command again: the next free port is used."


class PortLost(Problem):
	"""Another program took a port between our choice of it and our server's start."""


@dataclass(frozen=True)
class Server:
	"""One server of ours and how to recognise its process."""

	name: str
	port: int
	command: tuple[str, ...]
	marker: str

	@property
	def pid_file(self) -> Path:
		return RUN / f"{self.name}.pid"

	@property
	def log(self) -> Path:
		return LOGS / f"{self.name}.log"


def server(name: str, remembered: dict[str, int] | None = None) -> Server:
	"""The server of this name at its remembered port (0 while none is chosen)."""
	port = (ports.read() if remembered is None else remembered).get(name, 0)
	config = VAR / _config_name(name)
	if name == "mariadb":
		return Server(
			name, port, (program("mariadbd") or "mariadbd", f"--defaults-file={config}"), str(config)
		)
	return Server(name, port, (program("redis-server") or "redis-server", str(config)), f":{port}")


def _config_name(name: str) -> str:
	return "mariadb.cnf" if name == "mariadb" else f"{name}.conf"


def process_id(one: Server) -> int | None:
	"""The process of this server, None when it does not run; a foreign process with the same number is not ours."""
	try:
		pid = int(one.pid_file.read_text(encoding="utf-8"))
		command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
	except (OSError, ValueError):
		return None
	return pid if one.marker in command else None


def running() -> set[str]:
	"""Names of our servers that run now."""
	remembered = ports.read()
	return {name for name in SERVERS if process_id(server(name, remembered))}


def answers(port: int) -> bool:
	"""Whether something accepts connections on this port."""
	try:
		with socket.create_connection(("127.0.0.1", port), timeout=1):
			return True
	except OSError:
		return False


def wait_for(
	one: Server, started: subprocess.Popen[bytes] | None = None, seconds: float = START_SECONDS
) -> None:
	"""Wait until the server answers, and not another one on its port.

	:param started: its process, when we started it; that it has ended is seen at once.

	:raises PortLost: when it has ended and another program has its port, as when two checkouts start at once.
	:raises Problem: when it does not answer within the time, with the place of its log.
	"""
	end = time.monotonic() + seconds
	while not (process_id(one) and answers(one.port)):
		ended = started is not None and started.poll() is not None
		if ended and answers(one.port):
			raise PortLost(f"Port {one.port} ({one.name}) was taken by another program.", TRY_AGAIN)
		if ended or time.monotonic() > end:
			raise Problem(
				f"{one.name} does not answer on port {one.port} after {seconds:.0f} s.",
				f"Read {one.log.relative_to(ROOT)}, then run the same command again.",
			)
		time.sleep(0.1)


def ensure() -> list[str]:
	"""Have all three servers running with current configuration.

	The ports of the processes before them are left as they are: whether they run or not, they are not started here.

	:returns: names of the servers that this call started, for :func:`stop`.
	"""
	make_folders()
	before = running()
	for attempt in range(1, PORT_TRIES + 1):
		try:
			chosen = _start_missing()
			break
		except PortLost:
			if attempt == PORT_TRIES:
				raise
	_secure_database(chosen["mariadb"])
	return [name for name in SERVERS if name not in before]


def _start_missing() -> dict[str, int]:
	running_now = running()
	chosen = ports.choose(running_now.union(NOT_SERVERS))
	_write_configuration(chosen)
	if "mariadb" not in running_now:
		_initialise_database()
	missing = [name for name in SERVERS if name not in running_now]
	if missing:
		with step(f"Starting {', '.join(missing)}"):
			processes = {name: _start(server(name, chosen)) for name in missing}
			for name, process in processes.items():
				wait_for(server(name, chosen), process)
	return chosen


def stop(names: Iterable[str] = SERVERS) -> None:
	"""Stop these servers and wait until they have ended."""
	remembered = ports.read()
	for name in names:
		stop_process(process_id(server(name, remembered)))


def stop_process(pid: int | None) -> None:
	"""Ask one process to end and wait for it."""
	if not pid:
		return
	os.kill(pid, signal.SIGTERM)
	end = time.monotonic() + STOP_SECONDS
	while time.monotonic() < end and is_alive(pid):
		time.sleep(0.1)


def is_alive(pid: int) -> bool:
	"""Whether this process runs; one that ended but was not collected by its parent does not."""
	try:
		return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
	except OSError:
		return False


def socket_path() -> Path:
	"""MariaDB's socket: in var/run, or in a short folder of this user's when that path is too long for the kernel."""
	usual = RUN / "mariadb.sock"
	if len(str(usual)) <= LONGEST_SOCKET_PATH:
		return usual
	mark = hashlib.sha256(str(ROOT).encode()).hexdigest()[:10]
	folder = Path(tempfile.gettempdir()) / f"order-review-{os.geteuid()}-{mark}"
	folder.mkdir(mode=0o700, exist_ok=True)
	return folder / "mariadb.sock"


def keys() -> dict[str, str]:
	"""Passwords of this checkout's own database and sites; made once, readable by this user alone."""
	known: dict[str, str] = {}
	if SECRETS_FILE.exists():
		known = json.loads(SECRETS_FILE.read_text(encoding="utf-8"))
	wanted = {name: known.get(name) or secrets.token_urlsafe(12) for name in (*known, *_KEY_NAMES)}
	if wanted != known:
		SECRETS_FILE.parent.mkdir(parents=True, exist_ok=True)
		with open(
			SECRETS_FILE, "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)
		) as file:
			json.dump(wanted, file, indent=1)
	return wanted


_KEY_NAMES = ("mariadb_root_password", "administrator_password")


def query(sql: str, password: str | None = None) -> subprocess.CompletedProcess[str]:
	"""Run SQL as the root of our MariaDB, through its socket."""
	client = program("mariadb", "mysql") or "mariadb"
	return subprocess.run(
		[client, "--no-defaults", "--batch", "--skip-column-names", "-uroot", "-S", str(socket_path())],
		input=sql,
		env=command_environment(
			{"MYSQL_PWD": keys()["mariadb_root_password"] if password is None else password}
		),
		capture_output=True,
		text=True,
		check=False,
	)


def _write_configuration(chosen: dict[str, int]) -> None:
	for name in SERVERS:
		one = server(name, chosen)
		data = DATA if name == "mariadb" else VAR / name
		if name != "mariadb":
			data.mkdir(exist_ok=True)
		text = (CONFIG / _config_name(name)).read_text(encoding="utf-8")
		filled = {
			"{user}": getpass.getuser(),
			"{data}": data,
			"{socket}": socket_path(),
			"{pid_file}": one.pid_file,
			"{log}": one.log,
			"{port}": one.port,
		}
		for field, value in filled.items():
			text = text.replace(field, str(value))
		(VAR / _config_name(name)).write_text(text, encoding="utf-8")


def _initialise_database() -> None:
	if (DATA / "mysql").is_dir():
		return
	maker = program("mariadb-install-db", "mysql_install_db")
	if not maker:
		raise Problem("mariadb-install-db is not installed.", "Install MariaDB's server package.")
	# Made aside and moved when whole, so that an interrupted attempt is simply made again.
	partial = DATA.with_name("mariadb.partial")
	for folder in (partial, DATA):
		shutil.rmtree(folder, ignore_errors=True)
	run(
		"Creating our own MariaDB instance",
		[
			maker,
			f"--defaults-file={VAR / 'mariadb.cnf'}",
			f"--datadir={partial}",
			"--auth-root-authentication-method=normal",
			"--skip-test-db",
			"--force",  # a machine need not be able to look up its own name
		],
	)
	partial.rename(DATA)


def _start(one: Server) -> subprocess.Popen[bytes]:
	with one.log.open("ab") as log:
		return subprocess.Popen(
			one.command,
			stdin=subprocess.DEVNULL,
			stdout=log,
			stderr=log,
			env=command_environment(),
			cwd=VAR,
			start_new_session=True,
		)


def _secure_database(port: int) -> None:
	"""Give the fresh instance's root its password and close its other doors; nothing to do the second time."""
	if query("SELECT 1").returncode == 0:
		return
	password = keys()["mariadb_root_password"]
	done = query(
		f"""
		DELETE FROM mysql.global_priv WHERE User = 'root' AND Host NOT IN ('localhost', '127.0.0.1');
		FLUSH PRIVILEGES;
		ALTER USER 'root'@'localhost' IDENTIFIED BY '{password}';
		ALTER USER 'root'@'127.0.0.1' IDENTIFIED BY '{password}';
		""",
		password="",
	)
	if done.returncode:
		raise Problem(
			f"Our MariaDB on port {port} refuses its root: {done.stderr.strip()}",
			"var/secrets.json does not fit var/mariadb. Restore it, or start anew with make clean.",
		)
