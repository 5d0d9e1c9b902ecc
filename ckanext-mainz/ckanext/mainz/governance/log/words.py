"""What the codes in the decision log mean, in sentences that the translation files know."""

from __future__ import annotations

from collections.abc import Mapping

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.mainz.foundation.errors import N_, Message
from ckanext.mainz.governance import people
from ckanext.mainz.metadata import vocabulary

_ = toolkit._

ACTIONS = {
    "create": N_("Draft entered"),
    "submit": N_("Handed in"),
    "release": N_("Released"),
    "return": N_("Returned"),
    "change": N_("Released record changed"),
    "delivery": N_("Delivery under a standing release"),
    "withdraw": N_("Withdrawn"),
    "archive": N_("Archived"),
    "visibility_set": N_("Level lowered"),
    "propose": N_("Change proposed"),
    "accept": N_("Proposal accepted"),
    "proposal_return": N_("Proposal returned"),
    "proposal_drop": N_("Proposal dropped"),
    "inventory_create": N_("Entered in the inventory"),
    "inventory_level": N_("Level of an inventory entry changed"),
    "promote": N_("Promoted from the inventory"),
    "handover": N_("Handed over"),
    "override": N_("Emergency override"),
    "take_over": N_("Taken over"),
    "role_grant": N_("Role granted"),
    "role_revoke": N_("Role withdrawn"),
    "role_end": N_("Role ended on its last day"),
    "leave": N_("Left an organisation"),
    "organization_create": N_("Organisation set up"),
    "organization_change": N_("Organisation changed"),
    "organization_delete": N_("Organisation deleted"),
    "organization_purge": N_("Organisation deleted for good"),
    "invitation": N_("Invited"),
    "invitation_end": N_("Invitation ended"),
    "invitation_failed": N_("Invitation could not be sent"),
    "account_end": N_("Interface ended"),
    "member_add": N_("Member added"),
    "member_change": N_("Member has another role"),
    "member_remove": N_("Member removed"),
    "sysadmin_grant": N_("Made administrator of the portal"),
    "sysadmin_revoke": N_("No longer administrator of the portal"),
    "user_delete": N_("Account deleted"),
    "account_create": N_("Account set up"),
    "account_change": N_("Account changed by somebody else"),
    "account_restore": N_("Deleted account active again"),
    "token_create": N_("Token made"),
    "token_revoke": N_("Token ended"),
    "redact": N_("Words redacted"),
    "source_release": N_("Harvest source released"),
    "source_release_end": N_("Release of a harvest source ended"),
}
"""What was done. A code without a sentence is shown as it is."""
ROLES = {
    "member": N_("Reading"),
    "editor": N_("Editing"),
    "admin": N_("Data owner"),
    "office": N_("Office"),
    "deputy": N_("Deputy"),
    "service": N_("Interface"),
    "sysadmin": N_("Administrator"),
    "portal": N_("The portal itself"),
    "operator": N_("Operator"),
    "database": N_("In the database"),
}
KEYS = {
    "lifecycle": N_("Where it stands"),
    "visibility": N_("Level"),
    "capacity": N_("Role"),
    "sysadmin": N_("Administrator"),
    "role": N_("Role"),
    "for_user": N_("For the person"),
    "until": N_("Until"),
    "name": N_("Address"),
    "organization": N_("Organisation"),
    "organization_kind": N_("Kind"),
    "sealed": N_("Sealed"),
    "groups": N_("Belongs to"),
    "state": N_("State"),
    "successor": N_("Successor"),
    "orphaned": N_("Without Datenverantwortliche"),
    "fields": N_("What was changed"),
    "rows": N_("Rows emptied"),
    "row": N_("Row"),
    "standing": N_("Later deliveries of the same kind"),
    "shared_with": N_("Named third parties"),
    "source": N_("Harvest source"),
    "licenses": N_("Licences"),
}
STATES = {"active": N_("active"), "deleted": N_("deleted"), "pending": N_("invited")}
"""What CKAN calls the states of accounts and organisations."""
FOR_PROGRAMS = frozenset({"proposal"})
"""Keys whose values are ids, which say nothing to people."""
FIELDS = {
    "name": N_("User name"),
    "fullname": N_("Name"),
    "email": N_("E-mail address"),
    "password": N_("Password"),
}
"""What is changed of an account; what it was and is stands nowhere in the log."""
PLAIN = {"fields": FIELDS, "state": STATES}
OF_ORGANIZATIONS = frozenset({"organization", "groups", "orphaned"})
OF_USERS = frozenset({"for_user", "successor"})
VOCABULARIES = {"lifecycle": "lifecycles", "visibility": "levels", "organization_kind": "organization_kinds"}


def action(code: str) -> str:
    return _known(ACTIONS, code)


def role(code: str) -> str:
    return _known(ROLES, code)


def key(code: str) -> str:
    return _known(KEYS, code)


def reason(code: str) -> str:
    return term("reasons", code)


def value(key: str, given: object) -> str:
    """What stands behind a key of `before` or `after`, as people read it."""
    if isinstance(given, bool):
        return _("yes") if given else _("no")
    if isinstance(given, list):
        return ", ".join(value(key, one) for one in given)
    text = "" if given is None else str(given)
    if key in ("capacity", "role"):
        return ", ".join(role(one) for one in text.split(",") if one)
    if key in PLAIN:
        return _known(PLAIN[key], text)
    if key in OF_ORGANIZATIONS:
        found = people.organizations().get(text)
        return found.title if found else text
    if key in OF_USERS:
        user = model.Session.get(model.User, text) if text else None
        return user.display_name if user and user.state != model.State.DELETED else ""
    return term(VOCABULARIES[key], text) if key in VOCABULARIES else text


def term(name: str, code: str) -> str:
    found = vocabulary.find(name, code)
    return found.label(toolkit.h.lang()) if found else code


def _known(sentences: Mapping[str, Message], code: str) -> str:
    return _(sentences[code]) if code in sentences else code
