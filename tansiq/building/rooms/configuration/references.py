"""What the files of an operation say of one another: repeated codes and references to nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta

from .contents import OperationConfiguration
from .reading import Problem

LEAST_RECOVERY_DELAY = timedelta(hours=1)


def _repeated(file: str, field: str, codes: Iterable[str]) -> Iterator[Problem]:
    for code, times in Counter(codes).items():
        if times > 1:
            yield Problem(file, field, f"{code} {times} times", "each code once")


def _unknown(file: str, field: str, found: Iterable[str | None], known: Iterable[str]) -> Iterator[Problem]:
    codes = list(dict.fromkeys(known))
    for code in found:
        if code is not None and code not in codes:
            listed = ", ".join(codes[:12]) + (", …" if len(codes) > 12 else "")
            yield Problem(file, field, code, f"one of {listed}" if codes else "no reference")


def repeated_codes(whole: OperationConfiguration) -> Iterator[Problem]:
    """Find codes that stand twice in one list."""
    c = "code"
    yield from _repeated("rooms.yaml", f"parties.{c}", [x.code for x in whole.parties])
    yield from _repeated("rooms.yaml", f"rooms.{c}", [x.code for x in whole.rooms])
    yield from _repeated("organisations.yaml", f"types.{c}", [x.code for x in whole.organisation_types])
    yield from _repeated("organisations.yaml", f"organisations.{c}", [x.code for x in whole.organisations])
    yield from _repeated("roles.yaml", f"roles.{c}", [x.code for x in whole.roles])
    yield from _repeated("accounts.yaml", "accounts.email", [x.email for x in whole.accounts])
    yield from _repeated("release_rules.yaml", "record_types.record", [x.record for x in whole.record_types])
    yield from _repeated("clocks.yaml", f"kinds.{c}", [x.code for x in whole.clock_kinds])
    yield from _repeated("clocks.yaml", f"pause_reasons.{c}", [x.code for x in whole.pause_reasons])
    yield from _repeated("places.yaml", "areas.p_code", [x.p_code for x in whole.areas])
    yield from _repeated("places.yaml", f"sites.{c}", [x.code for x in whole.sites])
    yield from _repeated("crossings.yaml", f"crossings.{c}", [x.code for x in whole.crossings])
    yield from _repeated("gazetteer.yaml", f"places.{c}", [x.code for x in whole.gazetteer])
    yield from _repeated("commodities.yaml", f"commodities.{c}", [x.code for x in whole.commodities])
    yield from _repeated("commodities.yaml", f"classes.{c}", [x.code for x in whole.commodity_classes])
    yield from _repeated("units.yaml", f"units.{c}", [x.code for x in whole.units])
    yield from _repeated("reasons.yaml", f"reasons.{c}", [x.code for x in whole.reasons])
    yield from _repeated("stages.yaml", f"stages.{c}", [x.code for x in whole.stages])
    versions = [f"{x.code} version {x.version}" for x in whole.count_definitions]
    yield from _repeated("count_definitions.yaml", f"definitions.{c}", versions)
    yield from _repeated("mappings/", c, [x.code for x in whole.mappings])


def delays(whole: OperationConfiguration) -> Iterator[Problem]:
    """Check that a recovery leaves its holder the time to object; a sample may be quicker."""
    stated = whole.operation
    if not stated.sample and stated.recovery_delay < LEAST_RECOVERY_DELAY:
        minutes = int(stated.recovery_delay.total_seconds()) // 60
        expected = "at least PT1H, usually PT24H; only a sample may be quicker"
        yield Problem("operation.yaml", "recovery_delay", f"PT{minutes}M", expected)


def room_references(whole: OperationConfiguration) -> Iterator[Problem]:
    """Check rooms, organisations, accounts and the kinds of rooms there must be."""
    parties = [party.code for party in whole.parties]
    organisations = [organisation.code for organisation in whole.organisations]
    rooms = [room.code for room in whole.rooms]
    types = [kind.code for kind in whole.organisation_types]
    classes = [kind.code for kind in whole.consignor_classes]
    for room in whole.rooms:
        yield from _unknown("rooms.yaml", f"rooms.{room.code}.party", [room.party], parties)
        yield from _unknown("rooms.yaml", f"rooms.{room.code}.organisation", [room.organisation], organisations)
        if (room.kind == "party") != (room.party is not None):
            yield Problem("rooms.yaml", f"rooms.{room.code}.party", str(room.party), "a party for rooms of kind party")
    if [room.kind for room in whole.rooms].count("shared_floor") != 1:
        yield Problem("rooms.yaml", "rooms", "another number of shared floors", "one room of kind shared_floor")
    for organisation in whole.organisations:
        where = f"organisations.{organisation.code}"
        yield from _unknown("organisations.yaml", f"{where}.type", [organisation.type], types)
        yield from _unknown("organisations.yaml", f"{where}.consignor_class", [organisation.consignor_class], classes)
    roles = [role.code for role in whole.roles]
    for account in whole.accounts:
        yield from _unknown("accounts.yaml", f"{account.email}.organisation", [account.organisation], organisations)
        held = account.memberships
        yield from _unknown("accounts.yaml", f"{account.email}.memberships.room", [m.room for m in held], rooms)
        yield from _unknown("accounts.yaml", f"{account.email}.memberships.role", [m.role for m in held], roles)
    if whole.accounts and not whole.operation.sample:
        yield Problem("accounts.yaml", "(file)", "sample accounts", "none, unless operation.yaml says sample: true")
    if whole.operation.default_language not in whole.operation.languages:
        yield Problem("operation.yaml", "default_language", whole.operation.default_language, "one of languages")


def release_references(whole: OperationConfiguration) -> Iterator[Problem]:
    """Check the rooms and roles that release rules and clocks name."""
    rooms = [room.code for room in whole.rooms]
    roles = [role.code for role in whole.roles]
    for kind in whole.record_types:
        for line in ("headline", "detail", "identities"):
            rule = getattr(kind.lines, line)
            where = f"{kind.record}.{line}"
            yield from _unknown("release_rules.yaml", f"{where}.rooms", rule.rooms, rooms)
            for second in rule.second_person:
                yield from _unknown("release_rules.yaml", f"{where}.second_person.rooms", second.rooms, rooms)
                yield from _unknown("release_rules.yaml", f"{where}.second_person.roles", second.roles, roles)
    pauses = [reason.code for reason in whole.pause_reasons]
    for clock in whole.clock_kinds:
        yield from _unknown("clocks.yaml", f"{clock.code}.may_pause_for", clock.may_pause_for, pauses)
        told = [told for step in clock.ladder for told in step.tell]
        yield from _unknown("clocks.yaml", f"{clock.code}.room", [t.room for t in told], ["asked", "asking", *rooms])
        yield from _unknown("clocks.yaml", f"{clock.code}.role", [t.role for t in told], roles)


def place_references(whole: OperationConfiguration) -> Iterator[Problem]:
    """Check areas, and who claims a drawn feature."""
    areas = [area.p_code for area in whole.areas]
    yield from _unknown("places.yaml", "areas.parent", [area.parent for area in whole.areas], areas)
    yield from _unknown("places.yaml", "sites.area", [site.area for site in whole.sites], areas)
    yield from _unknown("crossings.yaml", "crossings.area", [x.area for x in whole.crossings], areas)
    yield from _unknown("gazetteer.yaml", "places.area", [x.area for x in whole.gazetteer], areas)
    drawn = [feature.properties.code for feature in whole.area_features]
    yield from _unknown("areas.geojson", "features.properties.code", drawn, areas)
    claimants = [party.code for party in whole.parties] + [room.code for room in whole.rooms]
    claimants += [organisation.code for organisation in whole.organisations]
    files = {"areas": whole.area_features, "lines": whole.line_features, "roads": whole.road_features}
    for name, features in files.items():
        file = f"{name}.geojson"
        claimed = [feature.properties.claimant for feature in features]
        yield from _unknown(file, "features.properties.claimant", claimed, claimants)
        versions = [f"{f.properties.code} version {f.properties.version}" for f in features]
        yield from _repeated(file, "features.properties.code", versions)


def aid_references(whole: OperationConfiguration) -> Iterator[Problem]:
    """Check what the aid files name: classes, units, stages, commodities, crossings."""
    units = [unit.code for unit in whole.units]
    classes = [kind.code for kind in whole.commodity_classes]
    commodities = [commodity.code for commodity in whole.commodities]
    stages = [stage.code for stage in whole.stages]
    groups = [group for reason in whole.reasons for group in reason.groups]
    yield from _unknown("commodities.yaml", "class", [x.class_ for x in whole.commodities], classes)
    yield from _unknown("commodities.yaml", "unit", [x.unit for x in whole.commodities], units)
    yield from _unknown("units.yaml", "equals.unit", [x.equals.unit for x in whole.units if x.equals], units)
    for stage in whole.stages:
        yield from _unknown("stages.yaml", f"{stage.code}.after", stage.after, stages)
        yield from _unknown("stages.yaml", f"{stage.code}.reasons", [stage.reasons], groups)
    rules = whole.cargo_rules
    yield from _unknown("cargo_rules.yaml", "rules.commodity", [x.commodity for x in rules.rules], commodities)
    yield from _unknown("cargo_rules.yaml", "mixtures.commodity", [x.commodity for x in rules.mixtures], commodities)
    mixed = [code for mixture in rules.mixtures for code in mixture.classes]
    yield from _unknown("cargo_rules.yaml", "mixtures.classes", mixed, classes)
    yield from _unknown("cargo_rules.yaml", "other_mixture", [rules.other_mixture], commodities)


def count_references(whole: OperationConfiguration) -> Iterator[Problem]:
    """Check what count definitions, obligations and mapping files name."""
    known = {
        "stages": [x.code for x in whole.stages],
        "consignor_classes": [x.code for x in whole.consignor_classes],
        "commodities": [x.code for x in (*whole.commodities, *whole.commodity_classes)],
        "crossings": [x.code for x in whole.crossings],
    }
    units = [x.code for x in whole.units]
    for definition in whole.count_definitions:
        for field, codes in known.items():
            found = getattr(definition, field)
            yield from _unknown("count_definitions.yaml", f"{definition.code}.{field}", found, codes)
        yield from _unknown("count_definitions.yaml", f"{definition.code}.unit", [definition.unit], units)
    definitions = [x.code for x in whole.count_definitions]
    for owed in whole.obligations:
        where = f"obligations.{owed.code}"
        yield from _unknown("obligations.yaml", f"{where}.count_definition", [owed.count_definition], definitions)
        shares = [share.code for step in owed.steps for share in step.of_which]
        yield from _unknown("obligations.yaml", f"{where}.of_which", shares, [x.code for x in owed.classes])
        named = [code for kind in owed.classes for code in kind.commodities]
        yield from _unknown("obligations.yaml", f"{where}.commodities", named, known["commodities"])
        senders = [code for kind in owed.classes for code in kind.consignor_classes]
        yield from _unknown("obligations.yaml", f"{where}.consignor_classes", senders, known["consignor_classes"])
        areas = [code for kind in owed.classes for code in kind.areas]
        yield from _unknown("obligations.yaml", f"{where}.areas", areas, [x.p_code for x in whole.areas])
    yield from _mapping_references(whole, {**known, "units": units})


def _mapping_references(whole: OperationConfiguration, known: dict[str, list[str]]) -> Iterator[Problem]:
    lists = {
        "stage": known["stages"],
        "unit": known["units"],
        "crossing": known["crossings"],
        "consignor_class": known["consignor_classes"],
        "reason": [reason.code for reason in whole.reasons],
    }
    for mapping in whole.mappings:
        if mapping.record != "consignment_event":
            continue
        file = f"mappings/{mapping.code}.yaml"
        for column in mapping.columns:
            if column.field in lists and column.table:
                codes = mapping.tables[column.table].values()
                yield from _unknown(file, f"tables.{column.table}", codes, lists[column.field])
        constants = [(name, str(value)) for name, value in mapping.constants.items() if name in lists]
        for name, value in constants:
            yield from _unknown(file, f"constants.{name}", [value], lists[name])


def impediment_references(whole: OperationConfiguration) -> Iterator[Problem]:
    """Check the codes of impediments, and the clocks, types, links and units that they name."""
    stated, file = whole.impediments, "impediments.yaml"
    if stated is None:
        return
    for name in ("types", "chain_links", "answers", "origins"):
        yield from _repeated(file, f"{name}.code", [x.code for x in getattr(stated, name)])
    yield from _repeated(file, "cost_units", stated.cost_units)
    clocks = [kind.code for kind in whole.clock_kinds if kind.on_silence == "record"]
    yield from _unknown(file, "first_clock", [stated.first_clock], clocks)
    yield from _unknown(file, "types.clock", [x.clock for x in stated.types], clocks)
    yield from _unknown(file, "answers.next_clock", [x.next_clock for x in stated.answers], clocks)
    yield from _unknown(file, "origins.type", [x.type for x in stated.origins], [x.code for x in stated.types])
    links = [code for origin in stated.origins for code in origin.chain_links]
    yield from _unknown(file, "origins.chain_links", links, [x.code for x in stated.chain_links])
    yield from _unknown(file, "cost_units", stated.cost_units, [x.code for x in whole.units])


def transport_references(whole: OperationConfiguration) -> Iterator[Problem]:
    """Check the codes of transport, and the stages, units and roles that it names."""
    stated, file = whole.transport, "transport.yaml"
    if stated is None:
        return
    for name in ("places", "deeds", "conditions", "label_sheets"):
        yield from _repeated(file, f"{name}.code", [x.code for x in getattr(stated, name)])
    stages, units = [x.code for x in whole.stages], [x.code for x in whole.units]
    named = [at for deed in stated.deeds for at in deed.at]
    steps = [stated.stages.draft, stated.stages.seal, stated.stages.depart]
    yield from _unknown(file, "stages", steps, stages)
    yield from _unknown(file, "deeds.at.stage", [at.stage for at in named], stages)
    yield from _unknown(file, "deeds.at.place", [at.place for at in named], [x.code for x in stated.places])
    roles = [code for at in named for code in at.roles]
    yield from _unknown(file, "deeds.at.roles", roles, [x.code for x in whole.roles])
    yield from _unknown(file, "unit_kinds", stated.unit_kinds, units)
    yield from _unknown(file, "capacity.unit", [stated.capacity.unit], units)


def crossing_day_references(whole: OperationConfiguration) -> Iterator[Problem]:
    """Check the crossings, rooms, roles, stages and groups of reasons of the day at the crossings."""
    stated, file = whole.crossing_days, "crossing_days.yaml"
    if stated is None:
        return
    yield from _repeated(file, "crossings.crossing", [x.crossing for x in stated.crossings])
    yield from _unknown(
        file, "crossings.crossing", [x.crossing for x in stated.crossings], [x.code for x in whole.crossings]
    )
    yield from _unknown(file, "crossings.keeper", [x.keeper for x in stated.crossings], [x.code for x in whole.rooms])
    yield from _unknown(file, "crossings.role", [x.role for x in stated.crossings], [x.code for x in whole.roles])
    yield from _unknown(file, "used_by", stated.used_by, [x.code for x in whole.stages])
    groups = sorted({group for reason in whole.reasons for group in reason.groups})
    yield from _unknown(file, "closure_reasons", [stated.closure_reasons], groups)
    yield from _unknown(file, "refusal_reasons", [stated.refusal_reasons], groups)


def needs_references(whole: OperationConfiguration) -> Iterator[Problem]:
    """Check the codes of indicators, and the commodities, units, stages, sectors and seasons that they name."""
    stated, file = whole.needs, "indicators.yaml"
    if stated is None:
        return
    for name in ("indicators", "levels", "hazards", "seasons", "pipeline"):
        yield from _repeated(file, f"{name}.code", [x.code for x in getattr(stated, name)])
    stages = [x.code for x in whole.stages]
    yield from _unknown(file, "received", stated.received, stages)
    yield from _unknown(file, "distributed", stated.distributed, stages)
    yield from _unknown(file, "pipeline.stages", [code for part in stated.pipeline for code in part.stages], stages)
    commodities, units = [x.code for x in whole.commodities], [x.code for x in whole.units]
    yield from _unknown(file, "carriers", stated.carriers, units)
    seasons, sectors = [x.code for x in stated.seasons], [x.code for x in whole.commodity_classes]
    for one in stated.indicators:
        where = f"indicators.{one.code}"
        yield from _unknown(file, f"{where}.commodities", one.commodities, commodities)
        yield from _unknown(file, f"{where}.pieces.unit", [x.unit for x in one.pieces], units)
        yield from _unknown(file, f"{where}.sector", [one.sector], sectors)
        yield from _unknown(file, f"{where}.season", [one.season], seasons)


def simulation_references(whole: OperationConfiguration) -> Iterator[Problem]:
    """Check what the sample generator is asked to send, and by whom."""
    asked = whole.operation.simulation
    if asked is None:
        return
    senders = [organisation.code for organisation in whole.organisations if organisation.consignor_class]
    areas = [area.p_code for area in whole.areas]
    commodities = [commodity.code for commodity in whole.commodities]
    yield from _unknown("operation.yaml", "simulation.consignors", asked.consignors, senders)
    yield from _unknown("operation.yaml", "simulation.areas", asked.areas, areas)
    yield from _unknown("operation.yaml", "simulation.cargo", [x.commodity for x in asked.cargo], commodities)
