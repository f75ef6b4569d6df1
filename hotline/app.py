"""The composition: settings, database, carrier and doors become one application."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

import config
from hotline import api, cli, clock, phone, web
from hotline.calls import policy
from hotline.clock.nudge import Nudger
from hotline.core import doors, engines, language, log, privacy, signing
from hotline.core.db import db
from hotline.messages import failpoints
from hotline.telephony import dialling, profile, prompts
from hotline.telephony.carrier import TwilioCarrier
from hotline.telephony.port import Carrier

MIGRATIONS = Path(__file__).parent.parent / "migrations"
LARGEST_REQUEST = 12 * 1024 * 1024  # an attachment of 8 MiB in a form


@dataclass
class Hotline:
    """What the doors find in `app.extensions["hotline"]`.

    Attributes:
        recordings: The folder of sealed recordings.
        bell: Lets pages see at once what was committed.
        nudge: Rings the bell, and lets what waits for the carrier go at once.
        demo_logins: What the login page offers in the demo; empty elsewhere.
    """

    settings: config.Settings
    carrier: Carrier
    recordings: Path
    bell: Callable[[], None] = lambda: None
    nudge: Callable[[], None] = lambda: None
    demo_logins: Sequence[object] = field(default=())


def create_app(settings: config.Settings | None = None, carrier: Carrier | None = None) -> Flask:
    """Compose the hotline from *settings*, by default those of the environment.

    Raises:
        config.SettingsError: A setting is missing or malformed.
    """
    settings = settings or config.read()
    log.configure(settings.log_level)
    app = Flask("hotline", static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        SQLALCHEMY_DATABASE_URI=settings.database,
        SQLALCHEMY_ENGINE_OPTIONS=engines.engine_options(settings.database),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        BABEL_DEFAULT_LOCALE=settings.hotline_locale,
    )
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]  # as Flask says
    keys = privacy.read_keys(settings.data_keys.get_secret_value())
    privacy.use(keys)
    signing.use(keys)
    language.use_zone(settings.hotline_timezone)
    profile.use(settings.carrier_profile)
    dialling.use(settings.dial_prefixes)
    policy.use(settings.recorded_lines)
    try:
        prompts.use(settings.prompts)
    except ValueError as error:
        raise config.SettingsError(f"PROMPTS_DIR: {error}") from None
    app.extensions["hotline"] = Hotline(settings, carrier or connect(settings), settings.recordings)
    if settings.demo:
        from hotline.demo.people import DEMO_LOGINS

        app.extensions["hotline"].demo_logins = DEMO_LOGINS
    if settings.hotline_failpoint and settings.hotline_env is config.Environment.TEST:
        failpoints.arm(settings.hotline_failpoint)
    app.url_map.converters["int"] = doors.Id
    _open_database(app)
    _open_doors(app)
    doors.keep_closed(app)  # after the doors: they say who is asking
    return app


def create_help() -> Flask:
    """Compose the commands alone: what `--help` needs where settings are missing."""
    app = Flask("hotline", static_folder=None)
    Migrate().init_app(app)
    for door in (clock, cli):
        door.register(app)
    return app


def connect(settings: config.Settings) -> Carrier:
    """Return the client of the carrier that *settings* name; it opens nothing yet."""
    return TwilioCarrier(
        settings.twilio_account_sid,
        settings.auth_tokens[0] if settings.auth_tokens else "",
        settings.hotline_number,
        api_key=settings.twilio_api_key,
        api_secret=settings.twilio_api_secret.get_secret_value(),
        api_url=settings.twilio_api_url,
    )


def upgrade_database() -> None:
    """Bring the database of the current app to the newest revision, reference rows included."""
    from flask_migrate import upgrade

    upgrade(str(MIGRATIONS))


def _open_database(app: Flask) -> None:
    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS))
    with app.app_context():
        engines.prepare(db.engine)


def _open_doors(app: Flask) -> None:
    for door in (phone, api, web, clock, cli):
        door.register(app)
    here: Hotline = app.extensions["hotline"]
    send_soon = Nudger(app)

    def nudge() -> None:
        here.bell()
        send_soon()

    here.nudge = nudge
