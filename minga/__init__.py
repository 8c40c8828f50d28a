"""Minga: where a CSIRT and the signatories of an agreement warn each other and work together."""
