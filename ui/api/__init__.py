"""The interfaces for programs: JSON over HTTP, and what OpenAI's clients speak.

faults.py   what can go wrong, in German, in the form of either interface
models.py   what /api takes and gives, for checking requests and for the OpenAPI document
chat.py     OpenAI's messages -> a question; an answer -> OpenAI's messages
work.py     questions answered at a time, one after the other, and dropped when nobody waits
routes.py   the addresses, behind tokens
openapi.py  their description for programs

Neither interface exists unless it is switched on (setting ``api``); each call needs a token.
"""
