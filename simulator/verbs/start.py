"""Start and Stop: what runs beside the document."""

from xml.etree.ElementTree import Element

from simulator import recordings, transcripts
from simulator.interpreter import Run, verb


@verb("Start")
def start(run: Run, element: Element) -> bool:
    """Start what stands inside and go on at once."""
    for noun in element:
        if noun.tag == "Transcription":
            _transcribe(run, noun)
        elif noun.tag == "Recording":
            _record(run, noun)
    return True


@verb("Stop")
def stop(run: Run, element: Element) -> bool:
    """Stop what stands inside, by its name if it has one."""
    for noun in element:
        if noun.tag == "Transcription":
            transcripts.close_all(run.exchange, run.leg, noun.get("name"))
        elif noun.tag == "Recording":
            recordings.close_all(run.exchange, run.leg)
    return True


def _transcribe(run: Run, noun: Element) -> None:
    url = noun.get("statusCallbackUrl")
    transcripts.begin(
        run.exchange,
        run.leg,
        run.source.relative(url, noun.get("statusCallbackMethod")) if url else None,
        language=noun.get("languageCode", "en-US"),
        track=noun.get("track", "both_tracks"),
        name=noun.get("name", ""),
    )


def _record(run: Run, noun: Element) -> None:
    url = noun.get("recordingStatusCallback")
    if url and "://" not in url:
        # The one address in a document that the carrier does not resolve.
        run.exchange.journal[-1].warnings.append(f"11200 {url} is not an absolute address.")
        url = None
    recordings.begin(
        run.exchange,
        run.leg,
        "StartCallRecordingAPI",
        callback=run.source.relative(url, noun.get("recordingStatusCallbackMethod"))
        if url
        else None,
        events=noun.get("recordingStatusCallbackEvent", ""),
        channels=2 if noun.get("channels", "dual") == "dual" else 1,
        track=noun.get("track", "both"),
    )
