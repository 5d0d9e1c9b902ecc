"""Every way in which the portal answers, and what it is: each GET address and each action must stand here.

A new one that is not declared fails the matrix. `LISTING`: asked once by each reader; `RECORD`: asked for each record;
`NOTHING`: shows no record, with the reason; `WRITE`: changes something, and is tried by the tests of attacks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.kit.leaks.catalogue import COMMON, Catalogue, Secret

MANY = {"q": COMMON, "rows": 1000, "include_private": True, "include_drafts": True, "facet.limit": -1,
        "facet.field": ["tags", "organization", "res_format", "license_id", "groups", "name", "title"]}  # fmt: skip
ODD_FIELDS = ["title_string", "name", "tags", "res_name", "res_url", "id", "num_resources", "harvest_source_title"]


@dataclass(frozen=True)
class Request:
    """One request: a GET of a path, or an action called with data."""

    path: str = ""
    action: str = ""
    data: Any = None
    whole: bool = False
    """Whether whoever may read what is asked for must find its word in the answer."""
    brief: bool = True
    """Whether the short run asks it, too."""

    @property
    def name(self) -> str:
        return self.action or self.path


Ask = Callable[[Secret, Catalogue], Request]

# --- actions ---------------------------------------------------------------------------------------------------------


def _by_id(action: str, whole: bool = False, **more: Any) -> Ask:
    return lambda one, _all: Request(action=action, data={"id": one.package, **more}, whole=whole)


def _by_file(action: str, name: str = "id", whole: bool = False, **more: Any) -> Ask:
    return lambda one, _all: Request(action=action, data={name: one.resource, **more}, whole=whole)


def _by_view(action: str, whole: bool = False) -> Ask:
    return lambda one, _all: Request(action=action, data={"id": one.view}, whole=whole)


RECORD_ACTIONS: dict[str, list[Ask]] = {
    "package_show": [_by_id("package_show", whole=True), _by_id("package_show", use_default_schema=True)],
    "package_relationships_list": [_by_id("package_relationships_list")],
    "dataset_follower_count": [_by_id("dataset_follower_count")],
    "dataset_follower_list": [_by_id("dataset_follower_list")],
    "am_following_dataset": [_by_id("am_following_dataset")],
    "dcat_dataset_show": [_by_id("dcat_dataset_show", format="ttl")],
    "package_collaborator_list": [_by_id("package_collaborator_list")],
    "resource_show": [_by_file("resource_show", whole=True)],
    "resource_view_list": [_by_file("resource_view_list")],
    "resource_view_show": [_by_view("resource_view_show", whole=True)],
    "datastore_search": [_by_file("datastore_search", "resource_id", whole=True, include_total=False)],
    "datastore_info": [_by_file("datastore_info", whole=True)],
    "mainz_dictionary_show": [_by_file("mainz_dictionary_show")],
    "mainz_dictionary_propose": [_by_file("mainz_dictionary_propose", whole=True)],
    "mainz_quality_show": [_by_id("mainz_quality_show")],
    "mainz_record_history": [_by_id("mainz_record_history")],
    "mainz_record_readers_show": [_by_id("mainz_record_readers_show")],
    "mainz_proposal_list": [_by_id("mainz_proposal_list", state="all")],
    "mainz_proposal_show": [
        lambda one, _all: Request(action="mainz_proposal_show", data={"id": one.extra.get("proposal") or one.package})
    ],
    "harvest_source_show": [_by_id("harvest_source_show")],
    "harvest_source_show_status": [_by_id("harvest_source_show_status")],
    "harvest_job_list": [lambda one, _all: Request(action="harvest_job_list", data={"source_id": one.package})],
    "file_show": [_by_file("file_show")],
    "mainz_release_check_show": [_by_id("mainz_release_check_show")],
    "mainz_inventory_show": [_by_id("mainz_inventory_show")],
    "mainz_decision_list": [_by_id("mainz_decision_list")],
}


def _act(action: str, **data: Any) -> Callable[[Catalogue], list[Request]]:
    return lambda _all: [Request(action=action, data=data)]


#: Of organisations and accounts the short run asks only about these.
OWNERS, SOMEBODY = ("amt", "statistik"), ("amt.editor",)


def _organizations(action: str, **data: Any) -> Callable[[Catalogue], list[Request]]:
    return lambda made: [
        Request(action=action, data={"id": id, **data}, brief=name in OWNERS) for name, id in made.organizations.items()
    ]


def _users(action: str, **data: Any) -> Callable[[Catalogue], list[Request]]:
    wanted = ("amt.editor", "statistik.admin", "stranger", "kommune.member")
    return lambda made: [
        Request(action=action, data={"id": made.people[one], **data}, brief=one in SOMEBODY) for one in wanted
    ]


def _extra(action: str, name: str) -> Callable[[Catalogue], list[Request]]:
    return lambda made: [Request(action=action, data={"id": made.extra[name]})]


Listing = Callable[[Catalogue], list[Request]]
LISTING_ACTIONS: dict[str, list[Listing]] = {
    "package_search": [
        _act("package_search", **MANY),
        _act("package_search", **{**MANY, "rows": 0, "facet.mincount": 0, "facet.field": ODD_FIELDS}),
        _act("package_search", q="lifecycle:archiviert OR lifecycle:*", rows=1000, include_private=True),
        _act("package_search", q="*:*", fq="capacity:private", rows=1000, include_private=True),
        _act("package_search", q="res_name:Datei OR res_url:http*", rows=1000, include_private=True),
        _act(
            "package_search",
            fq="state:(active OR draft OR deleted)",
            rows=1000,
            include_drafts=True,
            include_deleted=True,
        ),
        _act(
            "package_search", q=COMMON, fl="id,name,title,res_name,tags,text,data_dict", rows=1000, include_private=True
        ),
    ],
    "package_list": [_act("package_list")],
    "current_package_list_with_resources": [_act("current_package_list_with_resources", limit=1000)],
    "package_autocomplete": [
        _act("package_autocomplete", q=COMMON[:6], limit=1000),
        _act("package_autocomplete", q="n-leck", limit=1000),
    ],
    "resource_search": [
        _act("resource_search", query=["name:Datei"]),
        _act("resource_search", query=["description:Text"]),
    ],
    "tag_list": [_act("tag_list"), _act("tag_list", all_fields=True), _act("tag_list", query="Schlagwort")],
    "tag_search": [_act("tag_search", query="Schlagwort", limit=1000)],
    "tag_autocomplete": [_act("tag_autocomplete", query="Schlagwort", limit=1000)],
    "tag_show": [],
    "format_autocomplete": [_act("format_autocomplete", q="c", limit=1000)],
    "member_list": [_organizations("member_list"), _organizations("member_list", object_type="package")],
    "organization_show": [
        _organizations("organization_show", include_datasets=True),
        _organizations("organization_show", include_users=True),
    ],
    "organization_list": [_act("organization_list", all_fields=True, include_dataset_count=True, include_extras=True)],
    "organization_list_for_user": [_act("organization_list_for_user", permission="read", include_dataset_count=True)],
    "organization_autocomplete": [_act("organization_autocomplete", q="stadt")],
    "organization_follower_list": [_organizations("organization_follower_list")],
    "organization_follower_count": [_organizations("organization_follower_count")],
    "organization_followee_list": [_users("organization_followee_list")],
    "organization_followee_count": [_users("organization_followee_count")],
    "group_show": [_organizations("group_show", include_datasets=True)],
    "group_package_show": [_organizations("group_package_show", limit=1000)],
    "group_list": [_act("group_list", all_fields=True)],
    "group_list_authz": [_act("group_list_authz")],
    "group_autocomplete": [_act("group_autocomplete", q="stadt")],
    "group_follower_list": [_organizations("group_follower_list")],
    "group_follower_count": [_organizations("group_follower_count")],
    "group_followee_list": [_users("group_followee_list")],
    "group_followee_count": [_users("group_followee_count")],
    "user_show": [_users("user_show", include_datasets=True, include_num_followers=True)],
    "user_list": [_act("user_list", all_fields=True)],
    "user_autocomplete": [_act("user_autocomplete", q="test")],
    "user_follower_list": [_users("user_follower_list")],
    "user_follower_count": [_users("user_follower_count")],
    "user_followee_list": [_users("user_followee_list")],
    "user_followee_count": [_users("user_followee_count")],
    "dataset_followee_list": [_users("dataset_followee_list")],
    "dataset_followee_count": [_users("dataset_followee_count")],
    "followee_list": [_users("followee_list")],
    "followee_count": [_users("followee_count")],
    "am_following_user": [_users("am_following_user")],
    "am_following_group": [_organizations("am_following_group")],
    "package_collaborator_list_for_user": [_users("package_collaborator_list_for_user")],
    "dcat_catalog_show": [
        _act("dcat_catalog_show", format="ttl"),
        _act("dcat_catalog_show", format="jsonld", q=COMMON),
    ],
    "dcat_catalog_search": [_act("dcat_catalog_search", q=COMMON)],
    "mainz_catalogue_quality_list": [
        _act("mainz_catalogue_quality_list", limit=1000),
        _act("mainz_catalogue_quality_list", limit=1000, include_private=True),
    ],
    "mainz_proposal_list": [_act("mainz_proposal_list"), _act("mainz_proposal_list", state="all")],
    "mainz_decision_list": [_act("mainz_decision_list", limit=1000)],
    "mainz_inventory_list": [_act("mainz_inventory_list", limit=1000), _act("mainz_inventory_list", q=COMMON)],
    "mainz_inventory_export": [_act("mainz_inventory_export"), _act("mainz_inventory_export", format="csv")],
    "mainz_todo_list": [_act("mainz_todo_list")],
    "datastore_search": [
        _act("datastore_search", resource_id="_table_metadata", limit=1000),
        _act("datastore_search", resource_id="_table_metadata", id="_table_metadata"),
    ],
    "datastore_info": [_act("datastore_info", id="_table_metadata")],
    "harvest_source_list": [_act("harvest_source_list")],
    "harvest_job_list": [_act("harvest_job_list")],
    "harvest_job_show": [_extra("harvest_job_show", "job")],
    "harvest_job_report": [_extra("harvest_job_report", "job")],
    "harvest_object_show": [_extra("harvest_object_show", "object")],
    "harvest_object_list": [_act("harvest_object_list")],
    "harvest_log_list": [_act("harvest_log_list")],
    "harvesters_info_show": [_act("harvesters_info_show")],
    "file_owner_scan": [_act("file_owner_scan")],
    "status_show": [_act("status_show")],
    "help_show": [_act("help_show", name="package_show")],
    "job_list": [_act("job_list")],
    "job_show": [_act("job_show", id="x")],
    "task_status_show": [_act("task_status_show", id="x")],
    "vocabulary_list": [_act("vocabulary_list")],
    "vocabulary_show": [_act("vocabulary_show", id="x")],
    "term_translation_show": [_act("term_translation_show", terms=[COMMON])],
    "config_option_list": [_act("config_option_list")],
    "config_option_show": [_act("config_option_show", key="ckan.site_title")],
    "license_list": [_act("license_list")],
    "member_roles_list": [_act("member_roles_list")],
    "scheming_dataset_schema_list": [_act("scheming_dataset_schema_list")],
    "scheming_dataset_schema_show": [_act("scheming_dataset_schema_show", type="dataset")],
    "scheming_organization_schema_list": [_act("scheming_organization_schema_list")],
    "scheming_organization_schema_show": [_act("scheming_organization_schema_show", type="organization")],
    "api_token_list": [lambda made: [Request(action="api_token_list", data={"user_id": made.people["amt.editor"]})]],
    "get_site_user": [_act("get_site_user")],
    "mainz_inventory_progress": [_act("mainz_inventory_progress")],
    "mainz_member_list": [_act("mainz_member_list", organization=one) for one in ("amt-stadt", "statistik-stadt")],
    "mainz_orphan_list": [_act("mainz_orphan_list")],
    "mainz_role_list": [_act("mainz_role_list"), _act("mainz_role_list", organization="amt-stadt")],
}

NO_RECORD_ACTIONS = {
    "InactiveSource": "an exception class that ckanext-harvest registers by mistake",
    "auth_allow_anonymous_access": "a decorator that ckanext-harvest registers by mistake",
    "get_mail_extra_vars": "has other parameters, registered by ckanext-harvest by mistake: cannot be called",
    "prepare_error_mail": "as before",
    "prepare_summary_mail": "as before",
    "send_error_email": "as before",
    "send_mail": "as before",
    "send_summary_email": "as before",
    "harvest_get_notifications_recipients": "mail addresses for the harvester, sysadmins only",
}
WRITE_ACTIONS = frozenset(
    [
        "api_token_create",
        "api_token_revoke",
        "mainz_membership_leave",
        "mainz_record_handover",
        "mainz_role_grant",
        "mainz_role_revoke",
        "mainz_service_create",
        "bulk_update_delete",
        "bulk_update_private",
        "bulk_update_public",
        "config_option_update",
        "dataset_purge",
        "datastore_create",
        "datastore_delete",
        "datastore_function_create",
        "datastore_function_delete",
        "datastore_records_delete",
        "datastore_run_triggers",
        "datastore_upsert",
        "file_create",
        "file_delete",
        "file_ownership_transfer",
        "file_pin",
        "file_register",
        "file_rename",
        "file_unpin",
        "follow_dataset",
        "follow_group",
        "follow_user",
        "group_create",
        "group_delete",
        "group_member_create",
        "group_member_delete",
        "group_patch",
        "group_purge",
        "group_update",
        "harvest_abort_failed_jobs",
        "harvest_job_abort",
        "harvest_job_create",
        "harvest_job_create_all",
        "harvest_jobs_run",
        "harvest_object_create",
        "harvest_objects_import",
        "harvest_send_job_to_gather_queue",
        "harvest_source_clear",
        "harvest_source_create",
        "harvest_source_delete",
        "harvest_source_index_clear",
        "harvest_source_job_history_clear",
        "harvest_source_patch",
        "harvest_source_update",
        "harvest_sources_clear",
        "harvest_sources_job_history_clear",
        "harvest_source_reindex",
        "harvest_sources_reindex",
        "job_cancel",
        "job_clear",
        "mainz_dictionary_update",
        "mainz_inventory_create",
        "mainz_inventory_import",
        "mainz_inventory_update",
        "mainz_proposal_accept",
        "mainz_proposal_return",
        "mainz_record_archive",
        "mainz_record_override",
        "mainz_record_promote",
        "mainz_record_release",
        "mainz_record_return",
        "mainz_record_submit",
        "mainz_record_visibility_set",
        "mainz_record_withdraw",
        "mainz_records_release",
        "member_create",
        "member_delete",
        "organization_create",
        "organization_delete",
        "organization_member_create",
        "organization_member_delete",
        "organization_patch",
        "organization_purge",
        "organization_update",
        "package_collaborator_create",
        "package_collaborator_delete",
        "package_create",
        "package_create_default_resource_views",
        "package_delete",
        "package_owner_org_update",
        "package_patch",
        "package_relationship_create",
        "package_relationship_delete",
        "package_relationship_update",
        "package_resource_reorder",
        "package_revise",
        "package_update",
        "resource_create",
        "resource_create_default_resource_views",
        "resource_delete",
        "resource_patch",
        "resource_update",
        "resource_view_clear",
        "resource_view_create",
        "resource_view_delete",
        "resource_view_reorder",
        "resource_view_update",
        "tag_create",
        "tag_delete",
        "task_status_delete",
        "task_status_update",
        "task_status_update_many",
        "term_translation_update",
        "term_translation_update_many",
        "unfollow_dataset",
        "unfollow_group",
        "unfollow_user",
        "user_create",
        "user_delete",
        "user_invite",
        "user_patch",
        "user_update",
        "vocabulary_create",
        "vocabulary_delete",
        "vocabulary_update",
    ]
)

# --- addresses -------------------------------------------------------------------------------------------------------

RECORD_ROUTES = frozenset(
    [
        "data_service.delete",
        "data_service.edit",
        "data_service.followers",
        "data_service.groups",
        "data_service.read",
        "data_service.resources",
        "data_service_resource.delete",
        "data_service_resource.download",
        "data_service_resource.edit",
        "data_service_resource.edit_view",
        "data_service_resource.new",
        "data_service_resource.read",
        "data_service_resource.view",
        "data_service_resource.views",
        "dataset.delete",
        "dataset.edit",
        "dataset.followers",
        "dataset.groups",
        "dataset.read",
        "dataset.resources",
        "dataset_resource.delete",
        "dataset_resource.download",
        "dataset_resource.edit",
        "dataset_resource.edit_view",
        "dataset_resource.new",
        "dataset_resource.read",
        "dataset_resource.view",
        "dataset_resource.views",
        "dataset_series.delete",
        "dataset_series.edit",
        "dataset_series.followers",
        "dataset_series.groups",
        "dataset_series.read",
        "dataset_series.resources",
        "dataset_series_resource.delete",
        "dataset_series_resource.download",
        "dataset_series_resource.edit",
        "dataset_series_resource.edit_view",
        "dataset_series_resource.new",
        "dataset_series_resource.read",
        "dataset_series_resource.view",
        "dataset_series_resource.views",
        "datastore.api_info",
        "datastore.dictionary",
        "datastore.dump",
        "dcat.read_dataset",
        "dcat.read_dataset_series",
        "file.download",
        "harvest.delete",
        "harvest.edit",
        "harvest.followers",
        "harvest.groups",
        "harvest.read",
        "harvest.resources",
        "harvest_resource.delete",
        "harvest_resource.download",
        "harvest_resource.edit",
        "harvest_resource.edit_view",
        "harvest_resource.new",
        "harvest_resource.read",
        "harvest_resource.view",
        "harvest_resource.views",
        "harvester.about",
        "harvester.admin",
        "harvester.job_list",
        "harvester.job_show_last",
        "mainz_catalogue.data_service",
        "mainz_catalogue.dataset",
        "mainz_catalogue.dataset_series",
        "mainz_dictionary.csvw_file",
        "mainz_dictionary.edit",
        "mainz_forms.dataset_edit",
        "mainz_forms.files",
        "mainz_forms.resource_edit",
        "mainz_forms.resource_new",
        "mainz_forms.series_edit",
        "mainz_forms.service_edit",
        "mainz_forms.dataset_delete",
        "mainz_forms.resource_delete",
        "mainz_forms.series_delete",
        "mainz_forms.service_delete",
        "mainz_governance.proposal",
        "mainz_governance.proposed_file",
        "mainz_governance.record",
        "mainz_governance.submit",
        "mainz_inventory.edit",
        "mainz_inventory.entry",
        "mainz_jsonld.croissant_file",
        "mainz_portal.dataset",
        "mainz_portal.history",
        "mainz_roles.handover",
        "mainz_portal.resource",
        "mainz_portal.series",
        "mainz_portal.service",
        "resource.delete",
        "resource.download",
        "resource.edit",
        "resource.edit_view",
        "resource.new",
        "resource.read",
        "resource.view",
        "resource.views",
    ]
)
WHOLE_ROUTES = {
    "/dataset/<id>",
    "/dataset/<id>/resource/<resource_id>",
    "/dataset/<id>/resource/<resource_id>/download/<filename>",
    "/datastore/dump/<resource_id>",
}
"""Addresses where whoever may read a record must find its word."""
ORGANIZATION_ROUTES = frozenset(
    [
        "organization.about",
        "organization.admins",
        "organization.bulk_process",
        "organization.delete",
        "organization.edit",
        "organization.followers",
        "organization.manage_members",
        "organization.member_delete",
        "organization.member_dump",
        "organization.member_new",
        "organization.members",
        "organization.read",
        "mainz_portal.organization",
        "feeds.organization",
        "group.about",
        "group.admins",
        "group.bulk_process",
        "group.delete",
        "group.edit",
        "group.followers",
        "group.manage_members",
        "group.member_delete",
        "group.member_dump",
        "group.member_new",
        "group.members",
        "group.read",
        "feeds.group",
        "mainz_roles.add",
        "mainz_roles.change",
        "mainz_roles.interface",
        "mainz_roles.leave",
        "mainz_roles.organization",
        "mainz_roles.place",
    ]
)
USER_ROUTES = frozenset(
    [
        "user.read",
        "user.read_groups",
        "user.read_organizations",
        "user.followers",
        "user.edit",
        "user.delete",
        "user.api_tokens",
    ]
)
LISTING_ROUTES: dict[str, list[str]] = {
    "mainz_portal.home": ["/"],
    "mainz_portal.search": [
        "/dataset/",
        f"/dataset/?q={COMMON}",
        "/dataset/?q=&page=2",
        "/dataset/?sort=title_string+asc",
        f"/dataset/?q={COMMON}&page=2",
        f"/dataset/?q={COMMON}&page=3",
        "/en/dataset/?extras_lifecycle=archiviert",
    ],
    "dataset.search": ["/dataset/?lifecycle=archiviert"],
    "data_service.search": ["/data_service/"],
    "dataset_series.search": ["/dataset_series/"],
    "harvest.search": ["/harvest/", f"/harvest/?q={COMMON}"],
    "mainz_portal.organizations": ["/organization/"],
    "organization.index": ["/organization/?q=stadt"],
    "group.index": ["/group/"],
    "mainz_portal.groups_are_hidden": ["/group/x"],
    "home.index": ["/?lang=de"],
    "feeds.general": ["/feeds/dataset.atom", "/feeds/dataset.atom?page=2"],
    "feeds.custom": [f"/feeds/custom.atom?q={COMMON}", "/feeds/custom.atom?res_format=CSV&page=2"],
    "feeds.tag": ["/feeds/tag/x.atom"],
    "mainz_decisions.page": ["/governance/decisions"],
    "mainz_decisions.table": ["/governance/decisions.csv"],
    "mainz_todo.todo": ["/governance/todo"],
    "mainz_governance.decide": ["/governance/decide"],
    "mainz_inventory.overview": ["/governance/inventory/progress"],
    "mainz_inventory.listing": ["/governance/inventory/"],
    "mainz_inventory.export": ["/governance/inventory/export.csv"],
    "mainz_inventory.import_list": ["/governance/inventory/import"],
    "mainz_inventory.preview": ["/governance/inventory/import/preview"],
    "mainz_inventory.faulty": ["/governance/inventory/import/faulty.csv"],
    "mainz_inventory.new": ["/governance/inventory/new"],
    "mainz_inventory.template": ["/governance/inventory/template.xlsx"],
    "mainz_roles.me": ["/governance/me"],
    "mainz_roles.leave_all": ["/governance/me/leave"],
    "mainz_roles.orphans": ["/governance/orphans"],
    "mainz_roles.portal": ["/governance/roles"],
    "mainz_catalogue.catalogue": [f"/catalog.{ending}" for ending in ("ttl", "rdf", "jsonld", "nt")]
    + [f"/catalog.ttl?q={COMMON}", "/catalog.ttl?profiles=schemaorg", "/catalog.ttl?profiles=euro_dcat_ap_3"],
    "mainz_catalogue.negotiated": ["/catalog"],
    "mainz_catalogue.whole": ["/catalog/full.nt.gz", "/catalog/full.ttl.gz"],
    "dcat.read_catalog": ["/catalog.xml"],
    "mainz_quality.catalogue": ["/quality", "/quality?page=2"],
    "mainz_quality.table": ["/quality.csv"],
    "dashboard.datasets": ["/dashboard/datasets"],
    "dashboard.groups": ["/dashboard/groups"],
    "dashboard.organizations": ["/dashboard/organizations"],
    "user.index": ["/user/"],
    "user.me": ["/user/me"],
    "admin.index": ["/ckan-admin/"],
    "admin.config": ["/ckan-admin/config"],
    "admin.trash": ["/ckan-admin/trash"],
    "api.dataset_autocomplete": [f"/api/2/util/dataset/autocomplete?incomplete={COMMON[:6]}&limit=1000"],
    "api.group_autocomplete": ["/api/2/util/group/autocomplete?q=stadt"],
    "api.organization_autocomplete": ["/api/2/util/organization/autocomplete?q=stadt"],
    "api.format_autocomplete": ["/api/2/util/resource/format_autocomplete?incomplete=c"],
    "api.tag_autocomplete": ["/api/2/util/tag/autocomplete?incomplete=Schlag&limit=1000"],
    "api.user_autocomplete": ["/api/2/util/user/autocomplete?q=test"],
    "api.get_api": ["/api/3"],
    "mainz_forms.dataset_new": ["/dataset/new"],
    "mainz_forms.series_new": ["/dataset_series/new"],
    "mainz_forms.service_new": ["/data_service/new"],
    "harvest.new": ["/harvest/new"],
    "organization.new": ["/organization/new"],
    "group.new": ["/group/new"],
    "mainz_portal.about": ["/about"],
    "harvester.object_show": ["/harvest/object/{object}", "/dataset/harvest_object/{object}"],
    "harvester.job_show": ["/harvest/{source}/job/{job}"],
    "file.public_download": [],
}
NO_RECORD_ROUTES = {
    **dict.fromkeys(
        ["static", "webassets.index", "mainz_portal.asset", "api.i18n_js_translations", "home.robots_txt"],
        "files of the software",
    ),
    **dict.fromkeys(
        [
            "home.about",
            "mainz_portal.office_page",
            "user.logged_out_page",
            "user.login",
            "user.register",
            "user.request_reset",
            "user.perform_reset",
            "util.custom_form_fields",
            "util.primer",
        ],
        "texts and forms without records",
    ),
    **dict.fromkeys(["home.redirect_locale", "util.internal_redirect"], "leads to another address"),
    "api.action": "the actions, each declared by itself",
    "file.trusted_download": "needs a token that the portal has signed; it signs none",
    **dict.fromkeys(
        ["dataset.new", "data_service.new", "dataset_series.new", "dcat.new"],
        "behind the portal's own forms at the same address",
    ),
}
WRITE_ROUTES = {
    "user.logout": "ends the session",
    "mainz_todo.mail_off": "ends mails, by a token of its reader",
    "admin.reset_config": "asks the operator before it resets",
    **dict.fromkeys(
        ["harvester.refresh", "harvester.clear", "harvester.delete", "harvester.job_abort"],
        "starts or removes; tried by the tests of attacks",
    ),
}

ENDINGS = ("ttl", "rdf", "jsonld")


def undeclared_routes(rules: Iterable[Any]) -> set[str]:
    """GET endpoints of the application that nobody has classed."""
    known = {*RECORD_ROUTES, *ORGANIZATION_ROUTES, *USER_ROUTES, *LISTING_ROUTES, *NO_RECORD_ROUTES, *WRITE_ROUTES}
    return {one.endpoint for one in rules if "GET" in (one.methods or ())} - known


def undeclared_actions(names: Iterable[str]) -> set[str]:
    """Actions that nobody has classed."""
    return set(names) - {*RECORD_ACTIONS, *LISTING_ACTIONS, *NO_RECORD_ACTIONS, *WRITE_ACTIONS}


def listings(rules: Iterable[Any], made: Catalogue) -> list[Request]:
    """All requests that each reader makes once."""
    found = [Request(path=path.format(**made.extra)) for paths in LISTING_ROUTES.values() for path in paths]
    found += [one for asks in LISTING_ACTIONS.values() for ask in asks for one in ask(made)]
    wanted = ("amt.editor", "statistik.admin", "stranger")
    for rule in rules:
        if "GET" not in (rule.methods or ()):
            continue
        if rule.endpoint in ORGANIZATION_ROUTES:
            found += [
                Request(path=_filled(rule.rule, {"id": id, "name": id}))
                for id in (made.organizations["amt"], made.organizations["statistik"], "amt-stadt", "statistik-stadt")
            ]
        if rule.endpoint in USER_ROUTES and rule.arguments == {"id"}:
            found += [
                Request(path=_filled(rule.rule, {"id": made.people[one]}), brief=one in SOMEBODY) for one in wanted
            ]
    return found


def record_asks(rules: Iterable[Any]) -> list[Ask]:
    """All ways to ask for one record or file."""
    found = [ask for asks in RECORD_ACTIONS.values() for ask in asks]
    for rule in rules:
        if "GET" in (rule.methods or ()) and rule.endpoint in RECORD_ROUTES:
            found += list(_of_rule(rule))
    seen: set[str] = set()
    unique: list[Ask] = []
    probe = Secret("", "WORD", frozenset(), "PACKAGE", "RESOURCE", "VIEW")
    for ask in found:
        asked = ask(probe, Catalogue({}, {}, {}, extra={"source": "s", "job": "j", "object": "o"}))
        key = f"{asked.path} {asked.action} {asked.data}"
        if key not in seen:
            seen.add(key)
            unique.append(ask)
    unique.append(
        lambda one, _all: Request(
            path=f"/file/public-download/resources/{one.resource}/{one.extra.get('file_key') or 'x'}"
        )
    )
    return unique


def _of_rule(rule: Any) -> Iterator[Ask]:
    for ending in ENDINGS if rule.arguments & {"ending", "_format"} else ("",):
        yield _ask_of(rule.rule, ending)


def _ask_of(rule: str, ending: str) -> Ask:
    def ask(one: Secret, made: Catalogue) -> Request:
        values = {
            "id": _named(rule, one),
            "_id": one.package,
            "source": one.package,
            "resource_id": one.resource,
            "view_id": one.view,
            "any(dataset, dataset_series, data_service):type": "dataset",
            "filename": "datei.csv",
            "ending": ending,
            "_format": ending,
        }
        return Request(path=_filled(rule, values), whole=rule in WHOLE_ROUTES)

    return ask


def _named(rule: str, one: Secret) -> str:
    """What an address means by ``<id>``."""
    if "/proposal/" in rule:
        return str(one.extra.get("proposal") or one.package)
    return one.resource if rule.startswith("/file/") else one.package


def _filled(rule: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        for form in (f"<{name}>", f"<string:{name}>"):
            rule = rule.replace(form, value)
    return rule
