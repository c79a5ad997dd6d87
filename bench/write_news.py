"""Posts an update by mail and writes its mails down, and prints how long that took.

A program of its own, so that the load generator carries no Django:
`python -m bench.write_news 12`.
"""

import json
import sys
import time

import django

django.setup()

from campaigns.models import Update  # noqa: E402 - needs the set-up above
from petitions.models import Account, Petition  # noqa: E402


def main(number: int) -> None:
    petition = Petition.objects.get(pk=number)
    words = {"title": "The council has decided", "body": "It **stays**. " * 20}
    update = Update(petition=petition, language="en", **words)
    update.post(by=Account.objects.earliest("pk"), with_mail=True)
    batches = []
    write_some = update._queue_some

    def timed(most: int, *, after: int) -> list[int]:
        began = time.perf_counter()
        signers = write_some(most, after=after)
        batches.append(time.perf_counter() - began)
        return signers

    update._queue_some = timed  # type: ignore[method-assign]  # to time each batch
    written = update.queue_mails()
    told = {"written": written, "seconds": sum(batches), "longest": max(batches)}
    print(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]))
