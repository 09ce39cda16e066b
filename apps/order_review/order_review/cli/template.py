"""`order-review template`: order sheets (XLSX) with drop-down lists, empty or filled."""

from __future__ import annotations

from pathlib import Path

import click

from ..adapters.order_sheet_template import template, workbook
from ..engine.catalogue import Catalogue
from ..engine.errors import BadInput
from . import common
from .failures import BAD_INPUT, CLEAR, say_failure
from .working import file_names


@click.command("template", short_help="Order sheets (XLSX) to fill in. 生成订单表。")
@click.option(
	"--model", "models", multiple=True, help="Model code; may be repeated (default: all). 车型代码。"
)
@click.option(
	"--from",
	"files",
	multiple=True,
	metavar="FILE",
	help="Fill sheets with the orders of a file. 用订单填表。",
)
@click.option(
	"--internal", is_flag=True, help="With floor and cost of special options. 含特殊配置底价与成本。"
)
@click.option(
	"--out",
	type=click.Path(path_type=Path, file_okay=False),
	default=Path("."),
	metavar="DIR",
	help="Folder to write into. 输出文件夹。",
)
@common.catalog_option
@common.language_option
def command(
	models: tuple[str, ...], files: tuple[str, ...], internal: bool, out: Path, catalog: Path, lang: str
) -> int:
	"""Write an order sheet for each model, or a filled one for each order of the files.

	Sheets come back in with `order-review review FILE.xlsx`.
	"""
	catalogue = common.load_catalogue(catalog)
	out.mkdir(parents=True, exist_ok=True)
	if files:
		return _filled(catalogue, files, out, lang, internal)
	for model in models or [code for code, model in catalogue.models.items() if model.active]:
		book = template(catalogue, model, lang)
		path = out / f"order-sheet-{model}.{lang}.xlsx"
		book.save(path)
		click.echo(str(path))
	return CLEAR


def _filled(catalogue: Catalogue, files: tuple[str, ...], out: Path, lang: str, internal: bool) -> int:
	batch = common.read_batch(files)
	for entry, name in zip(batch.entries, file_names(batch.entries), strict=True):
		try:
			common.read_order(entry, catalogue)
		except BadInput as error:
			batch.failures.append(error)
			continue
		path = out / f"{name}.{lang}.xlsx"
		workbook(catalogue, [entry.data], lang, internal=internal).save(path)
		click.echo(str(path))
	for failure in batch.failures:
		say_failure(failure, lang)
	return BAD_INPUT if batch.failures else CLEAR
