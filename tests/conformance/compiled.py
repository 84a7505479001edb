"""The judge compiled once for all the processes of a run, and its classes kept as Java reads them: half of what a call costs."""

import fcntl
import hashlib
import os
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# So short a life is over before the second compiler and the parallel collector have earned what they cost.
FRUGAL = ("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
# What Java says of its archives would be read among the verdicts.
SILENT = "-Xlog:disable"


@contextmanager
def compiled_judge(java: str, source: Path, class_path: str) -> Iterator[list[str]]:
    """Give the command that starts the main class of `source`, its arguments left to add.

    The first call of a run writes the archive of the classes that it loaded; the next ones map it instead of reading and
    verifying them one by one. Java puts aside by itself an archive that is not of its version nor of these libraries.
    Raises CalledProcessError when the source does not compile.
    """
    folder = _folder(source, class_path)
    jar, archive, writing = folder / "judge.jar", folder / "judge.jsa", folder / f"judge-{os.getpid()}.jsa"
    with _alone(folder):
        if not jar.exists():
            _compile(java, source, class_path, jar)
    option = f"-XX:SharedArchiveFile={archive}" if archive.exists() else f"-XX:ArchiveClassesAtExit={writing}"
    yield [java, *FRUGAL, SILENT, option, "-cp", f"{jar}:{class_path}", source.stem]
    if writing.exists():
        writing.replace(archive)


def _folder(source: Path, class_path: str) -> Path:
    """Return the folder of this source with these libraries, among the files of the test run."""
    about = hashlib.sha256(source.read_bytes() + class_path.encode()).hexdigest()[:16]
    parent = os.environ.get("TEST_VAR_DIR") or Path(tempfile.gettempdir()) / "e2c-portal-tests"
    folder = Path(parent) / f"judge-{about}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process of the run compile while the others wait for it."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _compile(java: str, source: Path, class_path: str, jar: Path) -> None:
    # The compiler that Java itself calls on a source: no other tool is needed. Archives keep the classes of jars alone.
    with tempfile.TemporaryDirectory(dir=jar.parent) as classes:
        compiler = [java, *FRUGAL, "-m", "jdk.compiler/com.sun.tools.javac.Main"]
        subprocess.run([*compiler, "-cp", class_path, "-d", classes, str(source)], check=True, capture_output=True)
        half = jar.with_suffix(".half")
        with zipfile.ZipFile(half, "w") as file:
            for path in sorted(Path(classes).rglob("*.class")):
                file.write(path, path.relative_to(classes))
        half.replace(jar)
