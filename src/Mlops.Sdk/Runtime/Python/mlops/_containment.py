"""What keeps a worker's code to its own: limits, a process space, an account, the files it may touch, the calls it may make.

All of it is applied by the worker itself before code of a package is imported, cannot be taken back, and holds for each process
that the code starts. What the system does not permit is reported, and is an error only where the node requires it.
"""
import ctypes
import os
import struct
import sys

_SYSTEM = (
    "/usr", "/lib", "/lib64", "/bin", "/sbin", "/proc", "/sys/devices/system", "/sys/fs/cgroup",
    "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime", "/etc/timezone", "/etc/passwd", "/etc/group",
    "/etc/nsswitch.conf", "/etc/fonts", "/etc/matplotlibrc", "/etc/ssl/openssl.cnf", "/etc/OpenCL", "/etc/mime.types", "/etc/os-release",
)  # fmt: skip
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/shm")
_ACCELERATORS = ("nvidia", "dri", "kfd")

_NEEDED = ("files", "network", "memory", "processes", "privileges")
_FIRST_ACCOUNT, _ACCOUNTS = 61184, 4336  # the numbers that Linux systems leave to accounts that live as long as a process
_NO_NEW_PRIVILEGES, _KEEP_CAPABILITIES, _AMBIENT, _RAISE = 38, 8, 47, 2
_PASS_FILE_MODES = 1  # CAP_DAC_OVERRIDE
_SET_CAPABILITIES = {"x86_64": 126, "aarch64": 91}
_SET_SCHEDULING = {"x86_64": 314, "aarch64": 274}
_SET_IO_PRIORITY = {"x86_64": 251, "aarch64": 30}
_LOWEST_IO = (2 << 13) | 7
_PER_SPACE = (5, 14)  # the version of Linux from which on processes are counted within a user namespace


