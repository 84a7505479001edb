"""Work on the bytes of strangers in a process of its own: no secret in its environment, little memory, little time."""

import os
import resource
import subprocess
import sys
from pathlib import Path

MEMORY_BYTES = 1024**3
PROCESSOR_SECONDS = 6
PATIENCE_SECONDS = 15
ROOT = Path(__file__).resolve().parents[2]
FAULTS = (OSError, subprocess.SubprocessError)


def run_bounded(module: str, request: bytes, patience_seconds: int = PATIENCE_SECONDS) -> bytes:
    """Run a module of ours on what it reads of its standard input. Raises one of FAULTS when the input exhausts it."""
    answer = subprocess.run(  # noqa: S603  our own interpreter on our own module
        [sys.executable, *_compiled_code(), "-m", module],
        input=request,
        capture_output=True,
        timeout=patience_seconds,
        check=True,
        env=environment(),
        cwd=ROOT,
    )
    return answer.stdout


def _compiled_code() -> list[str]:
    """Return the option that names the folder of compiled code, when it has one: such a process would compile everything again."""
    return ["-X", f"pycache_prefix={sys.pycache_prefix}"] if sys.pycache_prefix else []


def environment() -> dict[str, str]:
    """Return what such a process knows: library paths only, for passwords of the portal are none of its business."""
    kept = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "VIRTUAL_ENV")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"PYTHONPATH": str(ROOT)}


def bind_this_process(processor_seconds: int = PROCESSOR_SECONDS) -> None:
    """Bound the memory, the time and the writing of the present process, for good. To be called first in its main."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (processor_seconds, processor_seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
