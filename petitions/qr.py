"""QR codes as small SVG pictures."""

from functools import lru_cache

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

QUIET_ZONE = 4  # blank modules on each side; scanners need them


@lru_cache(maxsize=500)  # reckoning one takes as long as a page
def svg(text: str) -> str:
    return drawn(text)


def drawn(text: str) -> str:
    """Black on white, in the dark too: many scanners don't read the reverse.

    What is secret is drawn by this one, which keeps nothing.
    """
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(text)
    rows = code.get_matrix()
    path = "".join(
        f"M{start} {y}h{end - start}v1H{start}z"
        for y, row in enumerate(rows)
        for start, end in _dark_runs(row)
    )
    side = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path d="{path}"/></svg>'
    )


def _dark_runs(row: list[bool]) -> list[tuple[int, int]]:
    edges = [x for x in range(1, len(row)) if row[x] != row[x - 1]]
    return list(zip(edges[::2], edges[1::2], strict=True))
