from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.launcher.running import Launcher


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Callable[..., Launcher]]:
    """Start launchers that never outlive the test, on `tmp_path` unless told otherwise."""
    started: list[Launcher] = []

    def start(*options: str, folder: Path | None = None, **environment: str) -> Launcher:
        launcher = Launcher(folder or tmp_path / "run", *options, **environment)
        started.append(launcher)
        return launcher

    yield start
    for launcher in started:
        launcher.process.terminate()
        launcher.process.wait(30)
        if launcher.process.stdout:
            launcher.process.stdout.close()
