from django.urls import path

from campaigns import answer_views, feeds, invitation_views, reports, views
from campaigns.start import views as start

urlpatterns = [
    path("", views.home, name="home"),
    path("petitions/", views.petitions, name="petitions"),
    path("petitions/<slug:slug>/", views.petition, name="petition"),
    path(
        "petitions/<slug:slug>/updates/",
        views.petition_updates,
        name="petition_updates",
    ),
    path(
        "petitions/<slug:slug>/updates/<int:pk>/",
        views.petition_update,
        name="petition_update",
    ),
    path(
        "petitions/<slug:slug>/reasons/",
        views.petition_reasons,
        name="petition_reasons",
    ),
    path(
        "petitions/<slug:slug>/versions/",
        views.petition_versions,
        name="petition_versions",
    ),
    path(
        "petitions/<slug:slug>/report/", reports.report_petition, name="report_petition"
    ),
    path(
        "petitions/<slug:slug>/reported/",
        reports.petition_reported,
        name="petition_reported",
    ),
    path("petitions/<slug:slug>/qr.svg", views.petition_qr, name="petition_qr"),
    path(
        "petitions/<slug:slug>/share.png",
        views.petition_share_image,
        name="petition_share_image",
    ),
    path(
        "petitions/<slug:slug>/count.json", views.petition_count, name="petition_count"
    ),
    path("petitions/<slug:slug>/feed/", feeds.petition_feed, name="petition_feed"),
    path("outcomes/", views.outcomes, name="outcomes"),
    path("feed/", feeds.new_petitions_feed, name="new_petitions_feed"),
    path("by/<slug:slug>/", views.organizer, name="organizer"),
    path("to/<slug:slug>/", views.target, name="target"),
    path("topics/<slug:slug>/", views.topic, name="topic"),
    path("answer/<str:token>/", answer_views.answer, name="answer"),
    path(
        "answer/<str:token>/no-mail/",
        answer_views.answer_no_mail,
        name="answer_no_mail",
    ),
    path("invitation/<str:token>/", invitation_views.invitation, name="invitation"),
    path("start/", start.start, name="start"),
    path("start/check/", start.start_check, name="start_check"),
    path("start/sent/", start.start_sent, name="start_sent"),
    path("start/picture.webp", start.start_picture, name="start_picture"),
    path("start/confirm/<str:token>/", start.start_confirm, name="start_confirm"),
    path("start/<slug:slug>/", start.start_step, name="start_step"),
    path("about/", views.about, name="about"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
]
