"""The operations platform of a civil-military coordination centre."""
