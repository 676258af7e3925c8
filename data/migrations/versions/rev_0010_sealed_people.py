"""Who people are and where they live, sealed with a key that is not in the database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import context, op

from data.keys import KeyFaultError, Keys, Vault

revision = "0010"
down_revision = "0006"
branch_labels = None
depends_on = None

PLANS = (("plans", "document"), ("standing_plans", "document"), ("offers", "plan"))
HOME = "home-"
MOMENT = sa.DateTime(timezone=True)

Point = tuple[float, float]
Rows = list[dict[str, Any]]


def upgrade() -> None:
    op.create_table(
        "sealing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealing")),
    )
    for table in ("people", "homes", "notes"):
        op.add_column(table, sa.Column("sealed", sa.LargeBinary(), nullable=True))
    op.add_column("homes", sa.Column("spot", sa.LargeBinary(), nullable=True))
    geocodes, imported = _seal_rows()
    _make_geocodes(geocodes, sa.LargeBinary(), "sealed", spot=sa.LargeBinary())
    _make_imported(imported, sa.LargeBinary(), "sealed")
    _change_stops(lambda _: None)
    with _table("people") as people:
        people.drop_constraint("uq_people_region_name_born_phone", type_="unique")
        for name in ("name", "born", "phone"):
            people.drop_column(name)
        people.alter_column("sealed", nullable=False)
        people.create_unique_constraint(op.f("uq_people_region_sealed"), ["region", "sealed"])
    with _table("homes") as homes:
        homes.drop_constraint("uq_homes_region_label", type_="unique")
        for name in ("label", "lat", "lon"):
            homes.drop_column(name)
        homes.alter_column("sealed", nullable=False)
        homes.alter_column("spot", nullable=False)
        homes.create_unique_constraint(op.f("uq_homes_region_sealed"), ["region", "sealed"])
    with op.batch_alter_table("notes") as notes:
        notes.drop_column("text")
        notes.alter_column("sealed", nullable=False)
    with _table("requests") as requests:
        requests.alter_column("person_id", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    for table in ("people", "homes"):
        for name in {"people": ("name", "born", "phone"), "homes": ("label",)}[table]:
            op.add_column(table, sa.Column(name, sa.String(), nullable=True))
    for name in ("lat", "lon"):
        op.add_column("homes", sa.Column(name, sa.Double(), nullable=True))
    op.add_column("notes", sa.Column("text", sa.String(), nullable=True))
    geocodes, imported, points = _open_rows()
    _make_geocodes(geocodes, sa.String(), "query", lat=sa.Double(), lon=sa.Double())
    _make_imported(imported, sa.String(), "key")
    _change_stops(points.get)
    _name_the_forgotten()
    with _table("people") as people:
        people.drop_constraint("uq_people_region_sealed", type_="unique")
        people.drop_column("sealed")
        for name in ("name", "born", "phone"):
            people.alter_column(name, nullable=False)
        people.create_unique_constraint(
            op.f("uq_people_region_name_born_phone"), ["region", "name", "born", "phone"]
        )
    with _table("homes") as homes:
        homes.drop_constraint("uq_homes_region_sealed", type_="unique")
        homes.drop_column("sealed")
        homes.drop_column("spot")
        for name in ("label", "lat", "lon"):
            homes.alter_column(name, nullable=False)
        homes.create_unique_constraint(op.f("uq_homes_region_label"), ["region", "label"])
    with op.batch_alter_table("notes") as notes:
        notes.drop_column("sealed")
        notes.alter_column("text", nullable=False)
    with _table("requests") as requests:
        requests.alter_column("person_id", existing_type=sa.Integer(), nullable=False)
    op.drop_table("sealing")


@contextmanager
def _table(name: str) -> Iterator[Any]:
    """Change a table whose numbers are never given again: SQLite makes it anew, and forgets."""
    with op.batch_alter_table(name, table_kwargs={"sqlite_autoincrement": True}) as batch:
        count = None
        if op.get_bind().dialect.name == "sqlite":
            asked = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name")
            count = op.get_bind().scalar(asked, {"name": name})
        yield batch
    if count is not None:
        for statement in (
            "DELETE FROM sqlite_sequence WHERE name = :name",
            "INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)",
        ):
            bound = {"name": name, "seq": count} if ":seq" in statement else {"name": name}
            op.get_bind().execute(sa.text(statement), bound)


def _make_geocodes(rows: Rows, kind: Any, key: str, **columns: Any) -> None:
    """Make the table anew, with other columns; nothing refers to it."""
    op.drop_table("geocodes")
    made = op.create_table(
        "geocodes",
        sa.Column(key, kind, nullable=False),
        *(sa.Column(name, what, nullable=True) for name, what in columns.items()),
        sa.Column("fetched", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(key, name=op.f("pk_geocodes")),
    )
    op.bulk_insert(made, rows)


def _make_imported(rows: Rows, kind: Any, key: str) -> None:
    op.drop_table("imported")
    made = op.create_table(
        "imported",
        sa.Column(key, kind, nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_imported_request_id")
        ),
        sa.PrimaryKeyConstraint(key, name=op.f("pk_imported")),
    )
    op.bulk_insert(made, rows)


def _keys() -> Keys:
    keys = context.config.attributes.get("keys")
    if not isinstance(keys, Keys):
        msg = "Ohne Schlüssel sind Namen und Adressen nicht umzuschreiben."
        raise KeyFaultError(msg)
    return keys


def _rows(table: str, *columns: str) -> list[Any]:
    described = sa.table(
        table,
        *(sa.column(name, MOMENT if name == "fetched" else None) for name in columns),
    )
    return list(op.get_bind().execute(sa.select(described)))


def _set(table: str, key: str, value: object, **values: object) -> None:
    columns: list[sa.ColumnClause[Any]] = [sa.column(name) for name in (key, *values)]
    described = sa.table(table, *columns)
    op.get_bind().execute(sa.update(described).where(described.c[key] == value).values(**values))


def _seal_rows() -> tuple[Rows, Rows]:
    """Seal everything; returns the answers of geocoders and the imported rows as they will be."""
    people = _rows("people", "id", "region", "name", "born", "phone")
    homes = _rows("homes", "id", "region", "label", "lat", "lon")
    notes = _rows("notes", "request_id", "text")
    geocodes = _rows("geocodes", "query", "lat", "lon", "fetched")
    imported = _rows("imported", "key", "request_id")
    if not (people or homes or notes or geocodes or imported):
        return [], []
    vault = _keys().newest()
    sealing = sa.table("sealing", sa.column("id"), sa.column("key"))
    op.get_bind().execute(sa.insert(sealing).values(id=1, key=vault.name))
    for row in people:
        sealed = vault.seal(f"people:{row.region}", row.name, row.born, row.phone)
        _set("people", "id", row.id, sealed=sealed)
    for row in homes:
        sealed = vault.seal(f"homes:{row.region}", row.label)
        _set("homes", "id", row.id, sealed=sealed, spot=_spot(vault, "homes.spot", row))
    for row in notes:
        sealed = vault.seal_freshly("notes", row.text)
        _set("notes", "request_id", row.request_id, sealed=sealed)
    return [
        {
            "sealed": vault.seal("geocodes", row.query),
            "spot": None if row.lat is None else _spot(vault, "geocodes.spot", row),
            "fetched": row.fetched,
        }
        for row in geocodes
    ], [
        {"sealed": vault.seal("imported", row.key), "request_id": row.request_id}
        for row in imported
    ]


def _open_rows() -> tuple[Rows, Rows, dict[str, Point]]:
    """Write everything back as it was; as `_seal_rows`, and returns where the homes are."""
    points: dict[str, Point] = {}
    rows = _rows("sealing", "key")
    if not rows:
        return [], [], points
    vault = _keys().find(rows[0].key)
    for row in _rows("people", "id", "region", "sealed"):
        name, born, phone = vault.open(f"people:{row.region}", row.sealed)
        _set("people", "id", row.id, name=name, born=born, phone=phone)
    for row in _rows("homes", "id", "region", "sealed", "spot"):
        (label,) = vault.open(f"homes:{row.region}", row.sealed)
        lat, lon = map(float, vault.open_fresh("homes.spot", row.spot))
        points[f"{HOME}{row.id}"] = (lat, lon)
        _set("homes", "id", row.id, label=label, lat=lat, lon=lon)
    for row in _rows("notes", "request_id", "sealed"):
        (text,) = vault.open_fresh("notes", row.sealed)
        _set("notes", "request_id", row.request_id, text=text)
    geocodes: Rows = []
    for row in _rows("geocodes", "sealed", "spot", "fetched"):
        point: dict[str, float | None] = {"lat": None, "lon": None}
        if row.spot is not None:
            spot = vault.open_fresh("geocodes.spot", row.spot)
            point = dict(zip(("lat", "lon"), map(float, spot), strict=True))
        (query,) = vault.open("geocodes", row.sealed)
        geocodes.append({"query": query, **point, "fetched": row.fetched})
    imported = [
        {"key": vault.open("imported", row.sealed)[0], "request_id": row.request_id}
        for row in _rows("imported", "sealed", "request_id")
    ]
    return geocodes, imported, points


def _spot(vault: Vault, about: str, row: Any) -> bytes:
    return vault.seal_freshly(about, repr(row.lat), repr(row.lon))


def _change_stops(where: Callable[[str], Point | None]) -> None:
    """Write into each plan where the homes are, or nothing for those that *where* does not say."""
    for table, column in PLANS:
        described = sa.table(table, sa.column("id"), sa.column(column, sa.JSON()))
        for number, document in list(op.get_bind().execute(sa.select(described))):
            routes = [
                {**route, "stops": [_stop(stop, where) for stop in route["stops"]]}
                for route in document["routes"]
            ]
            if routes != document["routes"]:
                changed = {column: {**document, "routes": routes}}
                op.get_bind().execute(
                    sa.update(described).where(described.c.id == number).values(**changed)
                )


def _stop(stop: dict[str, Any], where: Callable[[str], Point | None]) -> dict[str, Any]:
    if not stop["place"].startswith(HOME):
        return stop
    rest = {name: value for name, value in stop.items() if name not in {"place", "lat", "lon"}}
    point = where(stop["place"])
    shown = {} if point is None else {"lat": point[0], "lon": point[1]}
    return {"place": stop["place"], **shown, **rest}


def _name_the_forgotten() -> None:
    """Before, every request had a person: those whose people are forgotten get one of no name."""
    bind = op.get_bind()
    regions = bind.scalars(sa.text("SELECT DISTINCT region FROM requests WHERE person_id IS NULL"))
    for region in list(regions):
        bind.execute(
            sa.text(
                "INSERT INTO people (region, sealed, name, born, phone) "
                "VALUES (:region, :sealed, '', '', '')"
            ),
            {"region": region, "sealed": b""},
        )
        bind.execute(
            sa.text(
                "UPDATE requests SET person_id = (SELECT MAX(id) FROM people) "
                "WHERE person_id IS NULL AND region = :region"
            ),
            {"region": region},
        )
