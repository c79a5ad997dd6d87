from signatures.models.buckets import Bucket
from signatures.models.counting import CountChange, FoldedChange
from signatures.models.mails import LinkRequest, SignatureMail, Suppression
from signatures.models.signatures import Signature
from signatures.models.states import Confirmation, Origin, ReasonState, SignatureState

__all__ = [
    "Bucket",
    "Confirmation",
    "CountChange",
    "FoldedChange",
    "LinkRequest",
    "Origin",
    "ReasonState",
    "Signature",
    "SignatureMail",
    "SignatureState",
    "Suppression",
]
