"""What the database refuses of what is reported."""

from collections.abc import Callable

from campaigns.models import PetitionReport
from tests.makers import make_petition


def a_report_for_no_known_cause() -> None:
    PetitionReport.objects.create(petition=make_petition(), cause="ugly")


OF_REPORTS: dict[str, Callable[[], None]] = {
    "petition_report_cause_is_known": a_report_for_no_known_cause,
}
