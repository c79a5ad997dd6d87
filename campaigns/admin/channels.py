from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import ChannelCount
from petitions.models import Petition
from petitions.sharing import Channel


@admin.display(description=gettext_lazy("how signers came"))
def how_signers_came(petition: Petition) -> str:
    """The sum of each channel, the largest first; a small one could point at people."""
    figures = ChannelCount.objects.filter(petition=petition.pk)
    lines = [
        f"{Channel(one.via).label}: {_shown(one.count)}"
        for one in figures.order_by("-count", "via")
    ]
    return " · ".join(lines) or _("Nobody has signed by a shared link yet.")


def _shown(count: int) -> str:
    if count < ChannelCount.FEWEST_SHOWN:
        return _("fewer than %(number)s") % {"number": ChannelCount.FEWEST_SHOWN}
    return str(count)
