"""A time limit for a learner's function, in any thread, without threads or signals.

Threads cannot be stopped, signals reach only the main thread, and a browser has neither: so the
learner's code is watched by a trace function, which raises in it once its time is up. The watch
makes a Python loop some five to twenty-five times slower and leaves compiled code as fast as it is.
Work inside compiled code (``time.sleep``, ``sum`` over an endless iterator) is not seen until it
comes back: only Jupyter's Stop button ends it.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from opcode import opmap
from types import CodeType, FrameType
from typing import Any

LIMIT_S = 2.0

_LIBRARY = (
    os.path.dirname(os.__file__) + os.sep,
    os.path.dirname(os.path.dirname(__file__)) + os.sep,
    "<frozen ",
)
_INSTALLED = ("site-packages", "dist-packages")


class TimeUp(BaseException):
    """The time is up. Not an `Exception`, so that ``except Exception`` does not swallow it.

    Attributes
    ----------
    seconds : float
        The limit that was reached.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"stopped after {seconds:g} s")
        self.seconds = seconds


def call_with_limit(
    function: Callable[..., Any], args: tuple[Any, ...] = (), seconds: float = LIMIT_S
) -> Any:
    """Call a function and return what it returns, unless it takes longer than the limit.

    Only code outside libraries is interrupted: a library in the middle of its work is left to
    finish. An endless loop is also stopped inside ``try: ... except: pass``; what is not stopped
    is one that keeps the exception, one in a ``finally`` block that is entered when the time is
    up, and one that has caught a `RecursionError` before.

    Parameters
    ----------
    function : callable
        The learner's function.
    args : tuple
        Its arguments.
    seconds : float
        The limit on elapsed time, in seconds.

    Raises
    ------
    TimeUp
        When the time is up, also if the function caught it and came back afterwards.
    """
    watch = _Watch(seconds)
    before = sys.gettrace()
    try:
        watch.begin()
        result = function(*args)
    except KeyboardInterrupt:
        raise
    except BaseException:
        if not watch.fired:
            raise
    finally:
        watch.end(before)
    if watch.fired:
        raise TimeUp(seconds)
    return result


def is_library(code: CodeType) -> bool:
    """Return whether code belongs to Python, an installed package or the course."""
    name = code.co_filename
    return name.startswith(_LIBRARY) or any(part in name for part in _INSTALLED)


class _Alarm(TimeUp):
    """Raised inside the learner's code; begins the watch again when it was caught and dropped.

    Python removes a trace function that raises. So a loop around ``try: ... except: pass`` would
    swallow the one alarm and run on unwatched.
    """

    def __init__(self, watch: _Watch) -> None:
        super().__init__(watch.seconds)
        self.watch = watch

    def __del__(self) -> None:
        self.watch.begin(sys._getframe().f_back)


class _Watch:
    """The trace function of one call."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.active = True
        self.fired = False
        # By id, as hashing code is slow; the code is kept so that no other gets its id meanwhile.
        self.seen: dict[int, tuple[CodeType, bool, bool]] = {}
        deadline = time.perf_counter() + seconds

        # A closure: called for every line, and faster than a method.
        def at_each_step(frame: FrameType, event: str, arg: Any, now=time.perf_counter) -> Any:
            if now() > deadline and self.active:
                self.fired = True
                raise _Alarm(self)
            return at_each_step

        self.at_each_step = at_each_step

    def begin(self, frame: FrameType | None = None) -> None:
        """Watch all that is called from here, and the frames already running from `frame` up."""
        if not self.active:
            return
        while frame is not None and frame.f_code is not call_with_limit.__code__:
            if (step := self.at_call(frame, "call", None)) is not None:
                frame.f_trace = step
            frame = frame.f_back
        sys.settrace(self.at_call)

    def at_call(self, frame: FrameType, event: str, arg: Any) -> Any:
        """Watch a frame that begins or goes on, if it is the learner's."""
        code = frame.f_code
        if id(code) not in self.seen:
            self.seen[id(code)] = (code, is_library(code), _jumps_to_itself(code))
        _, library, every_opcode = self.seen[id(code)]
        if library:
            return None
        if every_opcode:
            frame.f_trace_opcodes = True
        return self.at_each_step

    def end(self, before: Any) -> None:
        """Stop watching and give the trace back to whoever had it."""
        self.active = False
        sys.settrace(before)


def _jumps_to_itself(code: CodeType) -> bool:
    """Return whether a jump in the code is its own target, as in ``while True: pass``.

    Python 3.11 gives such a loop no line events. Events for every opcode would do for all code,
    but cost four times as much, and Python 3.13.0 gives them for the first call only.
    """
    steps = code.co_code
    return any(
        steps[place] == opmap["JUMP_BACKWARD"] and steps[place + 1] == 1
        for place in range(0, len(steps), 2)
    )
