"""What the files of an operation say, once read: one value with everything."""

from dataclasses import dataclass
from datetime import date

from tansiq.engine.imports import CargoReader, CargoRules, ImportMapping

from . import (
    aid,
    chain,
    clearance,
    coordination,
    crossings,
    distribution,
    impediments,
    needs,
    people,
    places,
    release,
    transport,
)


@dataclass(frozen=True)
class OperationConfiguration:
    """Everything that the files of an operation say."""

    operation: people.OperationFile
    parties: tuple[people.Party, ...]
    rooms: tuple[people.Room, ...]
    organisation_types: tuple[people.OrganisationType, ...]
    organisations: tuple[people.Organisation, ...]
    roles: tuple[people.Role, ...]
    accounts: tuple[people.Account, ...]
    sample_password: str  # empty unless the operation is a sample with accounts
    record_types: tuple[release.RecordType, ...]
    pause_reasons: tuple[release.PauseReason, ...]
    clock_kinds: tuple[release.ClockKind, ...]
    areas: tuple[places.Area, ...]
    sites: tuple[places.Site, ...]
    crossings: tuple[places.Crossing, ...]
    needs: needs.NeedsFile | None  # None: the operation states no indicators
    crossing_days: crossings.CrossingDaysFile | None  # None: no crossing uses slots
    gazetteer: tuple[places.NamedPlace, ...]
    area_features: tuple[places.Feature, ...]
    line_features: tuple[places.Feature, ...]
    road_features: tuple[places.Feature, ...]
    commodity_classes: tuple[aid.Coded, ...]
    commodities: tuple[aid.Commodity, ...]
    units: tuple[aid.Unit, ...]
    consignor_classes: tuple[aid.Coded, ...]
    reasons: tuple[aid.Reason, ...]
    stages: tuple[aid.Stage, ...]
    count_definitions: tuple[aid.CountDefinition, ...]
    obligations: tuple[aid.Obligation, ...]
    conservation: aid.ConservationFile | None  # None: quantities that do not add up are refused, never insisted on
    impediments: impediments.ImpedimentsFile | None  # None: the operation keeps no register of impediments
    distribution: distribution.DistributionFile | None  # None: the operation has no desk of distribution
    transport: transport.TransportFile | None  # None: the operation makes no manifests
    chain: chain.ChainFile | None  # None: the operation states no chain of links
    coordination: coordination.CoordinationFile | None  # None: nobody is asked, nothing is stated of routes
    clearance: clearance.ClearanceFile | None  # None: no item has to be cleared
    cargo_rules: CargoRules
    mappings: tuple[ImportMapping, ...]
    sources: dict[str, tuple[str, date]]  # places, crossings, gazetteer -> (source, day of publication)

    @property
    def cargo_reader(self) -> CargoReader:
        """The cargo rules made ready for use."""
        return CargoReader(self.cargo_rules, {x.code: x.class_ for x in self.commodities})
