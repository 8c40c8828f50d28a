"""What can be changed about who belongs, and by whom.

Whoever gives power must have it: nobody makes a person, a key or a link stronger than himself.
"""

from minga.features.membership.services.adherence import record_paper, sign, withdraw_clause
from minga.features.membership.services.admissions import (
    SILENT_DAYS,
    VOTE_DAYS,
    ask_to_join,
    object_to_admission,
    propose_to_circle,
    sponsor_admission,
    vote,
)
from minga.features.membership.services.advanced import (
    issue_act,
    return_act,
    takes_advanced_signatures,
)
from minga.features.membership.services.agreements import (
    load_agreement,
    load_shipped_agreement,
    put_in_force,
)
from minga.features.membership.services.ceremonies import (
    NewCeremony,
    close_ceremony,
    convene,
    invite_to_ceremony,
    open_ceremony,
)
from minga.features.membership.services.circles import (
    Joining,
    admit_to_circle,
    change_joining,
    create_circle,
    expel_from_circle,
    may_admit_to,
    require_stewardship,
)
from minga.features.membership.services.communities import (
    COMMUNITIES,
    Prepared,
    prepare_community,
)
from minga.features.membership.services.contacts import Contacts, confirm_contacts, name_contacts
from minga.features.membership.services.keys import DAYS, MOST_DAYS, create_key, revoke_key
from minga.features.membership.services.leaving import (
    Consequences,
    announce_leaving,
    consequences_of,
    leave_organisation,
    stay,
)
from minga.features.membership.services.organisations import (
    NewOrganisation,
    create_organisation,
    found_hub,
    invite_organisation,
)
from minga.features.membership.services.people import (
    NewPerson,
    change_role,
    create_person,
    create_sign_in_link,
    deactivate_person,
    invite_person,
    require_dominance,
    reset_factors,
    roles_to_give,
)
from minga.features.membership.services.pgp import add_pgp_key, remove_pgp_key
from minga.features.membership.services.profiles import (
    Profile,
    classify_organisation,
    describe_organisation,
)
from minga.features.membership.services.providers import end_provider, set_provider
from minga.features.membership.services.publicity import allow_logo
from minga.features.membership.services.returning import LASTS as RETURN_LINK_LASTS
from minga.features.membership.services.returning import (
    Declaration,
    create_return_link,
    record_certificate,
    sign_by_link,
    sign_certificate,
)
from minga.features.membership.services.returns import (
    DORMANT_DAYS,
    let_back_in,
    transfer_person,
)
from minga.store.people.credentials import Scope

__all__ = [
    "COMMUNITIES",
    "DAYS",
    "DORMANT_DAYS",
    "MOST_DAYS",
    "RETURN_LINK_LASTS",
    "SILENT_DAYS",
    "VOTE_DAYS",
    "Consequences",
    "Contacts",
    "Declaration",
    "Joining",
    "NewCeremony",
    "NewOrganisation",
    "NewPerson",
    "Prepared",
    "Profile",
    "Scope",
    "add_pgp_key",
    "admit_to_circle",
    "allow_logo",
    "announce_leaving",
    "ask_to_join",
    "change_joining",
    "change_role",
    "classify_organisation",
    "close_ceremony",
    "confirm_contacts",
    "consequences_of",
    "convene",
    "create_circle",
    "create_key",
    "create_organisation",
    "create_person",
    "create_return_link",
    "create_sign_in_link",
    "deactivate_person",
    "describe_organisation",
    "end_provider",
    "expel_from_circle",
    "found_hub",
    "invite_organisation",
    "invite_person",
    "invite_to_ceremony",
    "issue_act",
    "leave_organisation",
    "let_back_in",
    "load_agreement",
    "load_shipped_agreement",
    "may_admit_to",
    "name_contacts",
    "object_to_admission",
    "open_ceremony",
    "prepare_community",
    "propose_to_circle",
    "put_in_force",
    "record_certificate",
    "record_paper",
    "remove_pgp_key",
    "require_dominance",
    "require_stewardship",
    "reset_factors",
    "return_act",
    "revoke_key",
    "roles_to_give",
    "set_provider",
    "sign",
    "sign_by_link",
    "sign_certificate",
    "sponsor_admission",
    "stay",
    "takes_advanced_signatures",
    "transfer_person",
    "vote",
    "withdraw_clause",
]
