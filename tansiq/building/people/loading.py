"""Writes organisations, and the accounts of a sample operation, from an operation's files. Runs as the owner."""

from uuid import UUID

from tansiq.building.people.models import Account, Organisation
from tansiq.building.rooms.configuration import OperationConfiguration

OWNER = "owner"


def load_organisations(configuration: OperationConfiguration) -> dict[str, UUID]:
    """Write the organisations; code → id."""
    written = {}
    for organisation in configuration.organisations:
        row, _made = Organisation.objects.using(OWNER).update_or_create(
            code=organisation.code, defaults={"kind": organisation.type, "names": organisation.names.as_data()}
        )
        written[organisation.code] = row.pk
    return written


def load_sample_accounts(configuration: OperationConfiguration, organisations: dict[str, UUID]) -> list[Account]:
    """Write the accounts of a sample operation; an account that exists keeps its password."""
    accounts = []
    for stated in configuration.accounts:
        account = Account.objects.using(OWNER).filter(email=stated.email).first()
        if account is None:
            names = stated.names.as_data()  # an account has one name: in its own language, as its holder types it
            account = Account.objects.db_manager(OWNER).create_user(
                stated.email, configuration.sample_password, name=names[stated.language], is_sample=True
            )
        account.language = stated.language
        account.organisation_id = organisations[stated.organisation]
        account.save(using=OWNER, update_fields=["language", "organisation_id"])
        accounts.append(Account.objects.get(pk=account.pk))
    return accounts
