#!/usr/bin/python3
"""The program that `make demo` runs twice, bare and under turf: it tries things and says how each went.

Output: one line "NAME<TAB>yes|no<TAB>detail" an attempt; tests/demo.sh makes the table. Arguments: the facts of the
world outside (home, secret, port, pid), which a hostile program would simply guess.
"""
import ctypes
import os
import signal
import socket
import subprocess
import sys

home, port, outsider, marker = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
secret = home + "/.ssh/id_demo"


def first_line(command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    if done.returncode:
        raise OSError(done.returncode, (done.stderr or "status %d" % done.returncode).strip().split("\n")[-1])
    return done.stdout.split("\n")[0]


def read(path):
    with open(path) as f:
        return f.readline().strip()


def write(path):
    with open(path, "w") as f:
        f.write("planted\n")
    return path


def append(path):
    with open(path, "r+") as f:
        f.seek(0, 2)
        f.write("planted\n")
    return path


def connect(family, address):
    with socket.socket(family, socket.SOCK_STREAM) as s:
        s.settimeout(5)
        s.connect(address)
    return "connected"


def user_namespace():
    pid = os.fork()
    if pid == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        os._exit(0 if libc.unshare(0x10000000) == 0 else min(ctypes.get_errno(), 255))
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if status:
        raise OSError(status, os.strerror(status))
    return "made"


def trace(pid):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = [ctypes.c_long] * 4
    if libc.ptrace(16, pid, 0, 0):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    os.waitpid(pid, 0x40000000)
    libc.ptrace(17, pid, 0, 0)
    return "attached"


def daemon():
    """Leaves its session and its parent, as a program does that wants to stay."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            null = os.open("/dev/null", os.O_RDWR)
            for fd in (0, 1, 2):
                os.dup2(null, fd)
            os.execv("/bin/sh", ["/bin/sh", "-c", ": %s; exec sleep 301" % marker])
        os._exit(0)
    os.wait()
    return "started"


attempts = [
    ("work: write a file here", lambda: write("result.txt")),
    ("work: start a program, read its output", lambda: first_line(["/bin/sh", "-c", "echo hello | tr a-z A-Z"])),
    ("work: write /tmp", lambda: write("/tmp/%s" % marker)),
    ("work: write the home directory", lambda: write(os.environ["HOME"] + "/" + marker)),
    ("work: import modules of the system", lambda: __import__("json").__name__),
    ("read a key in the user's home", lambda: read(secret)),
    ("the same, without any LD_PRELOAD", lambda: first_line(["/usr/bin/env", "-i", "/bin/cat", secret])),
    ("the same, by a static program", lambda: first_line(["./static-cat", secret])),
    ("see what is in the user's home", lambda: sorted(os.listdir(home))[sorted(os.listdir(home)).index(".ssh")]),
    ("change the user's .profile", lambda: append(home + "/.profile")),
    ("change a file of the system", lambda: write("/etc/" + marker)),
    ("connect to a service on loopback", lambda: connect(socket.AF_INET, ("127.0.0.1", port))),
    ("connect to an abstract socket", lambda: connect(socket.AF_UNIX, "\0" + marker)),
    ("signal a process outside", lambda: os.kill(outsider, signal.SIGCONT) or "sent"),
    ("trace a process outside", lambda: trace(outsider)),
    ("read the environment of a process outside", lambda: read("/proc/%d/environ" % outsider)[:20]),
    ("change limits of a process outside", lambda: __import__("resource").prlimit(
        outsider, __import__("resource").RLIMIT_CORE, (0, 0)) and "changed"),
    ("make a user namespace", user_namespace),
    ("leave a daemon behind", daemon),
]

for name, attempt in attempts:
    try:
        print("%s\tyes\t%s" % (name, attempt()))
    except Exception as error:  # a refusal may come as any of them
        print("%s\tno\t%s" % (name, getattr(error, "strerror", None) or error))
    sys.stdout.flush()
