"""A limit on how long a report may take to be read."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from hmip_kit.sources.problems import refusal

SECONDS = 18
TOO_LONG = (
    f"takes longer than {SECONDS} seconds to read: save the pages with its ratings and key"
    " questions as a file of their own"
)


class _TimeUp(BaseException):
    """The time is up: no reader of files takes this for an error in the file."""


@contextmanager
def in_time(name: str) -> Iterator[None]:
    """Refuse the file called `name` where what is done with it takes too long.

    Only the main thread of a system with such a clock can be interrupted; where another clock is
    running already it is left alone. Elsewhere a PDF alone is limited, between its pages.
    """
    main = threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer")
    if not main or any(signal.getitimer(signal.ITIMER_REAL)):
        yield
        return

    def stop(*_: object) -> None:
        raise _TimeUp

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS, 1)
    try:
        yield
    except _TimeUp:
        raise refusal(name, TOO_LONG) from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
