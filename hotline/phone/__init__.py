"""The door the carrier knocks at: calls, SMS and their progress, each request signed."""

from flask import Flask


def register(app: Flask) -> None:
    """Open the doors of the carrier on *app*."""
    from hotline.phone import desk, keypad, outbound, prompts, sms, status, voice
    from hotline.phone.express import Express

    for door in (voice, status, desk, keypad, outbound, sms, prompts):
        app.register_blueprint(door.bp)
    app.wsgi_app = Express(app, app.wsgi_app)  # type: ignore[method-assign]  # Flask's own way
