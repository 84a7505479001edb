from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "e2c_portal.kernel"
    label = "kernel"
    verbose_name = "Noyau"

    def ready(self) -> None:
        from django.db.backends.signals import connection_created  # noqa: PLC0415
        from django.db.models.signals import post_migrate  # noqa: PLC0415

        from e2c_portal.kernel import acting, jobs, removing, retention, retention_rules, sweepers  # noqa: PLC0415  models are loaded only now

        connection_created.connect(acting.listen, dispatch_uid="kernel.acting")
        post_migrate.connect(removing.write_door, sender=self)
        retention.register(*retention_rules.RULES)

        sweepers.register("jobs", jobs.publish_waiting)
