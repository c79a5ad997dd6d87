"""The mails that the scenes have caused."""

from email import message_from_bytes, policy
from email.message import EmailMessage

from config.dev_mail import BETWEEN
from tests.look.demo_site import DemoSite


def sent_by(site: DemoSite) -> dict[str, EmailMessage]:
    """One for each subject."""
    raw = b"".join(file.read_bytes() for file in sorted(site.mails.glob("*.log")))
    mails = [
        message_from_bytes(one, policy=policy.default)
        for one in raw.split(BETWEEN)
        if one.strip()
    ]
    return {mail["Subject"]: mail for mail in mails}
