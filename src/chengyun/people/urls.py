from django.urls import path

from chengyun.people.backoffice import settings
from chengyun.people.views import roster, tokens

app_name = "people"
urlpatterns = [
    path("settings/", settings.show_all, name="settings"),
    path("settings/<str:key>", settings.show_one, name="setting"),
    path("tokens/", tokens.own, name="tokens"),
    path("tokens/<int:pk>/revoke", tokens.revoke, name="revoke_token"),
    path("roster/", roster.week, name="roster"),
    path("roster/<int:pk>/cancel", roster.cancel, name="cancel_shift"),
    path("roster/<int:pk>/place", roster.place, name="place_shift"),
]
