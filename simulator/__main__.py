"""The simulator as a program: `python -m simulator --help`."""

import argparse
import signal
import threading
from typing import Final

from simulator.carrier import NUMBER, Carrier
from simulator.clock import RealClock
from simulator.faults import Faults
from simulator.public import Public
from simulator.script import LIVE
from simulator.server import Station, over_http, wait_for

_REMEMBERED: Final = 2000
_ENDS: Final = (signal.SIGTERM, signal.SIGINT)


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=9100)
    parser.add_argument("--app-url", required=True, help="the hotline's PUBLIC_URL")
    parser.add_argument("--account-sid", required=True)
    parser.add_argument("--auth-token", required=True)
    parser.add_argument("--api-key")
    parser.add_argument("--api-secret")
    parser.add_argument("--number", default=NUMBER, help="the hotline's number")
    parser.add_argument("--callers-per-hour", type=float, default=120.0)
    parser.add_argument("--texts-per-hour", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--faults", default="", help="such as dup=0.02,drop=0.01,5xx=0.01")
    parser.add_argument("--fast", type=float, default=1.0, help="how many times faster people are")
    parser.add_argument(
        "--basic", action="store_true", help="know neither queues, conferences nor browsers"
    )
    parser.add_argument(
        "--answering", default="+8613900000xxx", help="desks that pick up at once; x is any digit"
    )
    return parser.parse_args(argv)


def _carrier(options: argparse.Namespace) -> Carrier:
    return Carrier(
        RealClock(options.fast),
        options.account_sid,
        options.auth_token,
        options.app_url,
        over_http,
        number=options.number,
        faults=Faults.parse(options.faults, options.seed),
        seed=options.seed,
        api_key=options.api_key,
        api_secret=options.api_secret,
        pace=LIVE,
        journal_limit=_REMEMBERED,
        basic=options.basic,
    )


def main(argv: list[str] | None = None) -> int:
    """Run until SIGTERM or Ctrl-C; returns the exit status."""
    options = _arguments(argv)
    stop = threading.Event()
    # Blocked before the first thread starts, so that only `sigwait` below meets them.
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
    try:
        carrier = _carrier(options)
        station = Station(carrier, options.port)
    except (OSError, ValueError) as error:
        print(f"simulator: {error}")
        return 1
    public = Public(
        carrier,
        seed=options.seed,
        callers_per_hour=options.callers_per_hour,
        texts_per_hour=options.texts_per_hour,
        answering=options.answering.split(","),
    )
    station.start()
    print(f"simulator: carrier of {options.number} at http://127.0.0.1:{station.port}", flush=True)
    threading.Thread(target=_open_to_the_public, args=(public, options, stop), daemon=True).start()
    signal.sigwait(_ENDS)
    stop.set()
    station.stop()
    return 0


def _open_to_the_public(public: Public, options: argparse.Namespace, stop: threading.Event) -> None:
    if wait_for(options.app_url.rstrip("/"), stop):
        public.begin()


if __name__ == "__main__":
    raise SystemExit(main())
