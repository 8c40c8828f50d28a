"""What a person types about who belongs and what was signed."""

from minga.features.membership.forms.agreement import (
    CeremonyForm,
    DeclarationForm,
    IssueForm,
    ReturnForm,
    SignatoryForm,
    SignForm,
)
from minga.features.membership.forms.circles import (
    AdmitForm,
    CircleForm,
    JoiningForm,
)
from minga.features.membership.forms.keys import (
    KeyForm,
)
from minga.features.membership.forms.members import (
    ClassForm,
    ContactsForm,
    OrganisationForm,
    PgpForm,
    ProfileForm,
)
from minga.features.membership.forms.people import (
    InviteForm,
    RoleForm,
    TransferForm,
)
from minga.features.membership.forms.providers import ProviderForm

__all__ = [
    "AdmitForm",
    "CeremonyForm",
    "CircleForm",
    "ClassForm",
    "ContactsForm",
    "DeclarationForm",
    "InviteForm",
    "IssueForm",
    "JoiningForm",
    "KeyForm",
    "OrganisationForm",
    "PgpForm",
    "ProfileForm",
    "ProviderForm",
    "ReturnForm",
    "RoleForm",
    "SignForm",
    "SignatoryForm",
    "TransferForm",
]