class Containment:
    def __init__(self, settings):
        self._settings = settings
        self._measures = {}
        self._number = os.getpid()
        self._has_user_space = False
        self._isolates = settings.get("containment", "off") != "off"

    def begin(self, life):
        """Sets limits and, where it may, goes on in a process of its own space, whose parent watches ``life``; returns whether
        it does. Called before any thread is started."""
        _lower(self._settings["priority"], self._settings.get("share", 0), self._settings.get("slice", 0), self._settings.get("yieldsDisk", False))
        self._has_group = self._enter_group(self._settings.get("group"))
        self._try("memory", self._limit_memory)
        return self._isolates and sys.platform.startswith("linux") and self._try("process space", lambda: self._enter(life))

    def complete(self, readable, writable):
        """Closes the rest off; returns the measures, [{name, active, by}]. Raises PermissionError when a required one is missing."""
        if self._isolates:
            if sys.platform.startswith("linux"):
                self._close_off(readable, writable)
            else:
                for name in _NEEDED:
                    self._measures.setdefault(name, (False, f"not on {sys.platform}"))
            missing = [f"{name} ({self._measures[name][1]})" for name in _NEEDED if not self._measures[name][0]]
            if missing and self._settings["containment"] == "require":
                raise PermissionError(
                    f"Mlops:Runtime:Containment is 'require', but this system does not permit: {'; '.join(missing)}. Permit it, or set 'prefer'."
                )
        return [{"name": name, "active": active, "by": by} for name, (active, by) in self._measures.items()]

    def _try(self, name, apply):
        try:
            by = apply()
            self._measures[name] = (True, by)
        except (OSError, ValueError, ImportError, KeyError) as error:
            self._measures[name] = (False, str(error))
        return self._measures[name][0]

    def _limit_memory(self):
        import resource

        if hasattr(resource, "RLIMIT_CORE"):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if os.path.exists("/proc/self/oom_score_adj"):
            # When the machine runs out of memory, the kernel takes a worker before anything else.
            with open("/proc/self/oom_score_adj", "w") as file:
                file.write("1000")
        limit = self._settings["memory"]
        if not limit:
            raise ValueError("Mlops:Runtime:WorkerMemoryMiB sets no limit")
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
        return f"rlimit, {limit >> 20} MiB a process" + (f"; cgroup, {limit >> 20} MiB together" if self._has_group else "")

    def _enter_group(self, folder):
        """Goes into the control group that the host has made, with all that this process will start."""
        if not folder:
            return False
        try:
            with open(os.path.join(folder, "cgroup.procs"), "w") as file:
                file.write("0")
            return True
        except OSError:
            return False

    def _enter(self, life):
        from . import _namespaces

        self._has_user_space = _namespaces.enter(life)
        return "PID namespace in a user namespace" if self._has_user_space else "PID namespace"

    def _close_off(self, readable, writable):
        from . import _landlock, _seccomp

        self._try("privileges", _give_up_new_privileges)
        has_landlock = _landlock.version() > 0
        self._try("account", lambda: self._take_account(has_landlock))
        self._try("processes", self._limit_processes)
        self._try("files", lambda: self._restrict_files(_landlock, readable, writable))
        self._try("network", lambda: _seccomp.restrict() or "seccomp")

    def _take_account(self, has_landlock):
        if os.geteuid() != 0:
            raise OSError("the host's, which is not root; only root can give another one")
        if not has_landlock:
            raise OSError("the host's: the system has no Landlock to say which files another one may touch")
        account = _FIRST_ACCOUNT + self._number % _ACCOUNTS
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_KEEP_CAPABILITIES, 1, 0, 0, 0)
        os.setgroups([])
        os.setresgid(account, account, account)
        os.setresuid(account, account, account)
        # The files it is given belong to the host's account: which ones those are, Landlock says.
        _keep(1 << _PASS_FILE_MODES)
        libc.prctl(_AMBIENT, _RAISE, _PASS_FILE_MODES, 0, 0)
        return f"account {account}"

    def _limit_processes(self):
        limit = self._settings["processes"]
        try:
            self._limit_processes_of_account(limit)
        except OSError:
            if self._has_group:
                return f"cgroup, {limit} processes and threads"
            raise
        return f"rlimit, {limit} processes and threads" + ("; cgroup, as many together" if self._has_group else "")

    def _limit_processes_of_account(self, limit):
        import resource

        if os.geteuid() != 0 and self._has_user_space:
            _keep(0)
            release = tuple(int(part) for part in os.uname().release.split("-")[0].split(".")[:2])
            if release < _PER_SPACE:
                raise OSError("Linux counts processes within a user namespace from 5.14 on only")
        elif not self._measures["account"][0]:
            raise OSError("the worker shares its account with other processes, which would count too")
        resource.setrlimit(resource.RLIMIT_NPROC, (limit, limit))

    def _restrict_files(self, landlock, readable, writable):
        data = self._settings.get("data")
        libraries = [path for path in (sys.prefix, sys.base_prefix, sys.exec_prefix, *sys.path) if path]
        open_to_all = [os.path.realpath(path) for path in (*_SYSTEM, *libraries)]
        if data and any(_is_below(os.path.realpath(data), path) for path in open_to_all):
            raise OSError(f"the data folder {data} lies within a folder of the system or of Python's libraries; move it")
        devices = [*_DEVICES, *(f"/dev/{name}" for name in os.listdir("/dev") if name.startswith(_ACCELERATORS))]
        native = os.environ.get("LD_LIBRARY_PATH", "").split(":")
        landlock.restrict([*open_to_all, *filter(None, native), *self._settings["folders"], *readable], [*devices, *writable])
        return f"Landlock {landlock.version()}"


def _lower(priority, share, slice_ns, yields_disk):
    if priority and hasattr(os, "nice"):
        os.nice(priority)
    if not sys.platform.startswith("linux"):
        return
    if share:
        try:
            # Outside of control groups Linux divides processors among sessions first; nice values count within one.
            with open("/proc/self/autogroup", "w") as file:
                file.write(str(share))
        except OSError:
            pass
    if slice_ns and os.uname().machine in _SET_SCHEDULING:
        # struct sched_attr: size, policy, flags, nice, priority, runtime, deadline, period. What wakes up comes before who asks for long slices.
        attributes = struct.pack("IIQiIQQQ", 48, 0, 0, os.getpriority(os.PRIO_PROCESS, 0), 0, slice_ns, 0, 0)
        ctypes.CDLL(None).syscall(_SET_SCHEDULING[os.uname().machine], 0, attributes, 0)
    if yields_disk and os.uname().machine in _SET_IO_PRIORITY:
        ctypes.CDLL(None).syscall(_SET_IO_PRIORITY[os.uname().machine], 1, 0, _LOWEST_IO)


def _give_up_new_privileges():
    if ctypes.CDLL(None).prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        raise OSError("the kernel refuses no_new_privs")
    return "no_new_privs"


def _keep(capabilities):
    """Gives up all other capabilities."""
    libc = ctypes.CDLL(None, use_errno=True)
    head, data = struct.pack("Ii", 0x20080522, 0), struct.pack("6I", capabilities, capabilities, capabilities, 0, 0, 0)
    if libc.syscall(_SET_CAPABILITIES[os.uname().machine], head, data) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"capset: {os.strerror(number)}")


def _is_below(path, folder):
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
