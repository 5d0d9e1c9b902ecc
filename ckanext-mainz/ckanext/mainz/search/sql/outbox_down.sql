DROP TRIGGER IF EXISTS mainz_search ON package;
DROP TRIGGER IF EXISTS mainz_search ON resource;
DROP TRIGGER IF EXISTS mainz_search ON package_tag;
DROP TRIGGER IF EXISTS mainz_search ON member;
DROP TRIGGER IF EXISTS mainz_search ON package_member;
DROP TRIGGER IF EXISTS mainz_search ON "group";
DROP FUNCTION IF EXISTS mainz_search_package_changed, mainz_search_resource_changed, mainz_search_tag_changed,
    mainz_search_member_changed, mainz_search_collaborator_changed, mainz_search_group_changed, mainz_search_enqueue;
DROP TABLE IF EXISTS mainz_search_outbox;
