"""The site's own addresses, and one that breaks."""

from typing import NoReturn

from django.http import HttpRequest
from django.urls import path

from config.urls import (
    handler400,
    handler403,
    handler404,
    handler500,
)
from config.urls import urlpatterns as ours

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def break_down(request: HttpRequest) -> NoReturn:
    raise RuntimeError("a mistake of ours, with a secret in it")


urlpatterns = [path("break-down/", break_down), *ours]
