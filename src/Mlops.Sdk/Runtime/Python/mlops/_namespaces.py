"""A process space of its own (PID namespace): a worker sees no process but its own, and none of those it starts outlives it."""
import ctypes
import os
import select
import signal

_USER, _PID, _IPC = 0x10000000, 0x20000000, 0x08000000
_PIDFD_OPEN = 434
_SET_PARENT_DEATH_SIGNAL = 1
_libc = ctypes.CDLL(None, use_errno=True)


def enter(life):
    """Goes on in a process of its own space; returns whether it has a user namespace too. Raises OSError where it is not permitted.

    The process that was started stays behind and ends when the host does (``life`` closes) or its child does, with the child's
    exit code. Between the two, the first process of the space collects those that are left without a parent: what is first in
    a space takes no signals from within, which code should not notice. Called before any thread is started.
    """
    user, group = os.getuid(), os.getgid()
    has_user_space = False
    if _libc.unshare(_PID | _IPC) != 0:
        if _libc.unshare(_USER | _PID | _IPC) != 0:
            number = ctypes.get_errno()
            raise OSError(number, f"the system permits no namespaces: {os.strerror(number)}")
        has_user_space = True
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"{user} {user} 1")
        _write("/proc/self/gid_map", f"{group} {group} 1")
    first = os.fork()
    if first:
        _watch(life, first)
    # The kernel ends the whole space with its first process, and that one with its parent.
    _libc.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    os.close(life)
    child = os.fork()
    if child:
        while True:
            ended, status = os.wait()
            if ended == child:
                os._exit(_code(status))
    return has_user_space


def _watch(life, child):
    poll = select.poll()
    poll.register(life, select.POLLIN)
    poll.register(_libc.syscall(_PIDFD_OPEN, child, ctypes.c_uint(0)), select.POLLIN)
    poll.poll()
    ended, status = os.waitpid(child, os.WNOHANG)
    os._exit(_code(status) if ended else 0)


def _code(status):
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)


def _write(path, text):
    with open(path, "w") as file:
        file.write(text)
