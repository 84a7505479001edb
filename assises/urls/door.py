"""The door: posts, checkpoints, badges, attendance sheets, scans."""

from django.urls import URLPattern, path

from assises.views import badges, door, scans, sheets

HERE = "<int:year>/preparation/"
DOOR = f"{HERE}porte/"

urlpatterns: list[URLPattern] = [
    path(DOOR, door.door_page, name="door"),
    path(f"{DOOR}chiffres/", door.door_progress, name="door_progress"),
    path(f"{DOOR}passages/", scans.scan_list, name="scans"),
    path(f"{DOOR}passages/<int:pk>/annuler/", scans.scan_void, name="scan_void"),
    path(f"{DOOR}nouvelle/", door.post_new, name="door_post_new"),
    path(f"{DOOR}<int:pk>/", door.post_change, name="door_post_change"),
    path(f"{DOOR}<int:pk>/envoyer/", door.post_send, name="door_post_send"),
    path(f"{DOOR}<int:pk>/montrer/", door.post_show, name="door_post_show"),
    path(f"{DOOR}<int:pk>/fermer/", door.post_close, name="door_post_close"),
    path(f"{DOOR}<int:pk>/rouvrir/", door.post_reopen, name="door_post_reopen"),
    path(f"{DOOR}controles/ajouter/", door.checkpoints_make, name="checkpoints_make"),
    path(f"{DOOR}controles/<int:pk>/", door.checkpoint_change, name="checkpoint_change"),
    path(f"{DOOR}controles/<int:pk>/retirer/", door.checkpoint_remove, name="checkpoint_remove"),
    path(f"{DOOR}controles/<int:pk>/feuille/", sheets.sheet_print, name="sheet_print"),
    path(f"{DOOR}controles/<int:pk>/saisir/", sheets.sheet_entry, name="sheet_entry"),
    path(f"{HERE}badges/", badges.badges, name="badges"),
    path(f"{HERE}badges/<int:pk>/", badges.badge_one, name="badge_one"),
]
