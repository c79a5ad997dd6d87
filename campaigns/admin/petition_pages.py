"""More pages about one petition in the admin: writing, exporting, paper and so on.

Each says who may have it besides staff. Whoever may not see the petition meets 404.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise

from petitions.models import Petition

PageView = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class PetitionPage:
    """One page: its path behind the petition's number, its words, who may have it.

    `is_possible` says for which petitions its button is shown.
    """

    path: str
    name: str
    label: str | Promise
    view: PageView
    is_possible: Callable[[Petition], bool]
    organizers_may: bool = False
    moderators_may: bool = False


PAGES: dict[str, PetitionPage] = {}


def petition_page(
    path: str,
    name: str,
    label: str | Promise = "",
    *,
    is_possible: Callable[[Petition], bool] = lambda petition: True,
    organizers_may: bool = False,
    moderators_may: bool = False,
) -> Callable[[PageView], PageView]:
    """Give the admin a page, `admin:<name>`: a view of a request and a petition.

    Without a label it has no button on the petition's own page. What else stands in
    the path, behind the petition's number, the view is given too.
    """

    def register(view: PageView) -> PageView:
        PAGES[name] = PetitionPage(
            path, name, label, view, is_possible, organizers_may, moderators_may
        )
        return view

    return register


def show(
    request: HttpRequest,
    petition: Petition,
    template: str,
    *,
    title: str,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Such a page, in the frame of the admin."""
    framed = {
        **admin.site.each_context(request),
        "title": title,
        "opts": Petition._meta,
        "petition": petition,
        **context,
    }
    return render(request, template, framed, status=status)
