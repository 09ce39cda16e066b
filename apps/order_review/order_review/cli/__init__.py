"""The command line `order-review`: reviews order files against a catalogue folder, without a server.

One module per command; a module is loaded when its command runs. To add a command, write
``cli/<module>.py`` with a click command named ``command`` and enter it in COMMANDS.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence

import click

from .. import __version__
from .failures import BAD_INPUT, say_failure

COMMANDS = {
	"review": "review",
	"translate": "translate",
	"diff": "diff",
	"template": "template",
	"options": "options",
	"explain": "explain",
	"lint": "lint",
}
"""Command name → module of this package."""


class _Commands(click.Group):
	"""Loads the module of a command only when the command is asked for."""

	def list_commands(self, ctx: click.Context) -> list[str]:
		return [name for name, module in COMMANDS.items() if importlib.util.find_spec(f"{__name__}.{module}")]

	def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
		if cmd_name not in self.list_commands(ctx):
			return None
		command = importlib.import_module(f"{__name__}.{COMMANDS[cmd_name]}").command
		assert isinstance(command, click.Command)
		return command


@click.group(
	cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="order-review")
def _group() -> None:
	"""Review orders for configured vehicles. 评审车辆订单。

	Exit status: 0 clear, 1 findings of severity error, 2 something could not be read or understood.
	"""


def main(args: Sequence[str] | None = None) -> int:
	"""Run the command line and return its exit status instead of leaving the process."""
	from ..engine.errors import BadInput

	try:
		status = _group.main(args=args, prog_name="order-review", standalone_mode=False)
	except BadInput as error:
		say_failure(error)
		return BAD_INPUT
	except click.exceptions.Abort:
		click.echo("Stopped. 已中止。", err=True)
		return 130
	except click.ClickException as error:
		error.show()
		return error.exit_code
	except BrokenPipeError:
		return _reader_went_away()
	except OSError as error:
		click.echo(f"Error: {error.filename or 'output'}: {error.strerror}", err=True)
		return BAD_INPUT
	return status if isinstance(status, int) else 0


def _reader_went_away() -> int:
	"""The program that read our output has ended; leave quietly, nothing is wrong."""
	import os
	import sys

	os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
	return 141
