"""What is kept of the changes of upkeep: nothing, its rows are themselves the record of what happened to the machine."""

from e2c_portal.audit.tracking import Exceptions

MACHINE = "Journal de la machine : les dates et les états sont dans la ligne, écrite par le portail seul."

UPKEEP = Exceptions(
    left_out={
        name: MACHINE
        for name in ("upkeep.Run", "upkeep.Finding", "upkeep.Incident", "upkeep.Pulse", "upkeep.ErasureToNote")
    }
)
