from signatures.models.buckets import Bucket
from signatures.models.counting import CountChange, Taken
from signatures.models.mails import LinkRequest, SignatureMail, Suppression
from signatures.models.signatures import Signature
from signatures.models.states import Confirmation, Origin, ReasonState, SignatureState

__all__ = [
    "Bucket",
    "Confirmation",
    "CountChange",
    "LinkRequest",
    "Origin",
    "ReasonState",
    "Signature",
    "SignatureMail",
    "SignatureState",
    "Suppression",
    "Taken",
]
