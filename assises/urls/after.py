"""After the day, and the messages before and after: outbox, attestations, survey."""

from django.urls import path

from assises.views import attestations, outbox, survey

HERE = "<int:year>/preparation/"

urlpatterns = [
    path(f"{HERE}messages/", outbox.message_list, name="messages"),
    path(f"{HERE}messages/nouveau/", outbox.message_new, name="message_new"),
    path(f"{HERE}messages/<int:pk>/", outbox.message, name="message"),
    path(f"{HERE}messages/<int:pk>/modifier/", outbox.message_change, name="message_change"),
    path(f"{HERE}messages/<int:pk>/envoyer/", outbox.message_send, name="message_send"),
    path(f"{HERE}messages/<int:pk>/plus-tard/", outbox.message_later, name="message_later"),
    path(f"{HERE}messages/<int:pk>/annuler/", outbox.message_cancel, name="message_cancel"),
    path(f"{HERE}attestations/", attestations.attestation_list, name="attestations"),
    path(f"{HERE}attestations/ecole/", attestations.attestation_batch, name="attestation_batch"),
    path(f"{HERE}attestations/<int:pk>/", attestations.attestation, name="attestation"),
    path(f"{HERE}attestations/<int:pk>/demander/", attestations.attestation_ask, name="attestation_ask"),
    path(f"{HERE}avis/", survey.survey_page, name="survey"),
]
