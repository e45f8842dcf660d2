"""Writes of the room: freeze a head's dossier, sign it, ask for it."""

from .dossiers import LONGEST_TEXT, freeze_dossier, request_dossier, sign_dossier
from .refusals import PublicationRefused

__all__ = ["LONGEST_TEXT", "PublicationRefused", "freeze_dossier", "request_dossier", "sign_dossier"]
