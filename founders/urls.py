from django.urls import path

from founders import views

urlpatterns = [
    path("", views.directory, name="founders"),
]
