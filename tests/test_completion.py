"""What the Tab key lists, what Shift-Tab says and how an error shows, in a real kernel.

That JupyterLab shows them is in `test_lab.py`.
"""

import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

import hmip_kit as hk
from hmip_kit import doors

FIRST = "import hmip_kit as hk\nhk.setup()\npdu = hk.load('lewisham-bromley-2022')"


@pytest.fixture(scope="module")
def kernel() -> Iterator[BlockingKernelClient]:
    """Return a client of a kernel in which the kit is set up and an inspection is loaded."""
    manager, client = start_new_kernel(kernel_name="python3")
    try:
        client.execute_interactive(FIRST, timeout=60)
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def answer(client: BlockingKernelClient, asked: str) -> dict[str, Any]:
    """Return what the kernel answers to one message."""
    while True:
        message = client.get_shell_msg(timeout=60)
        if message["parent_header"].get("msg_id") == asked:
            return dict(message["content"])


def completed(client: BlockingKernelClient, code: str) -> dict[str, str]:
    """Return what the Tab key lists after some code, with the kind of each."""
    found = answer(client, client.complete(code, len(code)))["metadata"]
    return {one["text"]: one["type"] for one in found["_jupyter_types_experimental"]}


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("hk.", hk.__all__),
        ("pdu.show.", dir(hk.load("lewisham-bromley-2022").show)),
        ("pdu.against(pdu).show.", ["agreement", "change", "others"]),
        ("hk.load('practice-cases').show.", dir(hk.load("practice-cases").show)),
        ("hk.check('audit.csv').show.", ["file_checked"]),
        ("hk.stats.", hk.stats.__all__),
    ],
)
def test_the_tab_key_lists_names_with_their_kinds(
    kernel: BlockingKernelClient, code: str, wanted: list[str]
) -> None:
    listed = completed(kernel, code)
    assert set(wanted) <= set(listed)
    assert {kind for name, kind in listed.items() if name in wanted} <= {
        *("function", "class", "module", "instance")
    }
    functions = [name for name in wanted if not isinstance(getattr(hk, name, None), type | str)]
    for name in functions:
        assert listed[name] in ("function", "module"), name


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        ("pdu.show.needs", ["link", "Parameters", "Returns"]),
        ("hk.load", ["drop_identifiers", "Parameters", "Raises"]),
        ("hk.stats.wilson", ["confidence", "Wilson (1927)"]),
    ],
)
def test_shift_tab_shows_signature_and_docstring(
    kernel: BlockingKernelClient, code: str, parts: list[str]
) -> None:
    said = answer(kernel, kernel.inspect(code, len(code)))
    assert said["found"]
    for part in ("Signature", *parts):
        assert part in said["data"]["text/plain"], part


def test_an_error_of_the_kit_is_one_readable_message(kernel: BlockingKernelClient) -> None:
    failed = answer(kernel, kernel.execute("pdu.show.neds()"))
    assert failed["status"] == "error"
    [line] = failed["traceback"]
    assert "did you mean 'needs'" in line
    assert "File" not in line


def test_each_finding_has_its_own_signature_and_words() -> None:
    pdu = hk.load("lewisham-bromley-2022")
    for name in dir(pdu.show):
        made = getattr(pdu.show, name)
        assert "inspection" not in inspect.signature(made).parameters
        assert made.__doc__
        assert doors.index()[name]["question"].endswith("?")
