"""The coordinator’s spreadsheet."""

from django.urls import URLPattern, path

from trainees.views import imports

urlpatterns: list[URLPattern] = [
    path("imports/", imports.trainee_imports, name="imports"),
    path("imports/modele/", imports.import_template, name="import_template"),
    path("imports/<uuid:public_id>/", imports.trainee_import, name="import"),
    path("imports/<uuid:public_id>/colonnes/", imports.import_columns, name="import_columns"),
    path("imports/<uuid:public_id>/avancement/", imports.import_progress, name="import_progress"),
    path("imports/<uuid:public_id>/importer/", imports.import_apply, name="import_apply"),
    path("imports/<uuid:public_id>/annuler/", imports.import_undo, name="import_undo"),
    path("imports/<uuid:public_id>/refus/", imports.import_refused, name="import_refused"),
]
