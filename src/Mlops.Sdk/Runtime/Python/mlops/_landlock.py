"""Landlock of Linux (5.13 and later): this thread, and all that comes of it, touches only the files it was given. Needs no privilege."""
import ctypes
import os
import stat
import struct

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same numbers on every architecture
_NEED_VERSION, _RULE_PATH = 1, 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_FOLDER, _TRUNCATE, _IOCTL = 1, 2, 4, 8, 1 << 14, 1 << 15
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL
_READ = _EXECUTE | _READ_FILE | _READ_FOLDER
_BITS = {1: 13, 2: 14, 3: 15, 4: 15}  # rights over files that a version knows; from 5 on 16
_TCP = 3  # bind and connect, from version 4
_SCOPES = 3  # abstract sockets and signals end at this process, from version 6

_libc = ctypes.CDLL(None, use_errno=True)


def version():
    """Returns the version of the kernel's Landlock, 0 when it has none."""
    return max(0, _libc.syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(_NEED_VERSION)))


def restrict(readable, writable):
    """Takes away all files but those at and below the paths; paths that do not exist are left out. Raises OSError."""
    has = version()
    every = (1 << _BITS.get(has, 16)) - 1
    attributes = struct.pack("QQQ", every, _TCP, _SCOPES)[: 8 if has < 4 else 16 if has < 6 else 24]
    rules = _checked(_libc.syscall(_CREATE, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint32(0)), "create")
    try:
        for paths, rights in (readable, _READ), (writable, every):
            for path in paths:
                _allow(rules, path, rights & every)
        _checked(_libc.syscall(_RESTRICT, rules, ctypes.c_uint32(0)), "restrict")
    finally:
        os.close(rules)


def _allow(rules, path, rights):
    try:
        at = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(at).st_mode):
            rights &= _OF_FILES
        _checked(_libc.syscall(_ADD, rules, _RULE_PATH, struct.pack("=Qi", rights, at), ctypes.c_uint32(0)), f"allow {path}")
    finally:
        os.close(at)


def _checked(result, doing):
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"Landlock: {doing}: {os.strerror(number)}")
    return result
