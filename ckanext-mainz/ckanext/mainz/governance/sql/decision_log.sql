-- The decision log: rows are only ever added. Run by a superuser in CKAN's database, after its migrations; all of it can
-- be repeated. `ckan mainz governance log-sql` prints it for psql, `./portal up` runs it by itself.
--
-- The log has an owner and a schema of its own, because whoever owns a table, or the schema or database around it, can
-- change or drop it. The portal's role owns neither. It also owns the tables "user" and member, so nothing that runs
-- here with the rights of the log's owner (SECURITY DEFINER) may look into them: a view, policy or type put in their
-- place would run in the owner's name.

SET search_path = pg_catalog, pg_temp;
SET client_min_messages = warning;
SET lock_timeout = '60s';
SET mainz.portal = :'portal';

-- The owner --------------------------------------------------------------------------------------------------------

DO $do$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_log') THEN
        CREATE ROLE portal_log;
    END IF;
    IF pg_has_role(current_setting('mainz.portal'), 'portal_log', 'MEMBER') THEN
        EXECUTE format('REVOKE portal_log FROM %I', current_setting('mainz.portal'));
    END IF;
END $do$;
ALTER ROLE portal_log NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;

-- The owner of a database can drop it, and the log with it. The portal keeps every other right it had.
DO $do$
DECLARE
    portal text := current_setting('mainz.portal');
BEGIN
    IF (SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()) = portal THEN
        EXECUTE format('ALTER SCHEMA public OWNER TO %I', portal);
        EXECUTE format('ALTER DATABASE %I OWNER TO portal_log', current_database());
        EXECUTE format('GRANT CONNECT, CREATE, TEMPORARY ON DATABASE %I TO %I', current_database(), portal);
    END IF;
END $do$;

CREATE SCHEMA IF NOT EXISTS mainz_log AUTHORIZATION portal_log;
ALTER SCHEMA mainz_log OWNER TO portal_log;

-- The table --------------------------------------------------------------------------------------------------------

SET ROLE portal_log;

