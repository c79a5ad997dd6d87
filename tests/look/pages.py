"""Every page of the site, in every shape, for whoever looks at all of them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """What stands in braces in an address comes from `scenes.py`.

    A page with `typed` is the answer to a form that was sent with these words.
    """

    name: str
    address: str
    status: int = 200
    typed: dict[str, str] | None = None
    draft: str = ""  # the browser writes the petition of this name in `scenes.py`

    def __str__(self) -> str:
        return self.name.replace(" ", "-")


LISTS = [
    Page("start page", "/"),
    Page("start page in Spanish", "/es/"),
    Page("list", "/petitions/"),
    Page("list in Spanish", "/es/petitions/"),
    Page("list page 2", "/petitions/?page=2"),
    Page("list of the won", "/petitions/?state=won"),
    Page("list filtered", "/petitions/?topic=libraries&state=open&sort=most"),
    Page("search", "/petitions/?q=bridge"),
    Page("search that finds nothing", "/petitions/?q=xyzzy-" + "o" * 80),
    Page("organizer", "{organizer}"),
    Page("target", "{target}"),
    Page("target with two pages", "{target_with_many}"),
    Page("topic", "{topic}"),
    Page("topic page 2", "{topic}?page=2"),
    Page("how petitions ended", "/outcomes/"),
    Page("how petitions ended in Spanish", "/es/outcomes/"),
    Page("how petitions ended, none like this", "/outcomes/?outcome=withdrawn"),
]
PETITIONS = [
    Page("open", "/petitions/keep-the-library-open-on-saturdays/"),
    Page("open in Spanish", "/es/petitions/keep-the-library-open-on-saturdays/"),
    Page("ten targets", "/petitions/one-ticket-for-ten-towns/"),
    Page("long title", "/petitions/tell-us-what-is-in-the-wenna/"),
    Page("the longest", "/petitions/the-longest/"),
    Page("nobody yet", "/petitions/nobody-yet/"),
    Page("only Spanish", "/petitions/solo-en-espanol/"),
    Page("outdated translation", "/es/petitions/outdated-translation/"),
    Page("closes soon", "/petitions/closes-soon/"),
    Page("goal reached", "/petitions/goal-reached/"),
    Page("closed", "/petitions/closed/"),
    Page("closed in the demo", "/petitions/keep-the-night-bus/"),
    Page("won", "/petitions/won/"),
    Page("won in the demo", "/petitions/bring-back-the-winter-ferry/"),
    Page("won in part", "/petitions/won-in-part/"),
    Page("lost", "/petitions/lost/"),
    Page("sensitive", "{sensitive}"),
    Page("sensitive with few", "/petitions/sensitive-with-few/"),
    Page("hidden", "/petitions/hidden/", status=410),
    Page("rejected", "/petitions/rejected/", status=410),
    Page("rejected in silence", "/petitions/rejected-in-silence/", status=410),
    Page("paused", "/petitions/paused/"),
    Page("paper sheet", "/petitions/keep-the-library-open-on-saturdays/?paper=1"),
    Page("paper sheet of the longest", "/petitions/the-longest/?paper=1"),
]
UNDER_PETITIONS = [
    Page("updates", "/petitions/the-longest/updates/"),
    Page("updates page 2", "/petitions/the-longest/updates/?page=2"),
    Page("no updates", "/petitions/nobody-yet/updates/"),
    Page("update", "{update}"),
    Page("reasons", "/petitions/the-longest/reasons/"),
    Page("no reasons", "/petitions/nobody-yet/reasons/"),
    Page("versions", "/petitions/the-longest/versions/"),
    Page("versions that signers were told of", "/petitions/amended/versions/"),
    Page("sign", "/petitions/the-longest/sign/"),
    Page("sign a sensitive one", "{sensitive}sign/"),
    Page("sign what is closed", "/petitions/closed/sign/", status=409),
    Page("sign what is paused", "/petitions/paused/sign/"),
    Page("report a reason", "{report}"),
    Page("report a reason without a cause", "{report}", status=400, typed={}),
    Page("reason reported", "/petitions/the-longest/reasons/reported/"),
    Page("report a petition", "/petitions/the-longest/report/"),
    Page("report a sensitive petition", "{sensitive}report/"),
    Page(
        "report a petition with errors",
        "/petitions/the-longest/report/",
        status=400,
        typed={"words": "o" * 501},
    ),
    Page("petition reported", "/petitions/the-longest/reported/"),
]
FORMS_WITH_ERRORS = [
    Page(
        "sign with errors",
        "/petitions/the-longest/sign/",
        status=400,
        typed={"name": "", "email": "ada@", "reason": "o" * 501},
    ),
    Page(
        "sign with errors in Spanish",
        "/es/petitions/outdated-translation/sign/",
        status=400,
        typed={"name": "", "email": "ada@"},
    ),
    Page(
        "sign a sensitive one with errors",
        "{sensitive}sign/",
        status=400,
        typed={"name": "Mia"},
    ),
    Page(
        "my signature with errors",
        "{my_signature}",
        status=400,
        typed={"name": "", "reason": "o" * 501},
    ),
    Page(
        "find my signature with errors",
        "/find-my-signature/",
        status=400,
        typed={"email": "ada@"},
    ),
]
BEHIND_LINKS = [
    Page("check your e-mail", "{check}"),
    Page("check your e-mail after sending again", "{check}", typed={}),
    Page("confirm", "{confirm}"),
    Page("confirm a sensitive one", "{confirm_sensitive}"),
    Page("confirm too late", "{too_late}", status=409),
    Page("confirm while it is checked", "{held}", status=409),
    Page("signed", "{signed}"),
    Page("signed a sensitive one", "{signed_sensitive}"),
    Page("signed before", "{signed_before}"),
    Page("my signature", "{my_signature}"),
    Page("my signature with a hidden reason", "{my_hidden_reason}"),
    Page("my signature just changed", "{my_signature}?changed"),
    Page("my pending signature", "{my_pending_signature}"),
    Page("my signature, withdrawn", "{withdrawn}"),
    Page("my signature, withdrawn from a sensitive one", "{withdrawn_sensitive}"),
    Page("my signature, forgotten", "{forgotten}"),
    Page("my signature, new links asked for", "{my_signature}?asked"),
    Page("withdraw", "{my_signature}withdraw/"),
    Page("signature removed", "/signature-removed/"),
    Page("signature removed from a sensitive one", "/signature-removed/?exit"),
    Page("unsubscribe", "{my_signature}unsubscribe/"),
    Page("unsubscribed", "{wants_none}unsubscribe/"),
    Page("not me", "{not_me}"),
    Page("not me, done", "{not_me_done}"),
    Page("link unknown", "/confirm/forged/", status=404),
    Page("find my signature", "/find-my-signature/"),
    Page(
        "find my signature, sent",
        "/find-my-signature/",
        typed={"email": "ada@example.org"},
    ),
]
LOG_IN = [
    Page("log in", "/accounts/login/"),
    Page("log in with errors", "/accounts/login/", typed={"login": "ada@"}),
    Page("forgotten password", "/accounts/password/reset/"),
    Page(
        "forgotten password, mailed",
        "/accounts/password/reset/",
        typed={"email": "ada@example.org"},
    ),
    Page(
        "link to set a password unknown",
        "/accounts/password/reset/key/1-forged/",
        status=404,
    ),
]
OF_LETTERS = [
    Page("asked 40 days ago", "/petitions/asked/"),
    Page("asked and answered", "/petitions/answered/"),
    Page("target that was asked", "{target_asked}"),
    Page("answer", "{answer}"),
    Page("answer in Spanish", "/es{answer}"),
    Page("answer with errors", "{answer}", status=400, typed={"text": "o" * 5001}),
    Page("answer that is checked", "{answer_to_check}"),
    Page("answer that is published", "{answer_published}"),
    Page("answer too late", "{answer_too_late}", status=410),
    Page("answer to a forged link", "/answer/forged/", status=404),
    Page("no mail to a target", "{answer}no-mail/"),
    Page("invitation", "{invitation}"),
    Page("invitation in Spanish", "/es{invitation}"),
    Page("invitation with errors", "{invitation}", status=400, typed={"name": ""}),
    Page("invitation with an account", "{invitation_with_account}"),
    Page("invitation to take over", "{invitation_to_take_over}"),
    Page("invitation from staff", "{invitation_from_staff}"),
    Page("invitation accepted", "{invitation_accepted}"),
    Page("invitation that is over", "{invitation_over}", status=410),
]
STARTING = [
    Page("start", "/start/"),
    Page("start in Spanish", "/es/start/"),
    Page("start without a draft", "/start/?lost"),
    Page("start with errors", "/start/", status=400, typed={"title": ""}),
    Page(
        "start with advice",
        "/start/",
        typed={"title": "KEEP LARKHAVEN LIBRARY OPEN ON SATURDAYS"},
    ),
    Page("start, go on", "/start/", draft="draft_wrong"),
    Page("start, waiting", "/start/", draft="draft_sent"),
    *(
        Page(f"start {step}", f"/start/{step}/", draft="draft")
        for step in ("what", "who", "why", "picture", "goal", "you", "check")
    ),
    *(
        Page(f"start {step}, wrong", f"/start/{step}/?check", draft="draft_wrong")
        for step in ("what", "who", "why", "picture", "goal", "you")
    ),
    Page("start check, wrong", "/start/check/", draft="draft_wrong"),
    Page("start check in Spanish", "/es/start/check/", draft="draft"),
    Page("start sent", "/start/sent/", draft="draft_sent"),
    Page("start confirm", "{start_confirm}"),
    Page("start confirmed", "{start_confirmed}"),
    Page("start link unknown", "/start/confirm/forged/", status=404),
]
OTHERS = [
    Page("about", "/about/"),
    Page("privacy", "/privacy/"),
    Page("accessibility", "/accessibility/"),
    Page("sent mail", "/dev/mail/"),
    Page("not found", "/nothing/", status=404),
    Page("not found in Spanish", "/es/nada/", status=404),
    *(
        Page(f"error {status}", f"/go-wrong/{status}/", status=status)
        for status in [400, 403, 405, 413, 429, 500, 503]
    ),
]
PAGES = [
    *LISTS,
    *PETITIONS,
    *UNDER_PETITIONS,
    *FORMS_WITH_ERRORS,
    *BEHIND_LINKS,
    *LOG_IN,
    *OF_LETTERS,
    *STARTING,
    *OTHERS,
]
