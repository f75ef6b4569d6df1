"""Where a caller can go or whom they can ring: service stations, offices, helplines.

Whom an operator can call into a conversation is another list: `calls/directory.py`.
"""
