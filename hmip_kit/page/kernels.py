"""A fresh kernel for each notebook, forked from a process that has loaded what notebooks load.

Loading pandas, Altair and this kit takes most of the time of a short notebook. Where the system
can fork, one process loads them once, and the kernel of every notebook starts as a copy of it: no
notebook finds anything that another left. Elsewhere each kernel loads them itself.
"""

import os
import pickle
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from hmip_kit.doors import index
from hmip_kit.sources.own import CHECKED, Checked

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerContext

LOADED = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "IPython.core.completer",
    "altair",
    "statsmodels.stats.proportion",
    "hmip_kit.panel",
    "hmip_kit.protect.bundle",
    "hmip_kit.sources.own",
)


class Kernels:
    """The kernels of one run of the command: each is fresh, and none outlives it.

    What was `checked` of a case file, by its path, is not checked again in those that are forked.
    """

    def __init__(self, checked: Mapping[Path, Checked] | None = None) -> None:
        self._managers: list[AsyncKernelManager] = []
        given = (checked or {}).items()
        self._checked = {path.resolve(): pickle.dumps(one) for path, one in given}

    @contextmanager
    def fresh(self) -> Iterator[AsyncKernelManager]:
        """Give the manager of a kernel that is not started yet.

        It is reached through files of a folder of its own, not over the network.
        """
        with TemporaryDirectory(prefix="hmip-") as folder:
            reached = {"transport": "ipc", "connection_file": f"{folder}/kernel.json"}
            manager = AsyncKernelManager(**(reached if os.name == "posix" else {}))
            if "forkserver" in get_all_start_methods():
                manager.provisioner = Forking(kernel_spec=manager.kernel_spec, parent=manager)
                manager.provisioner.checked = self._checked
            self._managers.append(manager)
            yield manager

    def end(self) -> None:
        """End those that still run, whatever they are at."""
        for manager in self._managers:
            process = getattr(manager.provisioner, "process", None)
            if process is not None:
                process.kill()


class Forking(LocalProvisioner):
    """Starts a kernel as a copy of the process that has loaded everything."""

    checked: Mapping[Path, bytes]

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start the kernel that the command `cmd` would; `kwargs` are those of `Popen`."""
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        ready, told = _preloaded().Pipe(duplex=False)
        given = arguments, str(kwargs["cwd"]), dict(kwargs["env"]), self.checked, told
        started = _preloaded().Process(target=_kernel, args=given)
        started.start()
        told.close()
        ready.recv()  # it leads a process group of its own from here on
        self.process: Any = _Forked(started)
        self.pid = self.pgid = started.pid
        self.cwd = kwargs["cwd"]
        return self.connection_info


class _Forked:
    """A forked process, with what Jupyter asks of one that it starts by a command."""

    stdin = stdout = stderr = None

    def __init__(self, process: Any) -> None:
        self._process = process

    def poll(self) -> int | None:
        code: int | None = self._process.exitcode
        return code

    def wait(self) -> int | None:
        self._process.join()
        return self.poll()

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.killpg(self._process.pid, number)  # what it started too

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


@cache
def _preloaded() -> "ForkServerContext":
    """Return what starts processes as copies of one that has loaded everything."""
    context = get_context("forkserver")
    topics = {f"hmip_kit.findings.{one['topic']}" for one in index().values()}
    context.set_forkserver_preload([*LOADED, *sorted(topics)])
    return context


def _kernel(
    arguments: list[str],
    folder: str,
    environment: Mapping[str, str],
    checked: Mapping[Path, bytes],
    told: "Connection",
) -> None:
    """Be a kernel, in a `folder` and an `environment`, once it was `told` that this process is."""
    import numpy as np
    from ipykernel.kernelapp import IPKernelApp

    os.setsid()
    told.send(True)
    told.close()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    CHECKED.update(checked)
    np.random.seed()  # noqa: NPY002  # else every copy would draw the same
    IPKernelApp.launch_instance(arguments, parent_handle=os.getppid())
