"""What Django's users and groups are called here: accounts and roles."""

from django.contrib.auth.models import Group, User
from django.utils.translation import gettext_lazy as _

from stories_project.names import name_fields, name_model

name_model(User, _("account"), _("accounts"))
name_model(Group, _("role"), _("roles"))
name_fields(
    User,
    username=_("user name"),
    email=_("e-mail address"),
    is_superuser=_("administrator"),
    is_staff=_("opens the desk"),
    groups=_("roles"),
    user_permissions=_("single permissions"),
    last_login=_("last sign-in"),
    date_joined=_("invited on"),
)
name_fields(Group, permissions=_("single permissions"))
