"""Libraries and programs that no wheel brings: installed by apt for root, unpacked into the project for anybody else."""

import ctypes
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dev.console import ProgramFailed, Refusal, step
from dev.paths import SYSTEM
from dev.processes import run

PROGRAMS = SYSTEM / "bin"
# What is offered on the PATH: the rest of the unpacked packages must not hide the person's own programs.
OFFERED = ("chromium", "java", "javac", "pdf*")
FONTS_CONFIGURATION = SYSTEM / "fonts.conf"
FONTS_TEMPLATE = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <include ignore_missing="yes">{root}/etc/fonts/fonts.conf</include>
  <dir>{root}/usr/share/fonts</dir>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""


@dataclass(frozen=True)
class Need:
    """One thing that must be on the machine, how to see it, and the Debian package that brings it."""

    package: str
    is_present: Callable[[], bool]


def library(soname: str, package: str) -> Need:
    """A shared library that programs of the project load by name."""
    return Need(package, lambda: _loads(soname))


def program(name: str, package: str) -> Need:
    """A program that is found on the PATH."""
    return Need(package, lambda: shutil.which(name, path=search_path(os.environ)) is not None)


def file(path: str, package: str) -> Need:
    """A file at a fixed place of the system, or under the folder where packages are unpacked."""
    return Need(package, lambda: Path(path).exists() or (package_root() / path.lstrip("/")).exists())


def font() -> Need:
    """Any font for the browser's pages: without one it shows boxes, and contrast faults go unseen."""
    folders = ("/usr/share/fonts", "/usr/local/share/fonts", str(package_root() / "usr/share/fonts"))
    return Need(
        "fonts-dejavu-core", lambda: any(found for folder in folders for found in Path(folder).rglob("*.[to]tf"))
    )


def package_root() -> Path:
    """Return the folder that stands for `/` when packages are unpacked without being root."""
    return SYSTEM / "root"


# harfbuzz-subset is not required by WeasyPrint, but a document takes 1.6 times as long without it.
DOCUMENTS = (
    library("libpango-1.0.so.0", "libpango-1.0-0"),
    library("libpangoft2-1.0.so.0", "libpangoft2-1.0-0"),
    library("libharfbuzz-subset.so.0", "libharfbuzz-subset0"),
    file("/etc/fonts/fonts.conf", "fontconfig-config"),
)
# The tests drive a real browser, and ask poppler and veraPDF what they think of our PDF files.
TESTS = (
    *DOCUMENTS,
    program("chromium", "chromium"),
    font(),
    program("pdfsig", "poppler-utils"),
    program("pdftoppm", "poppler-utils"),
    program("javac", "default-jdk-headless"),
    file("/usr/share/java/jaxb-api.jar", "libjaxb-java"),
)


def ensure(needs: Sequence[Need]) -> None:
    """Bring what is missing where that is allowed. Raises Refusal with the one line to type where it is not."""
    packages = missing_packages(needs)
    if not packages:
        return
    line = f"Tapez : sudo apt-get install -y {' '.join(packages)}"
    if shutil.which("apt-get") is None:
        raise Refusal(f"Il manque au système ce que Debian nomme {', '.join(packages)} : installez-les, puis relancez.")
    with step(f"Bibliothèques du système ({', '.join(packages)})"):
        try:
            (install_packages if os.geteuid() == 0 else fetch_packages)(packages)
        except ProgramFailed as failure:
            raise Refusal(f"{failure}\n{line}") from None
    if still := missing_packages(needs):
        raise Refusal(f"Il manque encore {', '.join(still)}. {line}")


def missing_packages(needs: Sequence[Need]) -> list[str]:
    """Return the packages that bring what is absent, each once, in order."""
    return list(dict.fromkeys(need.package for need in needs if not need.is_present()))


