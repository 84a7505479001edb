"""Make anew the photos and papers that people send to be shown: what they show stays, everything else is left behind."""

from e2c_portal.documents.anew.process import made_anew
from e2c_portal.documents.anew.words import Made

__all__ = ["Made", "made_anew"]
