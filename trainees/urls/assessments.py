"""The school's side of assessments: the campaign, one assessment, what is decided of it, the skills that the school saw itself."""

from django.urls import URLPattern, path

from trainees.views import assessment_asking, assessment_campaign, assessments, skills_seen

urlpatterns: list[URLPattern] = [
    path("evaluations/", assessment_campaign.campaign, name="assessments"),
    path("evaluations/relancer/", assessment_campaign.remind, name="assessments_remind"),
    path("evaluations/<int:pk>/", assessments.assessment_page, name="assessment"),
    path("evaluations/<int:pk>/competences/<int:number>/", assessments.assessment_later, name="assessment_later"),
    path("evaluations/<int:pk>/renvoyer/", assessments.assessment_return, name="assessment_return"),
    path("evaluations/<int:pk>/reponse/", assessments.assessment_answer, name="assessment_answer"),
    path("evaluations/<int:pk>/demander/", assessment_asking.assessment_ask, name="assessment_ask"),
    path("evaluations/<int:pk>/interlocuteur/", assessment_asking.assessment_respondent, name="assessment_respondent"),
    path("evaluations/<int:pk>/sans-objet/", assessment_asking.assessment_cancel, name="assessment_cancel"),
    path("stages/<int:pk>/evaluation/", assessment_asking.assessment_open, name="assessment_open"),
    path("parcours/<int:pk>/competences/", skills_seen.skills_seen, name="skills_seen"),
    path("competences/validees/<int:pk>/retirer/", skills_seen.validation_withdraw, name="validation_withdraw"),
]
