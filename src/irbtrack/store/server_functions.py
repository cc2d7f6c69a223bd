"""The functions of a PostgreSQL server by which irbtrack writes its register.

They run with the rights of the register's owner. So whoever records needs no right to write to
the tables themselves, and can't write anything to them that the functions don't let through. An
entry is given as the text that its digest covers; its number, digest and rows are made from that.
"""

from sqlalchemy import Connection

from irbtrack.domain.figures.restatement import SnapshotLine, SnapshotTold
from irbtrack.domain.journal import NO_DIGEST
from irbtrack.domain.nouns import NOUNS

OF_WRITER = (
    "irbtrack_take_turn()",
    "irbtrack_record(text[])",
    "irbtrack_rebuild(text, text[], json)",
    "irbtrack_keep_snapshot(integer, date, text, timestamptz, json)",
    "irbtrack_set_person(text, text, text)",
    "irbtrack_keep_recorder(text, text)",
    "irbtrack_keep_copy(text, text, text, timestamptz, text)",
)
"""The functions that a writer calls."""

RECORDED = {
    **{noun: sorted(kind.TYPES.keys() - {"ref"}) for noun, kind in NOUNS.items()},
    "snapshot": [*SnapshotTold._fields],
    "recorder": [],
}
"""What a change can be of, a noun or what has no versions, and which fields it can set.

An import sets even those that the fold works out, if a tracker says what they were.
"""

_NAMED = ", ".join(f"'{noun}'" for noun in RECORDED)
_SETTABLE = ", ".join(f"'{noun} {field}'" for noun, of in RECORDED.items() for field in of)

_TAKE_TURN = """
BEGIN
    LOCK TABLE entry IN SHARE ROW EXCLUSIVE MODE;
END"""

_OPEN = f"""
BEGIN
    PERFORM irbtrack_take_turn();
    UPDATE stamp SET writing = 1 WHERE (entry, digest) = (coalesce((SELECT max(id) FROM entry), 0),
        coalesce((SELECT digest FROM entry ORDER BY id DESC LIMIT 1), '{NO_DIGEST}'));
    IF NOT FOUND THEN
        RAISE insufficient_privilege USING MESSAGE = 'the journal is not as irbtrack left it';
    END IF;
END"""
"""Begin a write, as :func:`irbtrack.store.stamping.is_open` does."""

_CLOSE = """
BEGIN
    UPDATE stamp SET writing = 0, counter = counter + 1;
    UPDATE stamp SET entry = last.id, digest = last.digest
        FROM (SELECT id, digest FROM entry ORDER BY id DESC LIMIT 1) AS last (id, digest);
END"""
"""End a write, as :func:`irbtrack.store.stamping.close` does."""

_RECORD = f"""
DECLARE
    number integer;
    before varchar;
    said text;
    told json;
BEGIN
    PERFORM irbtrack_open();
    SELECT id, digest INTO number, before FROM entry ORDER BY id DESC LIMIT 1;
    number := coalesce(number, 0);
    before := coalesce(before, '{NO_DIGEST}');
    FOREACH said IN ARRAY entries LOOP
        number := number + 1;
        told := said::json;
        INSERT INTO entry (id, recorded_at, recorded_by, command, reason, undoes,
            previous_digest, digest) VALUES (
            number,
            (told ->> 'recorded_at')::timestamptz,
            told ->> 'recorded_by',
            told ->> 'command',
            told ->> 'reason',
            (told ->> 'undoes')::integer,
            before,
            encode(sha256(convert_to(before || E'\\n' || said, 'UTF8')), 'hex')
        ) RETURNING digest INTO before;
        INSERT INTO change (entry, position, noun, ref, effective_on, fields, reason)
            SELECT number, place - 1, one ->> 0, one ->> 1, (one ->> 2)::date, one -> 3, one ->> 4
            FROM json_array_elements(told -> 'changes') WITH ORDINALITY AS made (one, place);
        IF irbtrack_canonical(number) IS DISTINCT FROM said
            OR irbtrack_is_readable(number) IS NOT TRUE THEN
            RAISE insufficient_privilege USING MESSAGE = 'an entry is not as irbtrack writes it';
        END IF;
    END LOOP;
    PERFORM irbtrack_close();
    RETURN number;
END"""

_READABLE = f"""
SELECT e.recorded_at BETWEEN '0001-01-01 00:00+00' AND '9999-12-31 23:59:59.999999+00'
    AND NOT EXISTS (SELECT FROM entry WHERE id = number - 1 AND recorded_at > e.recorded_at)
    AND coalesce(e.undoes < number, true)
    AND NOT EXISTS (SELECT FROM change c WHERE c.entry = number AND (
        c.noun NOT IN ({_NAMED})
        OR c.effective_on NOT BETWEEN '0001-01-01' AND '9999-12-31'
        OR (SELECT count(*) <> count(DISTINCT field)
                OR NOT coalesce(bool_and(irbtrack_holds(field, value)
                    AND c.noun || ' ' || field IN ({_SETTABLE})), true)
            FROM json_each(c.fields::json) AS told (field, value))))
FROM entry e WHERE e.id = number"""
"""Whether every program of irbtrack's can read an entry, and its order is that of recording."""

