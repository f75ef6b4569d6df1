"""Recorded prompts: what may stand in their folder, and what is said by recording."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.telephony import prompts


@pytest.fixture(autouse=True)
def _nothing_recorded() -> Iterator[None]:
    yield
    prompts.use(None)


def put(folder: Path, name: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"RIFF demo")
    return path


def test_a_recording_is_played_and_the_voice_says_the_rest(tmp_path: Path) -> None:
    path = put(tmp_path, "mn/greeting.wav")
    prompts.use(tmp_path)
    assert prompts.recording("mn", "greeting") == path
    assert "<Play>/prompts/mn/greeting</Play>" in prompts.speak("greeting", "mn")
    assert "<Say" in prompts.speak("next", "mn")
    assert "<Say" in prompts.speak("greeting", "zh")


@pytest.mark.parametrize(
    "name", ["mn/welcome.mp3", "zh/position.mp3", "fr/greeting.mp3", "mn/greeting.ogg"]
)
def test_what_is_no_prompt_stops_the_start(tmp_path: Path, name: str) -> None:
    path = put(tmp_path, name)
    with pytest.raises(ValueError, match=path.name):
        prompts.use(tmp_path)
    assert prompts.recording("mn", "greeting") is None


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    prompts.use(tmp_path / "none")
    assert "<Say" in prompts.speak("greeting")
