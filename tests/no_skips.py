"""A pytest plugin: under `CI=true` a skipped test fails the run, unless it needs `../shared`.

A skip is a promise that was not checked. On a person's machine that is fine, and the reason
is printed; on the machine that decides whether a change is good it is not.
"""

import os

import pytest

EXCUSED = "../shared"


def pytest_configure(config: pytest.Config) -> None:
    """Watch for skips only where they count."""
    if os.environ.get("CI", "").lower() == "true":
        config.pluginmanager.register(NoSkips(), "no-skips")


class NoSkips:
    """Counts the skips that nothing excuses and turns a green run red."""

    def __init__(self) -> None:
        self.skipped: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note one skipped test and the reason it gave."""
        if report.skipped and not hasattr(report, "wasxfail"):
            self._note(report.nodeid, report.longrepr)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a whole file that was skipped."""
        if report.skipped:
            self._note(report.nodeid, report.longrepr)

    def _note(self, test: str, longrepr: object) -> None:
        reason = str(longrepr[2] if isinstance(longrepr, tuple) else longrepr)
        if EXCUSED not in reason:
            self.skipped[test] = reason

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail a run that would have passed with tests left out."""
        controls = not hasattr(session.config, "workerinput")
        if self.skipped and controls and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name each test that was left out."""
        if self.skipped:
            terminalreporter.section("skipped tests fail under CI=true")
            for test, reason in sorted(self.skipped.items()):
                terminalreporter.line(f"{test}: {reason}")
