"""The carrier: Twilio, or whatever speaks its protocol. Nothing above knows which."""