_HOLDS = """
SELECT CASE json_typeof(value)
    WHEN 'null' THEN true
    WHEN 'string' THEN right(field, 3) <> '_on' OR (
        to_json((value #>> '{}')::date)::text = value::text
        AND (value #>> '{}')::date BETWEEN '0001-01-01' AND '9999-12-31')
    WHEN 'number' THEN right(field, 3) <> '_on' AND value::text ~ '^(0|-?[1-9][0-9]{0,8})$'
    WHEN 'array' THEN right(field, 3) <> '_on' AND NOT EXISTS (
        SELECT FROM json_array_elements(value) AS held (one)
        WHERE json_typeof(one) NOT IN ('string', 'number') OR NOT irbtrack_holds('', one))
    ELSE false
END"""
"""Whether a field can hold a value: a text, a whole number, a list of these, a date or nothing."""

_VALUE = """
BEGIN
    RETURN CASE json_typeof(value)
        WHEN 'string' THEN to_json(value #>> '{}')::text
        WHEN 'array' THEN (
            SELECT '[' || coalesce(string_agg(irbtrack_value(one), ',' ORDER BY place), '') || ']'
            FROM json_array_elements(value) WITH ORDINALITY AS held (one, place)
        )
        ELSE value::text
    END;
END"""

_CANONICAL = """
SELECT '{"changes":['
    || coalesce((SELECT string_agg('[' || to_json(c.noun)::text || ',' || to_json(c.ref)::text
        || ',' || to_json(c.effective_on)::text || ',{' || made.fields || '}'
        || coalesce(',' || to_json(c.reason)::text, '') || ']', ',' ORDER BY c.position)
        FROM change c, LATERAL (SELECT coalesce(string_agg(to_json(key)::text || ':'
            || CASE json_typeof(value) WHEN 'array' THEN irbtrack_value(value)
                WHEN 'string' THEN to_json(value #>> '{}')::text ELSE value::text END,
            ',' ORDER BY key COLLATE "C"), '') FROM json_each(c.fields::json)) AS made (fields)
        WHERE c.entry = e.id), '')
    || '],"command":' || to_json(e.command)::text
    || ',"reason":' || coalesce(to_json(e.reason)::text, 'null')
    || ',"recorded_at":"'
    || to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00"'
    || ',"recorded_by":' || to_json(e.recorded_by)::text
    || coalesce(',"undoes":' || e.undoes, '') || '}'
FROM entry e WHERE e.id = number"""
"""What :func:`irbtrack.domain.journal.entry_to_json` makes of an entry, from its rows."""

_REBUILD = f"""
BEGIN
    IF of_noun NOT IN ({", ".join(f"'{noun}'" for noun in NOUNS)}) THEN
        RAISE insufficient_privilege USING MESSAGE = format('there is no noun %L', of_noun);
    ELSIF EXISTS (SELECT FROM unnest(refs) one WHERE NOT EXISTS (
        SELECT FROM change WHERE noun = of_noun AND ref = one
        AND change.xmin = pg_current_xact_id()::xid
    )) THEN
        RAISE insufficient_privilege USING MESSAGE = 'no entry of this transaction changes that';
    ELSIF EXISTS (SELECT FROM json_to_recordset(versions) AS given (ref text)
        WHERE ref IS NULL OR ref <> ALL (refs)) THEN
        RAISE insufficient_privilege USING MESSAGE = 'a version is of another record';
    END IF;
    PERFORM irbtrack_open();
    EXECUTE format('DELETE FROM %I WHERE ref = ANY ($1)', of_noun || '_version') USING refs;
    EXECUTE format(
        'INSERT INTO %1$I SELECT * FROM json_populate_recordset(NULL::%1$I, $1)',
        of_noun || '_version'
    ) USING versions;
    PERFORM irbtrack_close();
END"""

_KEEP_SNAPSHOT = f"""
DECLARE
    number integer;
BEGIN
    IF NOT EXISTS (SELECT FROM change WHERE entry = of_entry AND noun = 'snapshot'
        AND effective_on = of_day AND change.xmin = pg_current_xact_id()::xid) THEN
        RAISE insufficient_privilege USING MESSAGE = 'no entry of this transaction takes that';
    END IF;
    PERFORM irbtrack_open();
    SELECT coalesce(max(id), 0) + 1 INTO number FROM snapshot;
    INSERT INTO snapshot (id, as_of, label, taken_at, entry)
        VALUES (number, of_day, called, moment, of_entry);
    INSERT INTO snapshot_action (snapshot, {", ".join(SnapshotLine._fields)})
        SELECT number, {", ".join(SnapshotLine._fields)}
        FROM json_populate_recordset(NULL::snapshot_action, lines);
    PERFORM irbtrack_close();
END"""

