"""Sessions of who is logged in: when they end, and how one ends them.

After 15 minutes without a page Django ends them (SESSION_COOKIE_AGE), after 8 hours
we. What is listed is the kind of browser and two times; no address is kept.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.internal.flows.logout import logout
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse

from config.accounts.devices import described
from config.middleware import ADMIN, GetResponse

LONGEST = timedelta(hours=8)
BEGAN = "log_in_began"
NO_ADDRESS = "0.0.0.0"  # noqa: S104 - the library's table wants one


@dataclass(frozen=True)
class OpenSession:
    number: int
    device: str
    began_at: datetime
    last_seen_at: datetime
    is_this_one: bool


def end_old_sessions(get_response: GetResponse) -> GetResponse:
    """Log out who has been logged in for a working day."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if ADMIN.match(request.path_info) and request.user.is_authenticated:
            began = request.session.get(BEGAN, 0)
            if time.time() - began > LONGEST.total_seconds():
                logout(request, show_message=False)
        return get_response(request)

    return middleware


def begin(sender: object, request: HttpRequest | None, **_others: object) -> None:
    """Listens to Django: whichever way somebody has logged in."""
    if request is not None:
        request.session[BEGAN] = int(time.time())


def write_down(sender: object, request: HttpRequest, **_others: object) -> None:
    """Listens to allauth: whoever logs in, or changes the password and stays."""
    if not request.session.session_key:
        request.session.save()
    UserSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": request.user,
            "ip": NO_ADDRESS,
            "user_agent": described(request),
        },
    )


def end_others(
    sender: object, request: HttpRequest, user: AbstractBaseUser, **_others: object
) -> None:
    """Listens to allauth: a new password is the end of what the old one opened."""
    end_other_sessions(request, user)


def open_sessions(request: HttpRequest) -> list[OpenSession]:
    """This account's, the newest first; what has ended is forgotten on the way."""
    listed = UserSession.objects.filter(user=request.user.pk).order_by("-pk")
    keys = [one.session_key for one in listed]
    living = Session.objects.filter(session_key__in=keys)
    ends = dict(living.values_list("session_key", "expire_date"))
    idle = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    listed.exclude(session_key__in=ends).delete()
    return [
        OpenSession(
            number=one.pk,
            device=one.user_agent,
            began_at=one.created_at,
            last_seen_at=ends[one.session_key] - idle,
            is_this_one=one.session_key == request.session.session_key,
        )
        for one in listed
        if one.session_key in ends
    ]


def end_other_sessions(request: HttpRequest, account: AbstractBaseUser) -> None:
    for session in UserSession.objects.filter(user=account.pk):
        if session.session_key != request.session.session_key:
            session.end()


def end_session(request: HttpRequest, number: int) -> None:
    """One of one's own, which may be this one."""
    session = UserSession.objects.filter(user=request.user.pk, pk=number).first()
    if session is None:
        return
    if session.session_key == request.session.session_key:
        logout(request)
    session.end()
