"""The register of processing as a table of docs/rgpd.md: every model with its rule, written by a command."""

from itertools import groupby

from django.apps import apps

from e2c_portal.privacy.queries import RuleLine, rule_lines

START, END = "<!-- registre : début (manage.py retention_register) -->", "<!-- registre : fin -->"
HEAD = "| Données | Modèle | Que deviennent-elles | Délai | Règle | Fondement |\n|---|---|---|---|---|---|"


def table() -> str:
    """Return the tables of the rules, one for each app, as Markdown. The durations set on one machine do not show."""
    parts = []
    for app, lines in groupby(rule_lines(as_written=True), key=lambda line: line.model.split(".")[0]):
        parts.append(
            f"### {apps.get_app_config(app).verbose_name}\n\n{HEAD}\n" + "\n".join(_row(line) for line in lines)
        )
    return "\n\n".join(parts)


def _row(line: RuleLine) -> str:
    cells = (line.label, f"`{line.model}`", line.fate, line.delay, line.rule, line.basis)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
