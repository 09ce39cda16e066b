"""What the person at the terminal sees: one line per step, and what to do when a step fails."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tools.paths import LOGS, ROOT, command_environment

SETUP_LOG = LOGS / "setup.log"
QUIET_SECONDS = 30  # without a terminal, say this often that a long step is alive

# What a failing program prints → what it means → what to do. First match wins.
SYMPTOMS: tuple[tuple[tuple[str, ...], str, str], ...] = (
	(
		("No space left on device", "ENOSPC", "Errcode: 28", "Disk full"),
		"The disk is full.",
		"Free some space (a bench with one site needs about 5 GB), then run the same command again.",
	),
	(
		(
			"SELF_SIGNED_CERT",
			"CERTIFICATE_VERIFY_FAILED",
			"certificate verify failed",
			"unable to get local issuer",
		),
		"The certificate of the address that was asked is not trusted by this machine.",
		"Name your network's certificates (pip: PIP_CERT, npm: NODE_EXTRA_CA_CERTS, git: GIT_SSL_CAINFO), then run the same command again.",
	),
	(
		(
			"Could not resolve host",
			"Temporary failure in name resolution",
			"Temporary failure resolving",
			"Network is unreachable",
			"NewConnectionError",
			"ENOTFOUND",
			"ETIMEDOUT",
			"EAI_AGAIN",
			"Could not connect to",
			"Failed to connect to",
			"ECONNREFUSED",
			"(from versions: none)",  # pip, when no index answers
		),
		"The network, or the address that was asked, does not answer.",
		"Check the connection (and the proxy settings of pip, npm and git), then run the same command again.",
	),
	(
		("Address already in use", "EADDRINUSE"),
		"A port is taken by another program.",
		"Stop that program, or delete config/ports.json so that free ports are chosen; run the same command again.",
	),
	(
		("Permission denied", "EACCES", "are you root?"),
		"This user may not write there.",
		"Make the checkout belong to the user who runs make (chown -R), then run the same command again.",
	),
)


class Problem(Exception):
	"""A step that cannot go on. Says what happened and what the person can do about it."""

	def __init__(self, message: str, remedy: str, output: str = "") -> None:
		super().__init__(message)
		self.message = message
		self.remedy = remedy
		self.output = output  # what the failed program printed last


def say(text: str = "") -> None:
	"""Print a line at once, also into a pipe."""
	print(text, flush=True)


def explain(output: str, title: str) -> Problem:
	"""Turn the output of a failed program into a problem with a remedy."""
	for signs, message, remedy in SYMPTOMS:
		if any(sign in output for sign in signs):
			return Problem(f"{title}: {message}", remedy, output)
	last = [line.strip() for line in output.splitlines() if line.strip()][-4:]
	return Problem(
		f"{title} failed. Its last words: " + " | ".join(last or ["(none)"]),
		f"Read {SETUP_LOG.relative_to(ROOT)}; every step can be run again with the same command.",
		output,
	)


class _Line:
	"""The one line of a running step: rewritten on a terminal, repeated now and then in a pipe."""

	def __init__(self, title: str) -> None:
		self.title = title
		self.started = time.monotonic()
		self.detail = ""
		self._live = sys.stdout.isatty()
		self._said = self.started
		self._done = threading.Event()
		self._thread = threading.Thread(target=self._keep_showing, daemon=True)
		self._thread.start()

	def _keep_showing(self) -> None:
		while not self._done.wait(0.3):
			self._show()

	def _show(self) -> None:
		seconds = time.monotonic() - self.started
		if self._live:
			text = f"  {self.title} … {seconds:.0f} s  {self.detail}"
			print(f"\r\033[K{text[:110]}", end="", flush=True)
		elif time.monotonic() - self._said >= QUIET_SECONDS:
			self._said = time.monotonic()
			say(f"  {self.title} … still running, {seconds:.0f} s")

	def end(self, word: str) -> None:
		self._done.set()
		self._thread.join()
		start = "\r\033[K" if self._live else ""
		say(f"{start}  {self.title} … {word} ({time.monotonic() - self.started:.0f} s)")


@contextmanager
def step(title: str) -> Iterator[_Line]:
	"""Show one step while its body runs."""
	line = _Line(title)
	try:
		yield line
	except BaseException:
		line.end("FAILED")
		raise
	line.end("done")


def run(
	title: str,
	command: Sequence[str | Path],
	*,
	cwd: Path = ROOT,
	env: dict[str, str] | None = None,
) -> str:
	"""Run one program as one step.

	:param title: what the person reads, for example "Fetching frappe v15.103.0".
	:returns: the last 400 lines it printed; all of it goes to logs/setup.log.
	:raises Problem: when it fails, with the reason in words where it is a known one.
	"""
	words = [str(word) for word in command]
	LOGS.mkdir(exist_ok=True)
	with step(title) as line, SETUP_LOG.open("a", encoding="utf-8") as log:
		log.write(f"\n$ {' '.join(_without_passwords(words))}\n")
		try:
			code, output = _follow(words, cwd, command_environment(env), line, log.write)
		except FileNotFoundError as error:
			raise Problem(
				f"{title}: the program {words[0]} is not installed.", f"Install {words[0]}."
			) from error
		except OSError as error:
			raise explain(str(error), title) from error
		if code:
			raise explain(output, title)
	return output


def _without_passwords(words: list[str]) -> list[str]:
	return [
		"***" if before.endswith("-password") else word
		for before, word in zip(["", *words], words, strict=False)
	]


def _follow(
	words: list[str],
	cwd: Path,
	environment: dict[str, str],
	line: _Line,
	log: Callable[[str], object],
) -> tuple[int, str]:
	kept: deque[str] = deque(maxlen=400)
	with subprocess.Popen(
		words,
		cwd=cwd,
		env=environment,
		stdin=subprocess.DEVNULL,
		stdout=subprocess.PIPE,
		stderr=subprocess.STDOUT,
		text=True,
		errors="replace",
	) as process:
		# Progress bars end their states with \r, which text mode hands over as line ends.
		for text in process.stdout or ():
			log(text)
			kept.append(text)
			line.detail = text.strip() or line.detail
	return process.returncode, "".join(kept)
