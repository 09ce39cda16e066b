"""`python -m tools COMMAND`: what the Makefile calls."""

from __future__ import annotations

import argparse
import signal
import sys

from tools.report import Problem, explain, say


def _start(_words: list[str]) -> int:
	from tools.start import start

	start()
	return 0


def _stop(_words: list[str]) -> int:
	from tools.start import stop

	stop()
	return 0


def _process(words: list[str]) -> int:
	from tools.process import become

	become(words[0])
	return 0


def _demo(_words: list[str]) -> int:
	from tools.demo import demo

	demo()
	return 0


def _test(words: list[str]) -> int:
	from tools.test_run import test

	return test(words)


def _test_long(words: list[str]) -> int:
	from tools.test_run import test_long

	return test_long(words)


def _forget_jobs(words: list[str]) -> int:
	from tools import queued_jobs

	queued_jobs.forget(*words)
	return 0


def _snapshot(_words: list[str]) -> int:
	from tools import snapshots

	snapshots.demo()
	return 0


def _lint(_words: list[str]) -> int:
	from tools.lint import lint

	return lint()


def _perf(words: list[str]) -> int:
	from tools.perf import perf

	return perf(words)


def _clean(_words: list[str]) -> int:
	from tools.clean import clean

	clean()
	return 0


def _install(words: list[str]) -> int:
	from tools.install import install

	install(*words)
	return 0


def _doctor(_words: list[str]) -> int:
	from tools.doctor import doctor

	return doctor()


COMMANDS = {
	"start": _start,
	"stop": _stop,
	"process": _process,
	"demo": _demo,
	"test": _test,
	"test-long": _test_long,
	"snapshot": _snapshot,
	"forget-jobs": _forget_jobs,
	"lint": _lint,
	"perf": _perf,
	"clean": _clean,
	"install": _install,
	"doctor": _doctor,
}


def _tell(problem: Problem) -> int:
	say(f"\nStopped: {problem.message}\nTo do:   {problem.remedy}")
	return 1


def main() -> int:
	"""Run one command; a problem becomes two lines and exit code 1, never a traceback."""
	signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `make doctor | head` is no error
	parser = argparse.ArgumentParser(prog="tools")
	parser.add_argument("command", choices=COMMANDS)
	parser.add_argument("words", nargs="*")
	asked = parser.parse_args()
	try:
		return COMMANDS[asked.command](asked.words)
	except Problem as problem:
		return _tell(problem)
	except OSError as error:
		return _tell(explain(str(error), f"make {asked.command}"))
	except KeyboardInterrupt:
		say("\nStopped by you. What was finished stays; the same command goes on from there.")
		return 130


if __name__ == "__main__":
	sys.exit(main())
