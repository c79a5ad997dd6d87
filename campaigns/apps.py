from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = _("What happens")

    def ready(self) -> None:
        """Who imports the writers of notices makes them known."""
        from campaigns import (
            answers,  # noqa: F401
            decision_mail,  # noqa: F401
            fonts,
            invitations,  # noqa: F401
            orphans,  # noqa: F401
            promises,  # noqa: F401
        )
        from campaigns.start import mail  # noqa: F401

        checks.register(fonts.check)
