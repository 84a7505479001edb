"""PostgreSQL refuses to run as root. Root (a container, a CI machine) lends it an ordinary account for the time of a run."""

import ctypes
import hashlib
import os
import pwd
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dev.console import Refusal

CLONE_NEWUSER = 0x10000000
ORDINARY_ACCOUNTS = ("nobody", "daemon")


@dataclass(frozen=True)
class Rights:
    """How a server that refuses root is run: what its process does first, whose files it writes, where they and its programs are."""

    give_up: Callable[[], None] | None
    owner: int
    home: Path
    programs: Path


def rights_for_server(home: Path, programs: Path) -> Rights:
    """Choose how to run a server that refuses root, its data being under `home` and its package in the folder `programs`.

    Not root: nothing to do. Root: a user namespace where this account has another number; where the kernel refuses one
    (most containers), an ordinary account. Raises Refusal when root has neither.
    """
    if os.geteuid() != 0:
        return Rights(None, os.geteuid(), home, programs)
    account = _ordinary_account()
    if user_namespaces_work(account):
        return Rights(lambda: enter_user_namespace(account), 0, home, programs)
    return rights_as_account(account, home, programs)


def rights_as_account(account: pwd.struct_passwd, home: Path, programs: Path) -> Rights:
    """Run as another account, in a folder that it can reach wherever the project stands (often under /root)."""
    folder = displaced_folder(home)
    private_folder(folder, os.geteuid(), 0o711)
    copy_programs(programs, folder)
    return Rights(lambda: become(account), account.pw_uid, folder, folder / programs.name)


def displaced_folder(home: Path) -> Path:
    """Return the folder that stands for `home` when the server runs as another account: the same one at every start."""
    mark = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    return Path("/var/tmp") / f"e2c-portal-{mark}"  # noqa: S108  private_folder refuses one made by somebody else


def private_folder(folder: Path, owner: int, mode: int = 0o700) -> None:
    """Make a folder of the given account, or check that the one found is. Raises Refusal when it is somebody else's."""
    if not folder.exists() and not folder.is_symlink():
        folder.mkdir(mode=0o700, parents=True)
        if owner != os.geteuid():
            os.chown(folder, owner, -1)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != owner:
        raise Refusal(f"{folder} appartient à un autre compte : supprimez ce dossier, puis relancez.")
    folder.chmod(mode)


def copy_programs(programs: Path, folder: Path) -> None:
    """Copy a package and the sibling folder where its wheel keeps shared libraries, unless the same copy is there."""
    stamp = folder / "programs-stamp"
    state = str(max(path.stat().st_mtime_ns for path in programs.rglob("*")))
    if stamp.exists() and stamp.read_text() == state:
        return
    for source in (programs, programs.with_name(f"{programs.name}.libs")):
        shutil.rmtree(folder / source.name, ignore_errors=True)
        shutil.copytree(source, folder / source.name, symlinks=True)
    stamp.write_text(state)


def enter_user_namespace(account: pwd.struct_passwd) -> None:
    """Make root look like an ordinary account to this process and its children; files still belong to root outside."""
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.geteuid(), os.getegid()
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{account.pw_uid} {user} 1"),
        ("gid_map", f"{account.pw_gid} {group} 1"),
    ):
        Path(f"/proc/self/{name}").write_text(line)


def become(account: pwd.struct_passwd) -> None:
    """Change this process to the given account for good."""
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


def user_namespaces_work(account: pwd.struct_passwd) -> bool:
    """Tell whether the kernel grants a user namespace, by trying in a child: nobody leaves one."""
    if sys.platform != "linux":
        return False
    child = os.fork()
    if child == 0:
        code = 1
        try:
            enter_user_namespace(account)
            code = 0 if os.geteuid() == account.pw_uid else 1
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _ordinary_account() -> pwd.struct_passwd:
    for name in ORDINARY_ACCOUNTS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Refusal(
        "Aucun compte ordinaire (nobody, daemon) pour PostgreSQL : donnez DATABASE_URL, ou relancez sans être root."
    )
