from django.apps import AppConfig


class TraineesConfig(AppConfig):
    name = "trainees"
    verbose_name = "Stagiaires"

    def ready(self) -> None:
        """Tell the foundations what trainees bring: the rules of rights first, which menus and kinds ask for."""
        from trainees import permissions  # noqa: F401, PLC0415  declares the rules; models are loaded only now

        _register_imports()


def _register_imports() -> None:
    from e2c_portal.kernel import sweepers  # noqa: PLC0415
    from trainees.operations import import_turns  # noqa: PLC0415

    sweepers.register("trainee imports", import_turns.sweep)
