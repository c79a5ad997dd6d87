from signatures.models.buckets import Bucket
from signatures.models.counting import AskedCount, CountChange, Taken
from signatures.models.exclusions import Exclusion, ExclusionCount, ExclusionState
from signatures.models.forgetting import Forgetting
from signatures.models.mails import LinkRequest, SignatureMail, Suppression
from signatures.models.paper import Sheet
from signatures.models.reasons import ShownReason
from signatures.models.records import Erasure, ReasonReport, ReportCause, Wording
from signatures.models.sheet_rows import SheetRow, Verdict
from signatures.models.signatures import Signature
from signatures.models.states import Confirmation, Origin, ReasonState, SignatureState
from signatures.models.traces import (
    AccessRule,
    NetworkSecret,
    RuleKind,
    RuleSubject,
    Trace,
)

__all__ = [
    "AccessRule",
    "AskedCount",
    "Bucket",
    "Confirmation",
    "CountChange",
    "Erasure",
    "Exclusion",
    "ExclusionCount",
    "ExclusionState",
    "Forgetting",
    "LinkRequest",
    "NetworkSecret",
    "Origin",
    "ReasonReport",
    "ReasonState",
    "ReportCause",
    "RuleKind",
    "RuleSubject",
    "Sheet",
    "SheetRow",
    "ShownReason",
    "Signature",
    "SignatureMail",
    "SignatureState",
    "Suppression",
    "Taken",
    "Trace",
    "Verdict",
    "Wording",
]
