"""Passwords: what is refused, and that an unknown login costs the same time."""

import statistics
import time

import pytest

from hotline.core.errors import Invalid
from hotline.staff import passwords, tokens

GOOD = "骆驼在湖边喝水呢"


@pytest.mark.parametrize(
    "weak",
    [
        "短",
        "1234567",
        "password123",
        "Password123",
        "aaaaaaaaaaaa",
        "abababababab",
        "hotline12351",
        "zhangsan12351",
        "x" * 257,
        "工会热线12351工会",
    ],
)
def test_a_password_that_is_guessed_is_refused(weak: str) -> None:
    with pytest.raises(Invalid) as refused:
        passwords.check(weak, "zhangsan")
    assert "password" in refused.value.errors


@pytest.mark.parametrize(
    "good", ["八个不同的字符呀", "correct horse battery", "Aks82jf-qw", "x1" * 20 + "abc"]
)
def test_a_long_or_odd_one_is_accepted(good: str) -> None:
    passwords.check(good, "zhangsan")


def test_only_the_right_password_opens() -> None:
    kept = passwords.digest(GOOD)
    assert kept.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert passwords.verify(kept, GOOD)
    assert not passwords.verify(kept, GOOD + "。")
    assert not passwords.verify(None, GOOD)
    assert not passwords.verify("no hash at all", GOOD)


def test_nothing_is_cut_off_a_long_password() -> None:
    kept = passwords.digest("长" * 80)
    assert not passwords.verify(kept, "长" * 79 + "短")


def test_nobody_is_refused_as_slowly_as_somebody() -> None:
    kept = passwords.digest(GOOD)
    assert passwords.NOBODY.split("$")[:4] == kept.split("$")[:4]
    some, none = ([_seconds(text) for _ in range(9)] for text in (kept, None))
    assert 0.5 < statistics.median(none) / statistics.median(some) < 2


def _seconds(kept: str | None) -> float:
    began = time.thread_time()
    passwords.verify(kept, "wrong")
    return time.thread_time() - began


def test_tokens_are_long_and_never_the_same() -> None:
    made = {tokens.fresh("hl_") for _ in range(100)}
    assert len(made) == 100
    assert all(token.startswith("hl_") and len(token) == 46 for token in made)
    assert len(tokens.hashed("x")) == 64
