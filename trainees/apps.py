from django.apps import AppConfig


class TraineesConfig(AppConfig):
    name = "trainees"
    verbose_name = "Stagiaires"

    def ready(self) -> None:
        """Tell the foundations what trainees bring: the rules of rights first, which menus and kinds ask for."""
        from trainees import permissions  # noqa: F401, PLC0415  declares the rules; models are loaded only now

        _register_internships()


def _register_internships() -> None:
    from partnerships import counters  # noqa: PLC0415
    from trainees.reads.commitments import COUNTER  # noqa: PLC0415
    from trainees.views.internship_exporting import register_lists  # noqa: PLC0415

    counters.register(COUNTER)
    register_lists()