CREATE TABLE IF NOT EXISTS mainz_log.decision (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    action text NOT NULL CHECK (action <> ''),
    actor text,
    role text NOT NULL DEFAULT '',
    record_id text NOT NULL DEFAULT '',
    organization_id text NOT NULL DEFAULT '',
    subject text,
    before jsonb NOT NULL DEFAULT '{}',
    after jsonb NOT NULL DEFAULT '{}',
    reason text NOT NULL DEFAULT '',
    note text NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS decision_at ON mainz_log.decision (at);
CREATE INDEX IF NOT EXISTS decision_record ON mainz_log.decision (record_id, id);
CREATE INDEX IF NOT EXISTS decision_organization ON mainz_log.decision (organization_id, id);
CREATE INDEX IF NOT EXISTS decision_actor ON mainz_log.decision (actor);
CREATE INDEX IF NOT EXISTS decision_subject ON mainz_log.decision (subject);

-- Deleted users ----------------------------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION mainz_log.without(content jsonb, id text) RETURNS jsonb LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
    SELECT COALESCE(jsonb_object_agg(key, CASE WHEN value = to_jsonb(id) THEN 'null'::jsonb ELSE value END), '{}')
    FROM jsonb_each(content)
$$;

-- Empties the id of a user who was deleted. Only the triggers below run it: the portal's role may not execute it, so it
-- can put it on no other table. Who deletes a user and lets them live again has blanked their rows, but not unseen: the
-- row that is added here stays.
CREATE OR REPLACE FUNCTION mainz_log.forget_user() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    gone text;
    quoted text;
    emptied bigint;
BEGIN
    IF pg_typeof(OLD.id) <> 'pg_catalog.text'::regtype THEN
        RAISE EXCEPTION 'The id of a user is no text; the decision log cannot be emptied of it.';
    END IF;
    gone := OLD.id;
    quoted := to_jsonb(gone)::text;
    UPDATE mainz_log.decision SET
        actor = NULLIF(actor, gone),
        subject = NULLIF(subject, gone),
        before = mainz_log.without(before, gone),
        after = mainz_log.without(after, gone)
    WHERE actor = gone OR subject = gone OR position(quoted IN before::text || after::text) > 0;
    GET DIAGNOSTICS emptied = ROW_COUNT;
    IF emptied > 0 OR TG_OP = 'UPDATE' THEN
        INSERT INTO mainz_log.decision (action, actor, role, after) VALUES (
            'user_delete',
            NULLIF(NULLIF(current_setting('mainz.actor', true), ''), gone),
            COALESCE(NULLIF(current_setting('mainz.role', true), ''), 'database'),
            jsonb_build_object('rows', emptied));
    END IF;
    RETURN NULL;
END $$;

-- Memberships and administrators -----------------------------------------------------------------------------------
-- Whatever way a membership changes, CKAN's or plain SQL, what it was before and after the transaction is one row. Who
-- did it is told by the portal in mainz.actor and mainz.role (governance/log/acting.py). These functions run with the
-- rights of whoever changes the tables.

CREATE OR REPLACE FUNCTION mainz_log.user_id(given text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT id FROM public."user" WHERE id = given AND state <> 'deleted'
$$;

CREATE OR REPLACE FUNCTION mainz_log.capacity(of_group text, of_user text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT COALESCE(string_agg(DISTINCT capacity, ',' ORDER BY capacity), '') FROM public.member
    WHERE table_name = 'user' AND state = 'active' AND group_id = of_group AND table_id = of_user
$$;

-- Keeps what each membership was before the transaction touched it, in a setting that ends with it.
CREATE OR REPLACE FUNCTION mainz_log.remember_membership() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    known jsonb := COALESCE(NULLIF(current_setting('mainz.memberships', true), ''), '{}');
    touched public.member;
    pair text;
BEGIN
    FOREACH touched IN ARRAY ARRAY[OLD, NEW]::public.member[] LOOP
        pair := jsonb_build_array(touched.group_id, touched.table_id)::text;
        IF touched.table_name = 'user' AND NOT known ? pair THEN
            known := known || jsonb_build_object(pair, mainz_log.capacity(touched.group_id, touched.table_id));
            PERFORM set_config('mainz.memberships', known::text, true);
        END IF;
    END LOOP;
    RETURN COALESCE(NEW, OLD);
END $$;

CREATE OR REPLACE FUNCTION mainz_log.log_membership() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    known jsonb := COALESCE(NULLIF(current_setting('mainz.memberships', true), ''), '{}');
    touched public.member;
    pair text;
    earlier text;
    now_is text;
BEGIN
    FOREACH touched IN ARRAY ARRAY[OLD, NEW]::public.member[] LOOP
        pair := jsonb_build_array(touched.group_id, touched.table_id)::text;
        CONTINUE WHEN NOT known ? pair;
        earlier := known->>pair;
        now_is := mainz_log.capacity(touched.group_id, touched.table_id);
        known := known - pair;
        PERFORM set_config('mainz.memberships', known::text, true);
        CONTINUE WHEN earlier = now_is;
        INSERT INTO mainz_log.decision (action, actor, role, organization_id, subject, before, after) VALUES (
            CASE WHEN earlier = '' THEN 'member_add' WHEN now_is = '' THEN 'member_remove' ELSE 'member_change' END,
            mainz_log.user_id(current_setting('mainz.actor', true)),
            COALESCE(NULLIF(current_setting('mainz.role', true), ''), 'database'),
            COALESCE(touched.group_id, ''),
            mainz_log.user_id(touched.table_id),
            jsonb_strip_nulls(jsonb_build_object('capacity', NULLIF(earlier, ''))),
            jsonb_strip_nulls(jsonb_build_object('capacity', NULLIF(now_is, ''))));
    END LOOP;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION mainz_log.log_sysadmin() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    earlier boolean := CASE WHEN TG_OP = 'UPDATE' THEN COALESCE(OLD.sysadmin, false) ELSE false END;
    now_is boolean := COALESCE(NEW.sysadmin, false);
BEGIN
    IF earlier <> now_is THEN
        INSERT INTO mainz_log.decision (action, actor, role, subject, before, after) VALUES (
            CASE WHEN now_is THEN 'sysadmin_grant' ELSE 'sysadmin_revoke' END,
            mainz_log.user_id(current_setting('mainz.actor', true)),
            COALESCE(NULLIF(current_setting('mainz.role', true), ''), 'database'),
            mainz_log.user_id(NEW.id),
            jsonb_build_object('sysadmin', earlier),
            jsonb_build_object('sysadmin', now_is));
    END IF;
    RETURN NULL;
END $$;

-- What an operator does to the account of somebody else: who sets it up, changes what its person logs in with or is
-- called, lets it live again. Only the names of what changed are kept: the values are data of a person, and stay when
-- their id is emptied. An invitation and an interface have rows of their own.
CREATE OR REPLACE FUNCTION mainz_log.log_account() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    acting text := mainz_log.user_id(current_setting('mainz.actor', true));
    acts_as text := COALESCE(NULLIF(current_setting('mainz.role', true), ''), 'database');
    fields text[] := '{}';
    what text := 'account_change';
    earlier jsonb := '{}';
    now_is jsonb := '{}';
BEGIN
    IF acts_as NOT IN ('sysadmin', 'database') OR acting = NEW.id OR NEW.state = 'deleted' THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state = 'pending' THEN
            RETURN NULL;
        END IF;
        what := 'account_create';
        now_is := jsonb_build_object('state', NEW.state);
    ELSE
        IF OLD.name IS DISTINCT FROM NEW.name THEN fields := fields || 'name'::text; END IF;
        IF OLD.fullname IS DISTINCT FROM NEW.fullname THEN fields := fields || 'fullname'::text; END IF;
        IF OLD.email IS DISTINCT FROM NEW.email THEN fields := fields || 'email'::text; END IF;
        IF OLD.password IS DISTINCT FROM NEW.password THEN fields := fields || 'password'::text; END IF;
        IF OLD.state IS DISTINCT FROM NEW.state THEN
            what := CASE WHEN OLD.state = 'deleted' THEN 'account_restore' ELSE what END;
            earlier := jsonb_build_object('state', OLD.state);
            now_is := jsonb_build_object('state', NEW.state);
        ELSIF fields = '{}' THEN
            RETURN NULL;
        END IF;
        IF fields <> '{}' THEN
            now_is := now_is || jsonb_build_object('fields', fields);
        END IF;
    END IF;
    INSERT INTO mainz_log.decision (action, actor, role, subject, before, after)
    VALUES (what, acting, acts_as, mainz_log.user_id(NEW.id), earlier, now_is);
    RETURN NULL;
END $$;

-- Redaction --------------------------------------------------------------------------------------------------------

-- For a superuser: takes the words of a row away and adds a row that says so and why. Gives the number of that row.
CREATE OR REPLACE FUNCTION mainz_log.redact(row_id bigint, why text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    mark CONSTANT text := '[geschwärzt]';
    redacted mainz_log.decision;
    added bigint;
BEGIN
    IF COALESCE(btrim(why), '') = '' THEN
        RAISE EXCEPTION 'Say why row % is redacted: SELECT mainz_log.redact(%, ''…'').', row_id, row_id;
    END IF;
    UPDATE mainz_log.decision SET note = mark WHERE id = row_id AND note NOT IN ('', mark) RETURNING * INTO redacted;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'Row % of the decision log has no words to redact.', row_id;
    END IF;
    INSERT INTO mainz_log.decision (action, role, record_id, organization_id, after, note)
    VALUES ('redact', 'operator', redacted.record_id, redacted.organization_id, jsonb_build_object('row', row_id), why)
    RETURNING id INTO added;
    RETURN added;
END $$;

-- Rights -----------------------------------------------------------------------------------------------------------

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA mainz_log FROM PUBLIC;
DO $do$
DECLARE
    portal text := quote_ident(current_setting('mainz.portal'));
BEGIN
    EXECUTE 'REVOKE ALL ON SCHEMA mainz_log FROM PUBLIC, ' || portal;
    EXECUTE 'REVOKE ALL ON ALL TABLES IN SCHEMA mainz_log FROM PUBLIC, ' || portal;
    EXECUTE 'REVOKE ALL ON ALL SEQUENCES IN SCHEMA mainz_log FROM PUBLIC, ' || portal;
    EXECUTE 'REVOKE ALL ON ALL FUNCTIONS IN SCHEMA mainz_log FROM ' || portal;
    EXECUTE 'GRANT USAGE ON SCHEMA mainz_log TO ' || portal;
    EXECUTE 'GRANT SELECT ON ALL TABLES IN SCHEMA mainz_log TO ' || portal;
    EXECUTE 'GRANT SELECT ON ALL SEQUENCES IN SCHEMA mainz_log TO ' || portal;
    -- Not `id` and `at`: number and time of a row are the database's.
    EXECUTE 'GRANT INSERT (action, actor, role, record_id, organization_id, subject, before, after, reason, note)'
        || ' ON mainz_log.decision TO ' || portal;
    EXECUTE 'GRANT EXECUTE ON FUNCTION mainz_log.user_id, mainz_log.capacity TO ' || portal;
END $do$;

RESET ROLE;

DROP TRIGGER IF EXISTS mainz_forget_deleted ON public."user";
CREATE TRIGGER mainz_forget_deleted AFTER UPDATE OF state ON public."user" FOR EACH ROW
    WHEN (NEW.state = 'deleted' AND OLD.state IS DISTINCT FROM 'deleted') EXECUTE FUNCTION mainz_log.forget_user();
DROP TRIGGER IF EXISTS mainz_forget_purged ON public."user";
CREATE TRIGGER mainz_forget_purged AFTER DELETE ON public."user" FOR EACH ROW
    EXECUTE FUNCTION mainz_log.forget_user();
DROP TRIGGER IF EXISTS mainz_log_sysadmin ON public."user";
CREATE TRIGGER mainz_log_sysadmin AFTER INSERT OR UPDATE OF sysadmin ON public."user" FOR EACH ROW
    EXECUTE FUNCTION mainz_log.log_sysadmin();
DROP TRIGGER IF EXISTS mainz_log_account ON public."user";
CREATE TRIGGER mainz_log_account AFTER INSERT OR UPDATE OF name, fullname, email, password, state ON public."user"
    FOR EACH ROW EXECUTE FUNCTION mainz_log.log_account();
DROP TRIGGER IF EXISTS mainz_remember_membership ON public.member;
CREATE TRIGGER mainz_remember_membership BEFORE INSERT OR UPDATE OR DELETE ON public.member FOR EACH ROW
    EXECUTE FUNCTION mainz_log.remember_membership();
DROP TRIGGER IF EXISTS mainz_log_membership ON public.member;
CREATE CONSTRAINT TRIGGER mainz_log_membership AFTER INSERT OR UPDATE OR DELETE ON public.member
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION mainz_log.log_membership();

-- Whether it holds -------------------------------------------------------------------------------------------------

DO $do$
DECLARE
    portal text := current_setting('mainz.portal');
    power text;
BEGIN
    IF (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = portal) THEN
        RAISE EXCEPTION 'The role % may take every right it likes; give the portal a role without SUPERUSER and CREATEROLE.',
            portal;
    END IF;
    FOREACH power IN ARRAY ARRAY['portal_log', 'pg_write_all_data', 'pg_write_server_files', 'pg_execute_server_program']
    LOOP
        IF pg_has_role(portal, power, 'MEMBER') THEN
            RAISE EXCEPTION 'The role % is a member of % and could change the decision log: REVOKE % FROM %.',
                portal, power, power, portal;
        END IF;
    END LOOP;
    FOREACH power IN ARRAY ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'] LOOP
        IF has_table_privilege(portal, 'mainz_log.decision', power) THEN
            RAISE EXCEPTION 'The role % has the right % on the decision log.', portal, power;
        END IF;
    END LOOP;
    IF pg_has_role(portal, (SELECT datdba FROM pg_database WHERE datname = current_database()), 'MEMBER') THEN
        RAISE EXCEPTION 'The role % can drop the database %, and the decision log with it; give it to another owner.',
            portal, current_database();
    END IF;
END $do$;
