import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what was sent and what came back, also when all is well."""
    told = [
        words
        for report in terminalreporter.stats.get("passed", [])
        + terminalreporter.stats.get("failed", [])
        for name, words in report.user_properties
        if name == "bad input" and report.when == "call"
    ]
    if told:
        terminalreporter.section("bad input")
        terminalreporter.write_line("\n".join(told))
