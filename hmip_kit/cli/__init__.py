"""The command `hmip`. Each command is imported when it is called for: starting is quick."""

from importlib import import_module
from typing import Any

import click

from hmip_kit import __version__
from hmip_kit.errors import KitError

ROOMS = {  # the commands in the order in which one meets them, each with its file
    "lab": "pages",
    "render": "pages",
    "plan": "pages",
    "check": "files",
    "template": "files",
    "new": "files",
    "read": "files",
    "releases": "pages",
}
FIRST = """Three things to do first:

  hmip lab                  open the notebooks in JupyterLab
  hmip render               write them as one page to pass on, into the folder rendered
  hmip template audit.xlsx  begin with your own cases: a workbook to fill in

`hmip --help` lists every command."""


class Commands(click.Group):
    """A group whose commands are read from their files when they are first asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands; click gives its context as `ctx`."""
        return list(ROOMS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command `cmd_name`, none where there is no such; `ctx` is click's."""
        if cmd_name not in ROOMS:
            return None
        module = import_module(f"hmip_kit.cli.{ROOMS[cmd_name]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command of `ctx`: what a person can put right is said without a traceback."""
        try:
            return super().invoke(ctx)
        except KitError as error:
            click.echo(str(error), err=True)
            ctx.exit(error.exit_code)


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="hmip")
def hmip() -> None:
    """Work with inspection data: in JupyterLab, on offline pages, from your own case file."""
    if click.get_current_context().invoked_subcommand is None:
        click.echo(FIRST)


def main() -> None:
    """Run the command line."""
    hmip(prog_name="hmip")
