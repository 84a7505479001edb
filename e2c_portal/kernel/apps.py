from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "e2c_portal.kernel"
    label = "kernel"
    verbose_name = "Noyau"

    def ready(self) -> None:
        from e2c_portal.kernel import jobs, sweepers  # noqa: PLC0415  models are loaded only now

        sweepers.register("jobs", jobs.publish_waiting)
