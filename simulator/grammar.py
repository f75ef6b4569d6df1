"""The verbs and attributes a TwiML document may hold, as tables."""

from typing import Final

_RECORDING_CALLBACK: Final = (
    "recordingStatusCallback recordingStatusCallbackMethod recordingStatusCallbackEvent"
)
_LEG_CALLBACK: Final = "url method statusCallback statusCallbackMethod statusCallbackEvent"
_AMD: Final = (
    "machineDetection machineDetectionTimeout machineDetectionSpeechThreshold "
    "machineDetectionSpeechEndThreshold machineDetectionSilenceTimeout "
    "amdStatusCallback amdStatusCallbackMethod"
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Each voice element and the attributes it knows.
VOICE: Final = {
    "Say": _words("voice language loop"),
    "Play": _words("loop digits"),
    "Pause": _words("length"),
    "Gather": _words(
        "input action method timeout numDigits finishOnKey actionOnEmptyResult language hints "
        "speechTimeout speechModel profanityFilter partialResultCallback "
        "partialResultCallbackMethod bargeIn enhanced debug maxSpeechTime"
    ),
    "Record": _words(
        "action method timeout finishOnKey maxLength playBeep trim transcribe "
        f"transcribeCallback {_RECORDING_CALLBACK}"
    ),
    "Redirect": _words("method"),
    "Hangup": _words(""),
    "Reject": _words("reason"),
    "Leave": _words(""),
    "Enqueue": _words("action method waitUrl waitUrlMethod maxQueueSize workflowSid"),
    "Dial": _words(
        "action method timeout timeLimit callerId hangupOnStar record recordingTrack trim "
        f"answerOnBridge ringTone sequential referUrl referMethod events {_RECORDING_CALLBACK}"
    ),
    "Start": _words(""),
    "Stop": _words(""),
    "Number": _words(f"sendDigits byoc {_LEG_CALLBACK} {_AMD}"),
    "Client": _words(_LEG_CALLBACK),
    "Sip": _words(f"username password {_LEG_CALLBACK} {_AMD}"),
    "Queue": _words("url method reservationSid postWorkActivitySid"),
    "Conference": _words(
        "muted beep startConferenceOnEnter endConferenceOnExit participantLabel "
        "jitterBufferSize waitUrl waitMethod maxParticipants record trim coach region "
        "statusCallback statusCallbackEvent statusCallbackMethod eventCallbackUrl "
        f"{_RECORDING_CALLBACK}"
    ),
    "Identity": _words(""),
    "Parameter": _words("name value"),
    "Recording": _words(f"channels track trim {_RECORDING_CALLBACK}"),
    "Stream": _words("url name track statusCallback statusCallbackMethod"),
    "Transcription": _words(
        "name statusCallbackUrl statusCallbackMethod languageCode track partialResults hints "
        "inboundTrackLabel outboundTrackLabel enableAutomaticPunctuation profanityFilter "
        "speechModel transcriptionEngine intelligenceService"
    ),
}

#: Which elements may stand in which; the text of speech may hold its own mark-up.
CHILDREN: Final = {
    "Response": _words(
        "Say Play Pause Gather Record Redirect Hangup Reject Leave Enqueue Dial Start Stop"
    ),
    "Gather": _words("Say Play Pause"),
    "Dial": _words("Number Client Sip Queue Conference"),
    "Client": _words("Identity Parameter"),
    "Start": _words("Recording Stream Transcription"),
    "Stop": _words("Recording Stream Transcription"),
    "Hangup": _words("Parameter"),
    "Stream": _words("Parameter"),
}

#: The same for a carrier that only speaks and dials; there an unknown verb is an error.
BASIC_CHILDREN: Final = {
    "Response": _words("Say Play Gather Record Redirect Hangup Reject Dial"),
    "Gather": _words("Say Play"),
    "Dial": _words("Number Sip"),
}

#: What a document may hold while a caller waits in a queue.
WAITING: Final = _words("Say Play Pause Gather Redirect Hangup Leave")
#: What a document may hold while a caller waits for a conference.
HOLDING: Final = _words("Say Play Pause Redirect")

#: Each messaging element and the attributes it knows.
MESSAGING: Final = {
    "Message": _words("to from action method statusCallback"),
    "Redirect": _words("method"),
    "Body": _words(""),
    "Media": _words(""),
}
MESSAGING_CHILDREN: Final = {
    "Response": _words("Message Redirect"),
    "Message": _words("Body Media"),
}
