"""What is kept of the changes of figures: numbers counted from the rows are counted again, they have no history of their own."""

from e2c_portal.audit.tracking import Exceptions

COUNTED = "Nombres comptés depuis les fiches : recomptés à chaque changement, sans auteur."

FIGURES = Exceptions(
    left_out={
        name: COUNTED
        for name in (
            "figures.FigureCell", "figures.FigureChange", "figures.FigureCount", "figures.ErasedCount", "figures.ErasedHost",
        )
    }
)  # fmt: skip
