"""A whole operation read from its directory, checked file by file and then together."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tansiq.engine.imports import CargoRules, ImportMapping, MappingError, mapping_from

from . import (
    aid,
    balances,
    chain,
    chain_references,
    clearance,
    clearance_references,
    coordination,
    coordination_references,
    crossings,
    distribution,
    distribution_references,
    impediments,
    needs,
    people,
    places,
    references,
    release,
    transport,
)
from .contents import OperationConfiguration
from .reading import ConfigurationError, Problem, read_content, validated

MOST_FILES = 200


_MODELS: dict[str, Any] = {
    "operation.yaml": people.OperationFile,
    "rooms.yaml": people.RoomsFile,
    "organisations.yaml": people.OrganisationsFile,
    "roles.yaml": people.RolesFile,
    "accounts.yaml": people.AccountsFile,
    "release_rules.yaml": release.ReleaseRulesFile,
    "clocks.yaml": release.ClocksFile,
    "places.yaml": places.PlacesFile,
    "crossings.yaml": places.CrossingsFile,
    "gazetteer.yaml": places.GazetteerFile,
    "areas.geojson": places.FeaturesFile,
    "lines.geojson": places.FeaturesFile,
    "roads.geojson": places.FeaturesFile,
    "commodities.yaml": aid.CommoditiesFile,
    "units.yaml": aid.UnitsFile,
    "consignor_classes.yaml": aid.ConsignorClassesFile,
    "reasons.yaml": aid.ReasonsFile,
    "stages.yaml": aid.StagesFile,
    "count_definitions.yaml": aid.CountDefinitionsFile,
    "obligations.yaml": aid.ObligationsFile,
    "cargo_rules.yaml": CargoRules,
    "crossing_days.yaml": crossings.CrossingDaysFile,
    "impediments.yaml": impediments.ImpedimentsFile,
    "clearance.yaml": clearance.ClearanceFile,
    "coordination.yaml": coordination.CoordinationFile,
    "conservation.yaml": aid.ConservationFile,
    "indicators.yaml": needs.NeedsFile,
    "distribution.yaml": distribution.DistributionFile,
    "transport.yaml": transport.TransportFile,
    "chain.yaml": chain.ChainFile,
}
_OPTIONAL = {
    "accounts.yaml",
    "crossing_days.yaml",
    "indicators.yaml",
    "obligations.yaml",
    "lines.geojson",
    "roads.geojson",
    "impediments.yaml",
    "clearance.yaml",
    "coordination.yaml",
    "conservation.yaml",
    "distribution.yaml",
    "transport.yaml",
    "chain.yaml",
}

_CHECKS: tuple[Callable[[OperationConfiguration], Iterator[Problem]], ...] = (
    references.repeated_codes,
    references.delays,
    references.room_references,
    references.release_references,
    references.place_references,
    references.aid_references,
    balances.stages_that_balance,
    balances.conservation_references,
    references.count_references,
    references.impediment_references,
    clearance_references.clearance_references,
    coordination_references.coordination_references,
    distribution_references.distribution_references,
    references.transport_references,
    references.crossing_day_references,
    chain_references.chain_references,
    references.needs_references,
    references.simulation_references,
)


def read_operation(directory: Path) -> OperationConfiguration:
    """Read and check the directory of an operation.

    Raises : ConfigurationError   with every problem found: file, field, what was found, what was expected
    """
    problems = list(_strangers(directory))
    files: dict[str, Any] = {}
    for name, model in _MODELS.items():
        if name in _OPTIONAL and not (directory / name).exists():
            files[name] = None
            continue
        try:
            files[name] = validated(model, read_content(directory / name, name), name)
        except ConfigurationError as error:
            problems += error.problems
    mappings = []
    for path in sorted((directory / "mappings").glob("*.yaml")):
        try:
            mappings.append(_read_mapping(path))
        except ConfigurationError as error:
            problems += error.problems
    if problems:
        raise ConfigurationError(problems)
    whole = _assembled(files, tuple(mappings))
    problems = [problem for check in _CHECKS for problem in check(whole)]
    if problems:
        raise ConfigurationError(problems)
    return whole


def _strangers(directory: Path) -> Iterator[Problem]:
    if not directory.is_dir():
        yield Problem(str(directory), "(directory)", "nothing", "a directory with the files of an operation")
        return
    found = [path for path in sorted(directory.rglob("*")) if path.is_file() and not path.name.startswith(".")]
    if len(found) > MOST_FILES:
        yield Problem(str(directory), "(directory)", f"{len(found)} files", f"at most {MOST_FILES}")
    for path in found[:MOST_FILES]:
        name = path.relative_to(directory).as_posix()
        is_mapping = path.parent == directory / "mappings" and path.suffix == ".yaml"
        if name not in _MODELS and not is_mapping and path.suffix != ".md":
            yield Problem(name, "(file)", "a file of no known name", "a file named in docs/operations.md")


def _read_mapping(path: Path) -> ImportMapping:
    file = f"mappings/{path.name}"
    try:
        mapping = mapping_from(read_content(path, file))
    except MappingError as error:
        raise ConfigurationError([Problem(file, p.path, p.found, p.expected) for p in error.problems]) from None
    if mapping.code != path.stem:
        raise ConfigurationError([Problem(file, "code", mapping.code, f"{path.stem}, the name of the file")])
    return mapping


def _assembled(files: dict[str, Any], mappings: tuple[ImportMapping, ...]) -> OperationConfiguration:
    rooms, organisations = files["rooms.yaml"], files["organisations.yaml"]
    clocks, area_file = files["clocks.yaml"], files["places.yaml"]
    accounts, obligations = files["accounts.yaml"], files["obligations.yaml"]
    lines, roads = files["lines.geojson"], files["roads.geojson"]
    dated = {"places": area_file, "crossings": files["crossings.yaml"], "gazetteer": files["gazetteer.yaml"]}
    return OperationConfiguration(
        operation=files["operation.yaml"],
        parties=rooms.parties,
        rooms=rooms.rooms,
        organisation_types=organisations.types,
        organisations=organisations.organisations,
        roles=files["roles.yaml"].roles,
        accounts=accounts.accounts if accounts else (),
        sample_password=accounts.sample_password if accounts else "",
        record_types=files["release_rules.yaml"].record_types,
        pause_reasons=clocks.pause_reasons,
        clock_kinds=clocks.kinds,
        areas=area_file.areas,
        sites=area_file.sites,
        crossings=files["crossings.yaml"].crossings,
        gazetteer=files["gazetteer.yaml"].places,
        area_features=files["areas.geojson"].features,
        line_features=lines.features if lines else (),
        road_features=roads.features if roads else (),
        commodity_classes=files["commodities.yaml"].classes,
        commodities=files["commodities.yaml"].commodities,
        units=files["units.yaml"].units,
        consignor_classes=files["consignor_classes.yaml"].consignor_classes,
        reasons=files["reasons.yaml"].reasons,
        stages=files["stages.yaml"].stages,
        count_definitions=files["count_definitions.yaml"].definitions,
        obligations=obligations.obligations if obligations else (),
        impediments=files["impediments.yaml"],
        clearance=files["clearance.yaml"],
        coordination=files["coordination.yaml"],
        distribution=files["distribution.yaml"],
        transport=files["transport.yaml"],
        crossing_days=files["crossing_days.yaml"],
        conservation=files["conservation.yaml"],
        chain=files["chain.yaml"],
        needs=files["indicators.yaml"],
        cargo_rules=files["cargo_rules.yaml"],
        mappings=mappings,
        sources={name: (file.source, file.published_on) for name, file in dated.items()},
    )
