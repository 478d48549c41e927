"""A filter of system calls (seccomp): no sockets, no look into other processes, no changes to the system. Needs no privilege.

What is refused gives EPERM, so that code sees PermissionError and goes on; all that is not named here stays possible. New
sessions, process groups and slices are granted in words only: by these the system tells who gets how much of the processors, and when.
"""
import ctypes
import errno
import os
import platform
import struct

# Numbers of refused calls on x86-64 and on ARM64 (the kernel's syscall tables).
_REFUSED = {
    "socket": (41, 198),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272), "pidfd_getfd": (438, 438),
    "perf_event_open": (298, 241), "bpf": (321, 280), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "open_tree": (428, 428), "move_mount": (429, 429),
    "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "unshare": (272, 97), "setns": (308, 268), "open_by_handle_at": (304, 265),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104), "kexec_file_load": (320, 294),
    "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89), "syslog": (103, 116), "sethostname": (170, 161),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "adjtimex": (159, 171), "clock_adjtime": (305, 266),
}  # fmt: skip
_GRANTED_IN_WORDS = {"setsid": (112, 157), "setpgid": (109, 154), "sched_setattr": (314, 274)}
_CLONE, _CLONE3 = (56, 220), 435
_NEW_NAMESPACES = 0x7E020000 | 0x80  # the CLONE_NEW… flags
_X32 = 0x40000000  # a second calling convention of x86-64, with numbers of its own
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_SET_FILTER, _ALL_THREADS = 1, 1
_SYSCALL = {"x86_64": 317, "aarch64": 277}


def restrict():
    """Installs the filter for all threads; the caller has given up new privileges before. Raises OSError."""
    machine = platform.machine()
    if machine not in _MACHINES:
        raise OSError(errno.ENOSYS, f"seccomp: there is no filter for {machine}")
    program = b"".join(_program(*_MACHINES[machine]))
    code = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(_SYSCALL[machine], _SET_FILTER, _ALL_THREADS, head) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"seccomp: {os.strerror(number)}")


def _program(column, machine):
    """The instructions of the classic packet filter: code, jump if true, jump if false, operand."""

    def step(code, operand, then=0, otherwise=0):
        return struct.pack("HBBI", code, then, otherwise, operand)

    refuse = step(_RETURN, _ERROR | errno.EPERM)
    yield step(_LOAD, _MACHINE)
    yield step(_EQUAL, machine, 1, 0)
    yield step(_RETURN, _KILL)
    yield step(_LOAD, _NUMBER)
    if column == 0:
        yield step(_AT_LEAST, _X32, 0, 1)
        yield refuse
    for numbers in _REFUSED.values():
        yield step(_EQUAL, numbers[column], 0, 1)
        yield refuse
    for numbers in _GRANTED_IN_WORDS.values():
        yield step(_EQUAL, numbers[column], 0, 1)
        yield step(_RETURN, _ERROR)
    # Its flags lie in memory, where a filter cannot look; the C library then uses clone.
    yield step(_EQUAL, _CLONE3, 0, 1)
    yield step(_RETURN, _ERROR | errno.ENOSYS)
    yield step(_EQUAL, _CLONE[column], 0, 3)
    yield step(_LOAD, _FIRST_ARGUMENT)
    yield step(_ANY_BIT, _NEW_NAMESPACES, 0, 1)
    yield refuse
    yield step(_RETURN, _ALLOW)
