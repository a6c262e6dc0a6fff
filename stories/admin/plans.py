"""Owner, deadline and planned date of a story: the section beside its form."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from stories.admin.permissions import DeskRequest, of_story, story_path
from stories.models import Plan, Story
from stories.models.notification import name_of
from stories.models.staff import WRITE, may
from stories.planning.plans import Changes, change_plan, may_plan, possible_owners

FORM = "plan-story"


class OwnerField(forms.ModelChoiceField):
    """The accounts that may own a story, and the owner who may not any more."""

    def offer(self, owner_before: User | None) -> None:
        """Offer who may write stories. Who owns this one stays, until another is chosen."""
        self.owner_before = owner_before
        kept = User.objects.filter(pk=owner_before.pk if owner_before else None)
        self.queryset = possible_owners() | kept

    def label_from_instance(self, user: Any) -> str:
        """Return the name of an account, and whether it may not write any more."""
        if user == self.owner_before and not may(user, WRITE):
            return gettext("%(name)s (may not write any more)") % {"name": name_of(user)}
        return name_of(user)


class PlanForm(forms.Form):
    """The form has what was shown too, so that saving changes only what this editor has changed."""

    owner = OwnerField(
        label=_("Owner"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody"),
        show_hidden_initial=True,
    )
    deadline = forms.DateField(
        label=_("Deadline"),
        required=False,
        show_hidden_initial=True,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Until when the text is handed in."),
    )
    planned_on = forms.DateField(
        label=_("Planned date"),
        required=False,
        show_hidden_initial=True,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("For which day it is meant. Nothing is published by it."),
    )

    def __init__(self, plan: Plan, *args: Any, form: str = "", **kwargs: Any) -> None:
        super().__init__(*args, prefix="plan", **kwargs)
        cast("OwnerField", self.fields["owner"]).offer(plan.owner)
        if form:
            for field in self.fields.values():
                # The fields stand inside the form of the story, and belong to another one.
                field.widget.attrs["form"] = form
                field.hidden_widget = _hidden_of(form)

    @property
    def changes(self) -> Changes:
        """The values that this editor has changed."""
        return cast("Changes", {name: self.cleaned_data[name] for name in self.changed_data})


def _hidden_of(form: str) -> type[forms.HiddenInput]:
    class HiddenOfForm(forms.HiddenInput):
        def __init__(self, attrs: dict[str, Any] | None = None) -> None:
            super().__init__({"form": form, **(attrs or {})})

    return HiddenOfForm


def urls() -> list[URLPattern]:
    """Return the URL pattern of the section."""
    return [story_path("<int:object_id>/plan/", save_plan, "plan")]


def context_of(request: DeskRequest, story: Story) -> dict[str, Any]:
    """Return what the section shows: the form, or the plan alone to who may not change it."""
    plan = Plan.of(story)
    if not may_plan(request.user, plan):
        return {"plan": plan}
    shown = {"owner": plan.owner_id, "deadline": plan.deadline, "planned_on": plan.planned_on}
    form = PlanForm(plan, initial=shown, form=FORM)
    return {"plan": plan, "plan_form": form}


@require_POST
@of_story("change")
def save_plan(request: DeskRequest, story: Story) -> HttpResponse:
    """Save the section; respond with a redirect to the form, or with JSON to a script."""
    plan = Plan.of(story)
    if not may_plan(request.user, plan):
        raise PermissionDenied
    form = PlanForm(plan, request.POST)
    errors = [str(sentence) for sentences in form.errors.values() for sentence in sentences]
    if form.is_valid():
        try:
            change_plan(story, form.changes, request.user)
        except ValidationError as error:
            errors = error.messages
    error_text = " ".join(errors)
    if not request.accepts("text/html"):
        return JsonResponse({"error": error_text}, status=400 if error_text else 200)
    if error_text:
        messages.error(
            request, gettext("The plan is not saved. %(errors)s") % {"errors": error_text}
        )
    else:
        messages.success(request, gettext("The plan is saved."))
    return redirect("admin:stories_story_change", story.pk)
