"""Who may do what: people, their passwords and sessions, roles, and tokens for programs.

roles.py       reader < editor < maintainer
records.py     a small file of secrets: strict, whole or not at all, for its owner alone
passwords.py   text -> record of scrypt, and back to yes or no
users.py       the people of this installation
tokens.py      the programs
delay.py       who has guessed wrong has to wait, longer each time
sessions.py    who is logged in, and until when
forms.py       what the forms in the browser share
rules.py       which role an address asks for
gate.py        the middleware that enforces it
login*.py      logging in and out; password_*.py: changing one's password
house.py       logging in through the house's own provider
"""
