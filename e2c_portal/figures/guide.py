"""The guide of the figures, as people read it: the rules are those of the code, and a test holds the file to them."""

from e2c_portal.figures.indicators import Kind, by_group
from e2c_portal.figures.open_data import DICTIONARY

HEAD = """# Lire et publier les chiffres du réseau

Écrit par `python manage.py figures_guide` d’après les règles du code ; un test vérifie qu’il est à jour. Ne le corrigez pas à la main.

## Lire

Menu **Chiffres**. Choisissez une **année** (civile) et un **lieu** : tout le réseau, un département, une école. Chaque chiffre dit sa
**règle**, et sur combien de personnes il est calculé : « calculé sur 812 dont le sexe est noté, sur 840 ». « **Non connu** » n’est pas
zéro. Le titre d’un indicateur ouvre sa page : année par année, lieu par lieu.

Un chiffre souligné ouvre ses **lignes**, que l’on peut exporter. Le chiffre et ses lignes sont comptés au même moment : ils sont
toujours d’accord. Quand des dossiers ont été effacés au terme de leur conservation, ils comptent encore dans les chiffres de leurs
années, sans personne : la page des lignes dit combien.

Une école lit ses chiffres et ouvre ses lignes ; elle lit aussi les nombres du réseau. Là, un nombre de une à quatre personnes n’est pas
écrit (« masqué »), ni celui qui permettrait de le retrouver, ni ce qui resterait en ôtant sa propre école.

Les chiffres sont ceux du moment : une correction, un avenant ou un transfert les change aussitôt. Ils sont arrêtés au jour écrit en tête
de page ; chaque nuit, tout est recompté pour le jour nouveau.

## Publier

La Région ouvre **Publier les chiffres de l’année**, relit l’aperçu, puis publie. La page **Chiffres publics** s’ouvre sans compte : le
réseau et ses départements, jamais une école. Les petits nombres sont masqués avant d’être écrits. Chaque version garde sa date et son
empreinte (SHA-256) ; elle ne change plus. **Corriger les chiffres publiés** demande pourquoi, montre ce qui change, et publie une
nouvelle version. Les fichiers CSV et JSON portent les mêmes nombres.

## Les indicateurs
"""
KINDS = {Kind.COUNT: "nombre", Kind.SHARE: "part", Kind.MEAN: "moyenne", Kind.MIX: "répartition"}


def guide() -> str:
    """Return docs/guide-chiffres.md."""
    lines = [HEAD]
    for _, title, indicators in by_group():
        lines += [f"### {title}", ""]
        lines += [f"- **{one.title}** ({KINDS[one.kind]}{_public(one.is_public)}). {one.rule}" for one in indicators]
        lines.append("")
    lines += ["## Les colonnes des données ouvertes", ""]
    lines += [f"- `{name}` : {words}" for name, words in DICTIONARY.items()]
    return "\n".join(lines) + "\n"


def _public(is_public: bool) -> str:
    return "" if is_public else ", jamais publiée"