_PEOPLE_DIGEST = """
SELECT encode(sha256(convert_to(
    coalesce(string_agg(line, E'\\n' ORDER BY line COLLATE "C"), ''), 'UTF8')), 'hex')
FROM (
    SELECT '[' || to_json(officer)::text || ',' || coalesce(to_json(name)::text, 'null') || ','
        || coalesce(to_json(email)::text, 'null') || ']' FROM person
    UNION ALL
    SELECT '["recorder",' || to_json(ref)::text || ','
        || coalesce(to_json(login)::text, 'null') || ','
        || coalesce(to_json(pseudonym)::text, 'null') || ']' FROM recorder
    UNION ALL
    SELECT '[' || to_json(machine)::text || ',' || to_json(place)::text || ','
        || to_json(holds)::text || ',' || to_json(made_by)::text || ',"'
        || to_char(made_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '"]' FROM copy_made
) AS kept (line)"""
"""What :func:`irbtrack.store.stamping.people_digest` makes of what is kept of people."""

_OPEN_PEOPLE = """
BEGIN
    PERFORM irbtrack_open();
    RETURN EXISTS (SELECT FROM stamp WHERE people = irbtrack_people_digest());
END"""
"""Begin a change of what is kept of people, and tell whether it is as irbtrack left it."""

_CLOSE_PEOPLE = """
BEGIN
    IF is_as_left THEN
        UPDATE stamp SET people = irbtrack_people_digest();
    END IF;
    PERFORM irbtrack_close();
END"""

_SET_PERSON = """
DECLARE
    is_as_left boolean;
BEGIN
    IF NOT EXISTS (SELECT FROM change WHERE noun = 'officer' AND ref = post
        AND change.xmin = pg_current_xact_id()::xid) THEN
        RAISE insufficient_privilege USING MESSAGE = 'no entry of this transaction changes that';
    END IF;
    is_as_left := irbtrack_open_people();
    DELETE FROM person WHERE officer = post;
    INSERT INTO person (officer, name, email)
        SELECT post, holder, address WHERE coalesce(holder, address) IS NOT NULL;
    PERFORM irbtrack_close_people(is_as_left);
END"""

_KEEP_RECORDER = """
DECLARE
    is_as_left boolean := irbtrack_open_people();
BEGIN
    INSERT INTO recorder (ref, login) VALUES (reference, called);
    PERFORM irbtrack_close_people(is_as_left);
END"""

_KEEP_COPY = """
DECLARE
    is_as_left boolean := irbtrack_open_people();
BEGIN
    INSERT INTO copy_made (machine, place, holds, made_at, made_by)
        VALUES (on_machine, at_place, what, moment, recorder)
        ON CONFLICT (machine, place) DO UPDATE
        SET holds = excluded.holds, made_at = excluded.made_at, made_by = excluded.made_by;
    PERFORM irbtrack_close_people(is_as_left);
END"""


def make_functions(connection: Connection) -> None:
    """Make the functions, with the rights of the register's owner, for nobody else so far."""
    [(schema,)] = connection.exec_driver_sql("SELECT quote_ident(current_schema())").all()
    for signature, returns, language, body in (
        ("irbtrack_value(value json)", "text", "plpgsql", _VALUE),
        ("irbtrack_canonical(number integer)", "text", "sql", _CANONICAL),
        ("irbtrack_holds(field text, value json)", "boolean", "sql", _HOLDS),
        ("irbtrack_is_readable(number integer)", "boolean", "sql", _READABLE),
        ("irbtrack_people_digest()", "text", "sql", _PEOPLE_DIGEST),
        ("irbtrack_take_turn()", "void", "plpgsql", _TAKE_TURN),
        ("irbtrack_open()", "void", "plpgsql", _OPEN),
        ("irbtrack_close()", "void", "plpgsql", _CLOSE),
        ("irbtrack_open_people()", "boolean", "plpgsql", _OPEN_PEOPLE),
        ("irbtrack_close_people(is_as_left boolean)", "void", "plpgsql", _CLOSE_PEOPLE),
        ("irbtrack_record(entries text[])", "integer", "plpgsql", _RECORD),
        (
            "irbtrack_rebuild(of_noun text, refs text[], versions json)",
            "void",
            "plpgsql",
            _REBUILD,
        ),
        (
            "irbtrack_keep_snapshot(of_entry integer, of_day date, called text,"
            " moment timestamptz, lines json)",
            "void",
            "plpgsql",
            _KEEP_SNAPSHOT,
        ),
        (
            "irbtrack_set_person(post text, holder text, address text)",
            "void",
            "plpgsql",
            _SET_PERSON,
        ),
        ("irbtrack_keep_recorder(reference text, called text)", "void", "plpgsql", _KEEP_RECORDER),
        (
            "irbtrack_keep_copy(on_machine text, at_place text, what text, moment timestamptz,"
            " recorder text)",
            "void",
            "plpgsql",
            _KEEP_COPY,
        ),
    ):
        made = (
            f"CREATE OR REPLACE FUNCTION {signature} RETURNS {returns} LANGUAGE {language}"
            f" SECURITY DEFINER SET search_path = {schema}, pg_temp AS $body${body}$body$"
        )
        connection.exec_driver_sql(made.replace("%", "%%"))
        connection.exec_driver_sql(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
