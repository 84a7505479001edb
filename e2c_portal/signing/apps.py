from django.apps import AppConfig


class SigningConfig(AppConfig):
    name = "e2c_portal.signing"
    label = "signing"
    verbose_name = "Signatures"

    def ready(self) -> None:
        from e2c_portal.documents import kinds  # noqa: PLC0415  models are loaded only now
        from e2c_portal.documents import sweeping as documents_sweeping  # noqa: PLC0415
        from e2c_portal.kernel import log_masking, retention, sweepers  # noqa: PLC0415
        from e2c_portal.links import purposes as link_purposes  # noqa: PLC0415
        from e2c_portal.mailing import message_types  # noqa: PLC0415
        from e2c_portal.signing import (  # noqa: PLC0415
            evidence_file,
            follower_messages,
            link_purpose,
            messages,
            retention_rules,
            sweeping,
            watchers,
        )

        log_masking.mask_after("/sur-place/")
        sweepers.register("signatures", sweeping.sweep)
        documents_sweeping.register_owner("signing", sweeping.owned_files)
        kinds.register(evidence_file.EVIDENCE_FILE)
        link_purposes.register(link_purpose.SIGN)
        for kind in (*messages.TYPES, *follower_messages.TYPES, *watchers.TYPES):
            message_types.register(kind)
        retention.register(*retention_rules.RULES)
