from django.apps import AppConfig


class AssisesConfig(AppConfig):
    name = "assises"
    verbose_name = "Assises"

    def ready(self) -> None:
        """Tell the foundations what the Assises bring: rights, a list that leaves as a file, an entry of the menu."""
        from assises import permissions  # noqa: F401, PLC0415  declares the rules; models are loaded only now
        from assises.exports.editions import EDITION_COLUMNS  # noqa: PLC0415
        from assises.views.editions import editions_on_screen  # noqa: PLC0415
        from e2c_portal.exports.lists import Listing, register  # noqa: PLC0415
        from e2c_portal.ui import navigation  # noqa: PLC0415

        register(Listing("assises", "Assises", EDITION_COLUMNS, editions_on_screen))
        navigation.register(navigation.Entry("Assises", "assises:index", "calendar-days", 28, navigation.everybody))
        _register_door()


def _register_door() -> None:
    """What the door brings: the link of a post and its message, badges and attendance sheets, the list of scans."""
    from assises.documents import badges, sheets  # noqa: PLC0415
    from assises.emails.door import TYPES  # noqa: PLC0415
    from assises.link_purposes.door import DOOR  # noqa: PLC0415
    from assises.views.scans import register_list  # noqa: PLC0415
    from e2c_portal.documents import kinds  # noqa: PLC0415
    from e2c_portal.links import purposes  # noqa: PLC0415
    from e2c_portal.mailing import message_types  # noqa: PLC0415

    kinds.register(badges.KIND)
    kinds.register(sheets.KIND)
    purposes.register(DOOR)
    for kind in TYPES:
        message_types.register(kind)
    register_list()
