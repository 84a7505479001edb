"""Frameworks of skills, the skills that an internship plans, and their figures."""

from django.urls import URLPattern, path

from trainees.views import frameworks, planned_skills, skill_figures

urlpatterns: list[URLPattern] = [
    path("competences/referentiels/", frameworks.framework_list, name="frameworks"),
    path("competences/referentiels/charger/", frameworks.framework_load, name="framework_load"),
    path("competences/referentiels/modele/", frameworks.framework_template, name="framework_template"),
    path("competences/referentiels/<int:pk>/", frameworks.framework_page, name="framework"),
    path("competences/referentiels/<int:pk>/fichier.<slug:extension>", frameworks.framework_file, name="framework_file"),
    path("competences/referentiels/<int:pk>/en-vigueur/", frameworks.framework_publish, name="framework_publish"),
    path("competences/referentiels/<int:pk>/fermer/", frameworks.framework_retire, name="framework_retire"),
    path("competences/referentiels/<int:pk>/supprimer/", frameworks.framework_delete, name="framework_delete"),
    path("competences/chiffres/", skill_figures.skill_figures, name="skill_figures"),
    path("competences/chiffres/lignes/", skill_figures.skill_rows, name="skill_rows"),
    path("competences/chiffres/<int:pk>/", skill_figures.framework_figures, name="framework_figures"),
    path("stages/<int:pk>/competences/", planned_skills.internship_skills, name="internship_skills"),
]  # fmt: skip
