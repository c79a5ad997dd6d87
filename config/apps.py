from django.contrib.admin.apps import AdminConfig
from django.core import checks

from config import brand


class UndersignedAdminConfig(AdminConfig):
    default_site = "config.admin.UndersignedAdminSite"

    def ready(self) -> None:
        super().ready()
        checks.register(brand.check)
