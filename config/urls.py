from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.decorators.http import require_safe
from django.views.static import serve

from config import health, machines
from config.brand import logo
from config.dev_mail import dev_mail
from config.stylesheet import admin_stylesheet, stylesheet

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path(".well-known/security.txt", machines.security_txt, name="security_txt"),
    path("logo-<slug:digest>", logo, name="logo"),
    path("style-<slug:digest>.css", stylesheet, name="stylesheet"),
    path("admin-style-<slug:digest>.css", admin_stylesheet, name="admin_stylesheet"),
    re_path(
        r"^media/(?P<path>[A-Za-z0-9_./-]{1,200})$",  # as our files are called
        require_safe(serve),
        {"document_root": settings.MEDIA_ROOT},
        name="media",
    ),
    *i18n_patterns(
        path("admin/", admin.site.urls),
        path("accounts/", include("config.accounts.urls")),
        path("", include("signatures.urls")),
        path("", include("campaigns.urls")),
        prefix_default_language=False,
    ),
]
if settings.DEBUG:
    urlpatterns.insert(0, path("dev/mail/", dev_mail, name="dev_mail"))

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler429 = "config.accounts.views.too_many"  # allauth asks for it
handler500 = "config.errors.server_error"
