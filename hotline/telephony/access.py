"""The pass with which an operator's browser registers at the carrier as a telephone."""

from typing import Final

LIVES: Final = 3600  # seconds; the page asks for the next one before
HOSTS: Final = ("wss://voice-js.roaming.twilio.com", "https://eventgw.twilio.com")


def browser_pass(account_sid: str, key: str, secret: str, name: str) -> str:
    """Return a signed pass: whoever holds it is rung as *name*, and can ring nobody.

    Args:
        account_sid: The account at the carrier.
        key: The name of an API key of that account.
        secret: The key's secret, with which the pass is signed.
        name: What the browser answers to, `spoken.identity` of its operator.

    https://www.twilio.com/docs/iam/access-tokens (twilio.md, section 5.3)
    """
    from twilio.jwt.access_token import AccessToken
    from twilio.jwt.access_token.grants import VoiceGrant

    token = AccessToken(account_sid, key, secret, identity=name, ttl=LIVES)
    token.add_grant(VoiceGrant(incoming_allow=True))
    return str(token.to_jwt())
