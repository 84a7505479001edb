"""`make lock`: read pyproject.toml again and write the two hashed requirement files, which name no host."""

import os

from dev.console import say, step
from dev.environment import find_uv, uv_environment
from dev.paths import REQUIREMENTS, ROOT
from dev.processes import run

OPTIONS = (
    "--quiet",
    "--generate-hashes",
    "--no-emit-index-url",
    "--universal",
    "--python-version=3.11",
    "--custom-compile-command=make lock",
)


def lock(arguments: list[str]) -> None:
    """Recompile both files. Versions already locked stay unless `arguments` ask otherwise (--upgrade, --upgrade-package=NAME)."""
    uv = find_uv()
    compiled = REQUIREMENTS / "production.txt"
    # Tests run on the very versions of production: the second file takes the first one's as its own.
    for target, more in (
        (compiled, []),
        (REQUIREMENTS / "development.txt", ["--group=dev", f"--constraint={compiled.relative_to(ROOT)}"]),
    ):
        with step(f"Verrou {target.relative_to(ROOT)}"):
            command = [
                uv,
                "pip",
                "compile",
                "pyproject.toml",
                *OPTIONS,
                *more,
                *arguments,
                f"--output-file={target.relative_to(ROOT)}",
            ]
            run(command, "Le verrou n’a pas pu être calculé.", environment=uv_environment(os.environ), folder=ROOT)
    say("Relisez les différences, puis lancez make test.")
