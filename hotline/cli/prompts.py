"""`flask prompts`: what callers hear, in words to read out, and what is recorded of it."""

import click

from hotline.cli.speaking import Command, plainly
from hotline.telephony.prompts import DEFAULT, LANGUAGES, PROMPTS, recordable, recording


@click.command("prompts", cls=Command)
@plainly
def prompts() -> None:
    """Print every prompt: its file's name, the languages it is recorded in, and its words.

    A prompt marked `voice` has a gap that is filled as it is said, so it is never recorded.
    """
    for name, words in PROMPTS.items():
        done = [language for language in LANGUAGES if recording(language, name)]
        told = ",".join(done) or "-" if recordable(name) else "voice"
        click.echo(f"{name}\t{told}\t{words[DEFAULT]}")
