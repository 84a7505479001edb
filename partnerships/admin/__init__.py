"""The pages of regional staff: conventions, companies, ceremonies."""

from partnerships.admin import companies, conventions, templates  # noqa: F401  each registers its pages