def install_packages(packages: Sequence[str]) -> None:
    """Install packages for the whole machine (root). The package lists are refreshed only when they do not serve."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    try:
        run(install, "apt-get n’a pas abouti.", environment=environment)
    except ProgramFailed:
        run(["apt-get", "update"], "apt-get update n’a pas abouti.", environment=environment)
        run(install, "apt-get n’a pas pu installer les paquets.", environment=environment)


def fetch_packages(packages: Sequence[str]) -> None:
    """Download packages and what they need beyond the system, and unpack them in the project: no right is asked for."""
    archives = SYSTEM / "archives"
    for folder in (archives / "partial", SYSTEM / "lists" / "partial", package_root(), PROGRAMS):
        folder.mkdir(parents=True, exist_ok=True)
    options = _apt_options(archives)
    run(["apt-get", *options, "update"], "apt-get update n’a pas abouti.")
    download = ["apt-get", *options, "install", "-y", "--no-install-recommends", "--download-only", *packages]
    run(download, "apt-get n’a pas pu télécharger les paquets.")
    for archive in sorted(archives.glob("*.deb")):
        # Another C library than the system's would break every program that finds it first.
        if not archive.name.startswith("libc6_"):
            run(["dpkg", "-x", str(archive), str(package_root())], f"dpkg n’a pas pu ouvrir {archive.name}.")
        archive.unlink()
    _mend_links()
    _offer_programs()
    FONTS_CONFIGURATION.write_text(
        FONTS_TEMPLATE.format(root=package_root(), cache=SYSTEM / "font-cache"), encoding="utf-8"
    )


def search_path(base: Mapping[str, str]) -> str:
    """Return the PATH of the children: the programs unpacked here, then the person's own."""
    return os.pathsep.join([str(PROGRAMS), base.get("PATH", os.defpath)])


def library_environment(base: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that let programs find what was unpacked here; nothing changes when the system has everything."""
    variables = {"PATH": search_path(base), "JAVA_LIBRARIES": str(java_libraries())}
    if folders := [str(folder) for folder in _library_folders()]:
        known = [base["LD_LIBRARY_PATH"]] if base.get("LD_LIBRARY_PATH") else []
        variables["LD_LIBRARY_PATH"] = os.pathsep.join([*folders, *known])
    if FONTS_CONFIGURATION.exists():
        variables["FONTCONFIG_FILE"] = str(FONTS_CONFIGURATION)
    return variables


def java_libraries() -> Path:
    """Return the folder of the Java libraries that Debian's packages bring, the system's or the unpacked one."""
    unpacked = package_root() / "usr" / "share" / "java"
    return unpacked if (unpacked / "jaxb-api.jar").exists() else Path("/usr/share/java")


def _apt_options(archives: Path) -> list[str]:
    """Give apt folders of our own: it then takes no lock of the system and needs no rights."""
    settings = {
        "Debug::NoLocking": "1",
        "APT::Sandbox::User": "",
        "Dir::State::Lists": str(SYSTEM / "lists"),
        "Dir::Cache": str(SYSTEM),
        "Dir::Cache::Archives": str(archives),
        "Dir::State::extended_states": str(SYSTEM / "extended_states"),
        "Dir::Log": str(SYSTEM),
    }
    return ["-qq", *(f"-o{name}={value}" for name, value in settings.items())]


def _loads(soname: str) -> bool:
    if any((folder / soname).exists() for folder in _library_folders()):
        return True
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def _library_folders() -> list[Path]:
    """List the unpacked folders that hold shared libraries."""
    if not package_root().exists():
        return []
    roots = [package_root() / "usr" / "lib", package_root() / "lib"]
    folders = {path.parent for root in roots if root.exists() for path in root.glob("*-linux-*/*.so*")}
    return sorted(folders | {path.parent for folder in folders for path in folder.glob("pulseaudio/*.so*")})


def _mend_links() -> None:
    """Turn links to `/…` into links to the same place under our folder, where that place exists."""
    for path in package_root().rglob("*"):
        if path.is_symlink() and (target := path.readlink()).is_absolute():
            moved = package_root() / target.relative_to("/")
            if moved.exists() or moved.is_symlink():
                path.unlink()
                path.symlink_to(moved)


def _offer_programs() -> None:
    """Link in one folder the unpacked programs that the project uses."""
    usr = package_root() / "usr"
    # /usr/bin/chromium is a script that looks for its program at a fixed place of the system: the real one replaces it.
    for place in ("bin", "lib/jvm/*/bin", "lib/chromium"):
        for path in (path for name in OFFERED for path in usr.glob(f"{place}/{name}")):
            (PROGRAMS / path.name).unlink(missing_ok=True)
            (PROGRAMS / path.name).symlink_to(path)
