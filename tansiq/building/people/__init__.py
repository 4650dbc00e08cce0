"""Accounts, organisations and how a person proves who they are."""
