from django.urls import path

from signatures import my_signature_views, reports, views

urlpatterns = [
    path("petitions/<slug:slug>/sign/", views.sign, name="sign"),
    path(
        "petitions/<slug:slug>/reasons/<int:pk>/report/",
        reports.report_reason,
        name="report_reason",
    ),
    path(
        "petitions/<slug:slug>/reasons/reported/",
        reports.reason_reported,
        name="reason_reported",
    ),
    path(
        "check-your-email/<uuid:key>/", views.check_your_email, name="check_your_email"
    ),
    path("confirm/<str:token>/", views.confirm, name="confirm"),
    path("signed/<str:token>/", views.signed, name="signed"),
    path(
        "my-signature/<str:token>/",
        my_signature_views.my_signature,
        name="my_signature",
    ),
    path(
        "my-signature/<str:token>/change/",
        my_signature_views.change_signature,
        name="change_signature",
    ),
    path(
        "my-signature/<str:token>/withdraw/",
        my_signature_views.withdraw_signature,
        name="withdraw_signature",
    ),
    path(
        "my-signature/<str:token>/undo/",
        my_signature_views.undo_withdrawal,
        name="undo_withdrawal",
    ),
    path(
        "my-signature/<str:token>/erase/",
        my_signature_views.erase_signature,
        name="erase_signature",
    ),
    path(
        "my-signature/<str:token>/new-links/",
        my_signature_views.send_new_links,
        name="send_new_links",
    ),
    path(
        "my-signature/<str:token>/unsubscribe/",
        my_signature_views.unsubscribe,
        name="unsubscribe",
    ),
    path(
        "my-signature/<str:token>/data.json",
        my_signature_views.download_signature,
        name="download_signature",
    ),
    path(
        "signature-removed/",
        my_signature_views.signature_removed,
        name="signature_removed",
    ),
    path(
        "find-my-signature/",
        my_signature_views.find_my_signature,
        name="find_my_signature",
    ),
    path("not-me/<str:token>/", my_signature_views.not_me, name="not_me"),
]
