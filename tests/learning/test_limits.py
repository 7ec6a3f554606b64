"""The time limit: every shape of endless Python loop, in any thread, and what it leaves alone."""

import subprocess
import sys
import textwrap
import threading
import time

import pytest

from exocourse.learning.limits import TimeUp, call_with_limit, is_library

ENDLESS = {
    "one line": "while True: pass",
    "continue": "while 1: continue",
    "two lines": "while True:\n    pass",
    "counting": "x = 0\nwhile True:\n    x += 1",
    "condition": "x = 1\nwhile x: pass",
    "two conditions": "x = [1]\nwhile x[0] and x[0]: pass",
    "branches": "x = 1\nwhile True:\n    if x: pass\n    else: pass",
    "for": "for _ in iter(int, 1): pass",
    "list comprehension": "[0 for _ in iter(int, 1)]",
    "dictionary comprehension": "{0: 0 for _ in iter(int, 1)}",
    "generator under sum": "sum(1 for _ in iter(int, 1))",
    "calls": "g = lambda: 1\nwhile g(): pass",
    "callback": "any(map(lambda _: False, iter(int, 1)))",
    "nested function": "def g():\n    while True: pass\ng()",
    "bare except": "while True:\n    try:\n        x = 1\n    except: pass",
    "except and continue": "while True:\n    try:\n        x = 1\n    except: continue",
    "except as": (
        "while True:\n    try:\n        x = 1\n    except BaseException as e:\n        y = str(e)"
    ),
    "nested excepts": (
        "while True:\n    try:\n        while True:\n            try:\n                x = 1\n"
        "            except: pass\n    except: pass"
    ),
    "except in a function": (
        "def g():\n    try:\n        return 1\n    except:\n        return 2\nwhile True: g()"
    ),
    "suppress": (
        "import contextlib\nwhile True:\n    with contextlib.suppress(BaseException): x = 1"
    ),
    "finally and continue": (
        "while True:\n    try:\n        while True: x = 1\n    finally:\n        continue"
    ),
    "except, then return": "try:\n    while True: pass\nexcept:\n    return 5",
    "except, then raise": "try:\n    while True: pass\nexcept:\n    raise ValueError",
}


def defined(body):
    """Return a function with this body, compiled as a notebook cell is."""
    space = {}
    source = f"def f():\n{textwrap.indent(body, '    ')}\n"
    exec(compile(source, "/tmp/ipykernel_1/cell.py", "exec"), space)
    return space["f"]


def outcome_in_thread(function, seconds=0.1, patience=10.0):
    """Return what a limited call came to; in a daemon thread, so that a failure cannot hang."""
    came = []

    def target():
        try:
            came.append(call_with_limit(function, (), seconds))
        except BaseException as error:
            came.append(error)

    thread = threading.Thread(target=target, daemon=True)
    thread.start()
    thread.join(patience)
    return came[0] if came else "still running"


@pytest.mark.parametrize("name", ENDLESS)
def test_endless_python_is_stopped_in_a_thread(name):
    began = time.perf_counter()
    came = outcome_in_thread(defined(ENDLESS[name]))
    assert isinstance(came, TimeUp), came
    assert 0.1 <= time.perf_counter() - began < 3.0


@pytest.mark.parametrize("name", ["one line", "bare except"])
def test_a_second_call_of_the_same_function_is_stopped_too(name):
    endless = defined(ENDLESS[name])
    for _ in range(3):
        assert isinstance(outcome_in_thread(endless), TimeUp)


def test_endless_python_is_stopped_in_the_main_thread():
    with pytest.raises(TimeUp, match=r"0\.1 s") as caught:
        call_with_limit(defined("while True: pass"), (), 0.1)
    assert caught.value.seconds == 0.1
    assert not isinstance(caught.value, Exception)


def test_compiled_code_is_stopped_only_when_it_comes_back():
    began = time.perf_counter()
    with pytest.raises(TimeUp):
        call_with_limit(lambda: time.sleep(0.4), (), 0.1)
    assert time.perf_counter() - began >= 0.4


def test_what_returns_in_time_is_returned_and_what_raises_raises():
    assert call_with_limit(lambda a, b: a + b, (2, 3)) == 5
    with pytest.raises(ZeroDivisionError):
        call_with_limit(lambda: 1 / 0)
    with pytest.raises(RecursionError):
        call_with_limit(defined("def g(): return g()\nreturn g()"))


def test_stop_is_passed_on():
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        call_with_limit(interrupted)


def test_the_trace_function_of_a_debugger_comes_back():
    def debugger(frame, event, arg):
        return None

    before = sys.gettrace()
    try:
        sys.settrace(debugger)
        call_with_limit(lambda: 1)
        assert sys.gettrace() is debugger
        with pytest.raises(TimeUp):
            call_with_limit(
                defined("while True:\n    try:\n        x = 1\n    except: pass"), (), 0.1
            )
        assert sys.gettrace() is debugger
    finally:
        sys.settrace(before)


def test_nothing_is_watched_once_a_caught_alarm_is_dropped_later():
    kept = []
    space = {"kept": kept}
    source = "def f():\n try:\n  while True: pass\n except BaseException as e: kept.append(e)\n"
    exec(compile(source, "/tmp/ipykernel_1/cell.py", "exec"), space)
    with pytest.raises(TimeUp):
        call_with_limit(space["f"], (), 0.05)
    before = sys.gettrace()
    kept.clear()
    assert sys.gettrace() is before


def test_libraries_are_not_interrupted_in_the_middle():
    source = """
import time
def work():
    end = time.perf_counter() + 0.5
    while time.perf_counter() < end: pass
    done.append(True)
"""
    space = {"done": []}
    path = "/somewhere/lib/python3.11/site-packages/library/module.py"
    exec(compile(source, path, "exec"), space)
    assert is_library(space["work"].__code__)
    with pytest.raises(TimeUp):
        call_with_limit(lambda: space["work"](), (), 0.2)
    assert space["done"] == [True]


def test_no_thread_socket_or_subprocess_is_imported():
    code = (
        "import sys; before = set(sys.modules)\n"
        "import exocourse.learning.check, exocourse.learning.hint\n"
        "bad = {'threading', 'subprocess', 'socket', 'signal', 'numpy', 'pandas', 'IPython'}\n"
        "assert not bad & (set(sys.modules) - before), bad & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
