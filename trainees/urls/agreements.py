"""Agreements of internships, their amendments, the reading page of the trainee."""

from django.urls import URLPattern, path

from trainees.views import agreements, agreements_waiting, amendments

urlpatterns: list[URLPattern] = [
    path("conventions-de-stage/", agreements_waiting.waiting_list, name="agreements_waiting"),
    path("stages/<int:pk>/convention/", agreements.agreement_page, name="agreement"),
    path("stages/<int:pk>/convention/relecture/", agreements.agreement_review, name="agreement_review"),
    path("stages/<int:pk>/convention/reprendre/", agreements.agreement_take_back, name="agreement_take_back"),
    path("stages/<int:pk>/convention/signature/", agreements.agreement_sign, name="agreement_sign"),
    path("stages/<int:pk>/convention/refaire/", agreements.agreement_make_again, name="agreement_make_again"),
    path("stages/<int:pk>/convention/corriger/", agreements.agreement_correct, name="agreement_correct"),
    path("stages/<int:pk>/convention/retard/", agreements.agreement_late, name="agreement_late"),
    path("stages/<int:pk>/convention/avenants/nouveau/", amendments.amendment_choose, name="amendment_choose"),
    path("stages/<int:pk>/convention/avenants/nouveau/<slug:kind>/", amendments.amendment_new, name="amendment_new"),
    path("stages/<int:pk>/convention/avenants/<int:number>/", amendments.amendment_page, name="amendment"),
    path("stages/<int:pk>/convention/avenants/<int:number>/signature/", amendments.amendment_sign, name="amendment_sign"),
    path("stages/<int:pk>/convention/avenants/<int:number>/classer/", amendments.amendment_shelve, name="amendment_shelve"),
    path("stages/<int:pk>/convention/avenants/<int:number>/enregistrer/", amendments.amendment_record, name="amendment_record"),
    path(
        "stages/<int:pk>/convention/avenants/<int:number>/refaire/", amendments.amendment_make_again,
        name="amendment_make_again",
    ),
]  # fmt: skip
