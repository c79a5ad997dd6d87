"""What of a browser's powers our pages may use, and what they embed: next to nothing.

`web-share` stands nowhere: not every browser knows the name, and where it does a page
has it for itself alone, which is what the button to share needs.
"""

OFF = [
    *("accelerometer", "autoplay", "browsing-topics", "camera"),
    *("captured-surface-control", "clipboard-read", "compute-pressure"),
    *("deferred-fetch", "deferred-fetch-minimal"),
    *("digital-credentials-create", "digital-credentials-get"),
    *("display-capture", "encrypted-media", "fullscreen", "gamepad", "geolocation"),
    *("gyroscope", "hid", "identity-credentials-get", "idle-detection"),
    *("keyboard-map", "language-detector", "language-model", "local-fonts"),
    *("local-network", "local-network-access", "loopback-network", "magnetometer"),
    *("microphone", "midi", "on-device-speech-recognition", "otp-credentials"),
    *("speaker-selection", "payment", "picture-in-picture"),
    *("private-state-token-issuance", "private-state-token-redemption"),
    *("screen-wake-lock", "serial", "storage-access", "summarizer", "sync-xhr"),
    *("translator", "usb", "window-management", "xr-spatial-tracking"),
]
PASSKEYS = ["publickey-credentials-create", "publickey-credentials-get"]


def policy(*, with_passkeys: bool) -> str:
    """The header's words. Passkeys are for the pages where people log in."""
    passkeys = "(self)" if with_passkeys else "()"
    allowed = {
        **dict.fromkeys(OFF, "()"),
        **dict.fromkeys(PASSKEYS, passkeys),
        "clipboard-write": "(self)",  # the button that copies a link
    }
    return ", ".join(f"{name}={who}" for name, who in allowed.items())
