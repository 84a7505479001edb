"""Trainees and their pathways."""

from django.urls import URLPattern, path

from trainees.views import exits, limits, pathways, people, referrals, representatives, sensitive, transfers

urlpatterns: list[URLPattern] = [
    path("liste/", people.trainee_list, name="trainees"),
    path("nouveau/", people.trainee_new, name="trainee_new"),
    path("ressemblances/", people.trainee_likenesses, name="trainee_likenesses"),
    path("doublons/", people.doubles, name="doubles"),
    path("suivis/", exits.follow_up_list, name="follow_ups"),
    path("suivis/<int:pk>/", exits.follow_up_answer, name="follow_up"),
    path("transferts/", transfers.transfer_list, name="transfers"),
    path("transferts/<int:pk>/", transfers.transfer_page, name="transfer"),
    path("transferts/<int:pk>/accepter/", transfers.transfer_accept, name="transfer_accept"),
    path("transferts/<int:pk>/refuser/", transfers.transfer_refuse, name="transfer_refuse"),
    path("transferts/<int:pk>/retirer/", transfers.transfer_withdraw, name="transfer_withdraw"),
    path("limites/", limits.limit_list, name="limits"),
    path("parcours/<int:pk>/modifier/", pathways.pathway_edit, name="pathway_edit"),
    path("parcours/<int:pk>/referent/", pathways.pathway_referent, name="pathway_referent"),
    path("parcours/<int:pk>/phase/", pathways.pathway_phase, name="pathway_phase"),
    path("parcours/<int:pk>/contrat/", pathways.pathway_contract, name="pathway_contract"),
    path("parcours/<int:pk>/profil/", pathways.pathway_profile, name="pathway_profile"),
    path("parcours/<int:pk>/sortie/", exits.pathway_exit, name="pathway_exit"),
    path("parcours/<int:pk>/etape/<slug:move>/", pathways.pathway_move, name="pathway_move"),
    path("<uuid:public_id>/", people.trainee_page, name="trainee"),
    path("<uuid:public_id>/modifier/", people.trainee_edit, name="trainee_edit"),
    path("<uuid:public_id>/representants/nouveau/", representatives.representative_new, name="representative_new"),
    path("<uuid:public_id>/representants/<int:pk>/", representatives.representative_edit, name="representative_edit"),
    path("<uuid:public_id>/representants/<int:pk>/fin/", representatives.representative_end, name="representative_end"),
    path("<uuid:public_id>/candidatures/nouvelle/", referrals.referral_new, name="referral_new"),
    path("<uuid:public_id>/candidatures/<int:pk>/", referrals.referral_outcome, name="referral_outcome"),
    path("<uuid:public_id>/parcours/nouveau/", pathways.pathway_new, name="pathway_new"),
    path("<uuid:public_id>/transfert/", transfers.transfer_new, name="transfer_new"),
    path("<uuid:public_id>/donnees-sensibles/", sensitive.sensitive_page, name="sensitive"),
    path("<uuid:public_id>/donnees-sensibles/modifier/", sensitive.sensitive_edit, name="sensitive_edit"),
]
