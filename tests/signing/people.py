"""Those who sign in the tests."""

from e2c_portal.signing.models import Method
from e2c_portal.signing.operations.opening import NewSignatory
from e2c_portal.signing.visitors import Visitor

JEANNE = NewSignatory("Pour l’entreprise", "Jeanne Martin", "directrice", "jeanne@exemple.fr", "06 12 34 56 78")
KARIM = NewSignatory("Pour la Région", "Karim Bénali", "président", "karim@exemple.fr")
LOUISE = NewSignatory("Pour l’école", "Louise d’Œuvre", "coordinatrice", phone="07 98 76 54 32")
PAPER = NewSignatory("Pour le réseau", "Paul Papier", "trésorier", method=Method.PAPER)
HERE = NewSignatory("Pour la ville", "Ines Surplace", "maire", method=Method.ON_SITE)
VISITOR = Visitor("192.0.2.7", "Navigateur d’essai")
