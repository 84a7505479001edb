"""What is kept of the changes of the network: every one, shown with the school."""

from e2c_portal.audit.tracking import Exceptions

NETWORK = Exceptions(parents={"schools.School": "network", "schools.Site": "school", "schools.Membership": "school"})
