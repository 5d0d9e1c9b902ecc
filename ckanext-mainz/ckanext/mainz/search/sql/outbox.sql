-- One row for each change of what an index document is made of, written by the transaction that makes the change.
CREATE TABLE IF NOT EXISTS mainz_search_outbox (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    package_id text NOT NULL,
    narrows boolean NOT NULL DEFAULT false,
    created timestamptz NOT NULL DEFAULT now(),
    attempts integer NOT NULL DEFAULT 0,
    retry_at timestamptz,
    error text
);

CREATE INDEX IF NOT EXISTS mainz_search_outbox_narrows ON mainz_search_outbox (package_id) WHERE narrows;

-- Other rooms call this for tables of their own. `narrows`: the change takes readers away, so that the record is left out of
-- every answer until the index has caught up.
CREATE OR REPLACE FUNCTION mainz_search_enqueue(package_id text, narrows boolean) RETURNS void LANGUAGE sql AS $$
    INSERT INTO mainz_search_outbox (package_id, narrows) VALUES ($1, $2);
$$;

-- The document carries its organisation: the lock lets a rename of it come either wholly before this change, which then reads
-- the new name, or wholly after it, and then the trigger of the rename sees this record.
CREATE OR REPLACE FUNCTION mainz_search_package_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' AND (TG_OP = 'INSERT' OR NEW.owner_org IS DISTINCT FROM OLD.owner_org) THEN
        PERFORM 1 FROM "group" WHERE id = NEW.owner_org FOR SHARE;
    END IF;
    IF TG_OP = 'INSERT' THEN
        PERFORM mainz_search_enqueue(NEW.id, false);
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM mainz_search_enqueue(OLD.id, true);
    ELSIF NEW IS DISTINCT FROM OLD THEN
        PERFORM mainz_search_enqueue(NEW.id,
            (NEW.private AND NOT OLD.private)
            OR (OLD.state = 'active' AND NEW.state <> 'active')
            OR NEW.owner_org IS DISTINCT FROM OLD.owner_org);
    END IF;
    RETURN NULL;
END $$;

-- A resource that goes takes its name and address with it.
CREATE OR REPLACE FUNCTION mainz_search_resource_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM mainz_search_enqueue(NEW.package_id, false);
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM mainz_search_enqueue(OLD.package_id, true);
    ELSIF NEW IS DISTINCT FROM OLD THEN
        PERFORM mainz_search_enqueue(NEW.package_id, OLD.state = 'active' AND NEW.state <> 'active');
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION mainz_search_tag_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR NEW IS DISTINCT FROM OLD THEN
        PERFORM mainz_search_enqueue(COALESCE(NEW.package_id, OLD.package_id), false);
    END IF;
    RETURN NULL;
END $$;

-- Group membership of a dataset, and its collaborators, who are readers.
CREATE OR REPLACE FUNCTION mainz_search_member_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF COALESCE(NEW.table_name, OLD.table_name) = 'package' AND (TG_OP <> 'UPDATE' OR NEW IS DISTINCT FROM OLD) THEN
        PERFORM mainz_search_enqueue(COALESCE(NEW.table_id, OLD.table_id), false);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION mainz_search_collaborator_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mainz_search_enqueue(COALESCE(NEW.package_id, OLD.package_id), TG_OP = 'DELETE');
    RETURN NULL;
END $$;

-- The document carries its organisation and groups.
CREATE OR REPLACE FUNCTION mainz_search_group_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW IS DISTINCT FROM OLD THEN
        PERFORM mainz_search_enqueue(found.id, false) FROM (
            SELECT id FROM package WHERE owner_org = NEW.id AND state <> 'deleted'
            UNION
            SELECT table_id FROM member WHERE group_id = NEW.id AND table_name = 'package' AND state = 'active'
        ) AS found;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER mainz_search AFTER INSERT OR UPDATE OR DELETE ON package
    FOR EACH ROW EXECUTE FUNCTION mainz_search_package_changed();
CREATE OR REPLACE TRIGGER mainz_search AFTER INSERT OR UPDATE OR DELETE ON resource
    FOR EACH ROW EXECUTE FUNCTION mainz_search_resource_changed();
CREATE OR REPLACE TRIGGER mainz_search AFTER INSERT OR UPDATE OR DELETE ON package_tag
    FOR EACH ROW EXECUTE FUNCTION mainz_search_tag_changed();
CREATE OR REPLACE TRIGGER mainz_search AFTER INSERT OR UPDATE OR DELETE ON member
    FOR EACH ROW EXECUTE FUNCTION mainz_search_member_changed();
CREATE OR REPLACE TRIGGER mainz_search AFTER INSERT OR UPDATE OR DELETE ON package_member
    FOR EACH ROW EXECUTE FUNCTION mainz_search_collaborator_changed();
CREATE OR REPLACE TRIGGER mainz_search AFTER UPDATE ON "group"
    FOR EACH ROW EXECUTE FUNCTION mainz_search_group_changed();
