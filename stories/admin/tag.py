from django.contrib import admin
from django.http import JsonResponse
from django.urls import path

from stories.models import Tag
from stories_project.admin import DeskAdmin

TAGS_OFFERED = 20


@admin.register(Tag)
class TagAdmin(DeskAdmin):
    list_display = ("name", "slug", "stories")
    fields = ("name", "slug")
    search_fields = ("folded_name",)
    ordering = ("folded_name", "pk")

    def get_queryset(self, request):
        return super().get_queryset(request).with_counts()

    def get_search_results(self, request, queryset, search_term):
        return queryset.containing(search_term), False

    @admin.display(description="Public stories")
    def stories(self, tag):
        return tag.story_count

    def get_urls(self):
        names = self.admin_site.admin_view(self.names_view)
        return [path("names/", names, name="stories_tag_names"), *super().get_urls()]

    def names_view(self, request):
        """Answer with the names of the tags that contain what is typed, the shortest first."""
        if not self.has_view_permission(request):
            return JsonResponse({"results": []}, status=403)
        tags = Tag.objects.containing(request.GET.get("term", "")[:100])
        names = tags.shortest_first().values_list("name", flat=True)[:TAGS_OFFERED]
        return JsonResponse({"results": [{"id": name, "text": name} for name in names]})
