from django.urls import path

from signatures import views

urlpatterns = [
    path("petitions/<slug:slug>/sign/", views.sign, name="sign"),
    path(
        "check-your-email/<uuid:key>/", views.check_your_email, name="check_your_email"
    ),
    path("confirm/<str:token>/", views.confirm, name="confirm"),
    path("signed/<str:token>/", views.signed, name="signed"),
    path("my-signature/<str:token>/", views.my_signature, name="my_signature"),
    path(
        "my-signature/<str:token>/change/",
        views.change_signature,
        name="change_signature",
    ),
    path(
        "my-signature/<str:token>/withdraw/",
        views.withdraw_signature,
        name="withdraw_signature",
    ),
    path(
        "my-signature/<str:token>/unsubscribe/", views.unsubscribe, name="unsubscribe"
    ),
    path(
        "my-signature/<str:token>/data.json",
        views.download_signature,
        name="download_signature",
    ),
    path("signature-removed/", views.signature_removed, name="signature_removed"),
    path("find-my-signature/", views.find_my_signature, name="find_my_signature"),
    path("not-me/<str:token>/", views.not_me, name="not_me"),
]
