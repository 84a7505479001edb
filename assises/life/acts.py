"""What the Région and the schools do of a registration, by the word in its address, with the right each act asks for."""

from assises.permissions import AssisesPermission

CANCEL, ACCEPT, CONFIRM, OFFER = "annuler", "accepter", "inscrire", "proposer"
ADMIT, REFUSE, NEW_TICKET = "accepter-la-demande", "refuser", "nouveau-billet"
RIGHTS = {
    CANCEL: AssisesPermission.CHANGE_REGISTRATION,
    ACCEPT: AssisesPermission.CHANGE_REGISTRATION,
    CONFIRM: AssisesPermission.MANAGE_REGISTRATIONS,
    OFFER: AssisesPermission.MANAGE_REGISTRATIONS,
    ADMIT: AssisesPermission.MANAGE_REGISTRATIONS,
    REFUSE: AssisesPermission.MANAGE_REGISTRATIONS,
    NEW_TICKET: AssisesPermission.MANAGE_REGISTRATIONS,
}
