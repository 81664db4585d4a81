"""Killable worker processes for hostile bytes, and for anything else that may hang. The only module that knows pebble.

A thread cannot be stopped; a process can. Each task has a time limit, each worker a limit on its address space, and
workers are replaced after a number of tasks. Workers hold no secrets: bytes go in, plain values come out.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, Literal, ParamSpec, TypeVar

import pebble

from monitor.errors import MonitorError

KILL_AFTER = 0.2  # seconds; workers do not listen to SIGTERM, so waiting longer only delays the kill
SLACK = 2.5  # with the longest fetch, still less than what the watchdog calls no progress
MAX_TASKS = 1000  # measured: 3,000 pages leave 5 MB behind in a worker
_PR_SET_PDEATHSIG = 1

_P = ParamSpec("_P")
_T = TypeVar("_T")


class WorkerError(MonitorError):
    """A task came to nothing: it ran out of time or memory, its process died, or its code failed.

    Temporary is only a crash: the process may have been killed for another's memory. The rest would happen again.
    """

    def __init__(self, kind: Literal["timeout", "memory", "crash", "error"], message: str) -> None:
        super().__init__(message, temporary=kind == "crash")
        self.kind = kind


class Workers:
    """A pool of `count` worker processes with `memory_bytes` of address space each.

    With `counts_work` a time limit is on the processor time that a task takes, and a task may last SLACK times as long:
    on a machine that is busy with other things a good page must not seem to do harm.
    """

    def __init__(self, count: int = 2, memory_bytes: int = 1 << 30, *, counts_work: bool = False) -> None:
        self._count = count
        self._counts_work = counts_work
        self._memory_bytes = memory_bytes
        self._lock = threading.Lock()
        self._closed = False
        self.finished = 0  # tasks, well or not: moves as long as the pool lives
        self._open: set[Future[Any]] = set()  # those whose outcome is not known yet
        self._pool = self._new_pool()

    def run(self, function: Callable[_P, _T], *args: _P.args, timeout: float) -> Future[_T]:  # type: ignore[valid-type]
        """Run a module-level function in a worker, for at most `timeout` seconds from when it begins.

        The future holds its result, or its own MonitorError as raised, or a WorkerError for anything else.
        Arguments, result and MonitorErrors must pickle.
        """
        outer: Future[_T] = Future()
        self._open.add(outer)
        outer.add_done_callback(self._open.discard)
        try:
            inner = self._schedule(function, args, timeout)
        except WorkerError as error:
            outer.set_exception(error)
        else:
            inner.add_done_callback(lambda done: self._end(done, outer, timeout))
        return outer

    def _end(self, inner: Future[Any], outer: Future[Any], timeout: float) -> None:
        self.finished += 1
        _pass_on(inner, outer, self._longest(timeout))

    def close(self) -> None:
        """Stop at once: what is under way or waiting ends as a WorkerError of kind crash."""
        with self._lock:
            self._closed = True
            self._pool.stop()
        self._pool.join()
        for future in tuple(self._open):  # the pool forgets tasks that no worker had begun
            if future.set_running_or_notify_cancel():
                future.set_exception(WorkerError("crash", "the workers were closed"))

    def _new_pool(self) -> Any:
        pebble.CONSTS.term_timeout = KILL_AFTER
        return pebble.ProcessPool(
            max_workers=self._count,
            max_tasks=MAX_TASKS,
            initializer=_begin,
            initargs=(self._memory_bytes, os.getpid()),
            context=multiprocessing.get_context("spawn"),
        )

    def _schedule(self, function: Callable[..., Any], args: tuple[Any, ...], timeout: float) -> Any:
        with self._lock:
            if self._closed:
                raise WorkerError("crash", "the workers are closed")
            try:
                return self._submit(function, args, timeout)
            except RuntimeError:  # the pool broke, for instance because no process could be started
                self._pool = self._new_pool()
                return self._submit(function, args, timeout)

    def _submit(self, function: Callable[..., Any], args: tuple[Any, ...], timeout: float) -> Any:
        work = timeout if self._counts_work else 0.0
        return self._pool.schedule(_call, args=(function, work, *args), timeout=self._longest(timeout))

    def _longest(self, timeout: float) -> float:
        return SLACK * timeout if self._counts_work else timeout


class Turns:
    """One at a time for each key: what one feed sends takes one worker at most, and leaves the others to the rest."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: dict[str, tuple[threading.Lock, int]] = {}  # by key, with how many hold or want it

    @contextmanager
    def of(self, key: str) -> Iterator[None]:
        """Wait until nobody else is inside for this key."""
        with self._guard:
            lock, users = self._locks.get(key, (threading.Lock(), 0))
            self._locks[key] = (lock, users + 1)
        try:
            with lock:
                yield
        finally:
            with self._guard:
                lock, users = self._locks.pop(key)
                if users > 1:
                    self._locks[key] = (lock, users - 1)


def nothing() -> None:
    """A task that only shows that tasks are done."""


def _call(function: Callable[..., Any], work: float, *args: Any) -> Any:
    """In a worker: let only errors out that are sure to be understood on the other side. One that cannot be unpickled
    there would break the pool. After `work` seconds of processor time (0 = any) the process dies of SIGPROF."""
    signal.setitimer(signal.ITIMER_PROF, work)
    try:
        return function(*args)
    except MonitorError:
        raise
    except MemoryError:
        raise WorkerError("memory", "needs more memory than a worker may have") from None
    except BaseException as error:  # a SystemExit, too, would be raised again in the pool's own thread
        raise WorkerError("error", f"{type(error).__name__}: {error}"[:500]) from None
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)


def _pass_on(inner: Future[Any], outer: Future[Any], timeout: float) -> None:
    """Hand a finished task's outcome to the future its caller holds, in the caller's terms."""
    if not outer.set_running_or_notify_cancel():
        return
    try:
        outer.set_result(inner.result())
    except MonitorError as error:
        outer.set_exception(error)
    except TimeoutError:
        outer.set_exception(WorkerError("timeout", f"not finished within {timeout:g} s"))
    except pebble.ProcessExpired as error:
        if error.exitcode == -signal.SIGPROF:
            outer.set_exception(WorkerError("timeout", "not finished within its processor time"))
        else:
            outer.set_exception(WorkerError("crash", f"the worker process died (exit code {error.exitcode})"))
    except BrokenProcessPool as error:
        outer.set_exception(WorkerError("crash", f"the worker processes died: {error}"))
    except CancelledError:
        outer.set_exception(WorkerError("crash", "the workers were closed"))
    except Exception as error:
        outer.set_exception(WorkerError("error", f"{type(error).__name__}: {error}"))


def _begin(memory_bytes: int, parent: int) -> None:
    """In a new worker: limit it, tie its life to the parent's, and leave signals to the parent.

    Ctrl-C in a terminal and a service manager's SIGTERM go to every process; a worker that died of it would fail the
    task under way, while the parent is still finishing in order. When the parent dies, by whatever, so do they.
    """
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died while we were starting
        os._exit(1)
