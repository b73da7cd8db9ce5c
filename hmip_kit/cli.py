"""The command `hmip`. Each command is imported when it is called for, so that starting is quick."""

import sys
from importlib import import_module
from importlib.util import find_spec

import click

from hmip_kit import __version__
from hmip_kit.errors import KitError

HOMES = {
    "lab": "share.commands",
    "render": "share.commands",
    "check": "sources.commands",
    "template": "sources.commands",
    "new": "sources.commands",
    "read": "sources.report_command",
}


class Commands(click.Group):
    """A group whose commands are read from their modules when they are first asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order in which one meets them."""
        return [name for name, home in HOMES.items() if find_spec(f"hmip_kit.{home}")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command; none for a name that is not one."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = getattr(import_module(f"hmip_kit.{HOMES[cmd_name]}"), cmd_name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hmip")
def hmip() -> None:
    """Work with inspection data: in JupyterLab, on pages that need no network, and from your own case file."""


def main() -> None:
    """Run the command line. What a person can put right is said on stderr, without a traceback, with its exit code."""
    try:
        hmip(prog_name="hmip")
    except KitError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
