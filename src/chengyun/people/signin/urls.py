from django.urls import path

from chengyun.people.signin import views
from chengyun.people.signin.oidc import views as oidc

app_name = "signin"
urlpatterns = [
    path("login/code", views.code, name="code"),
    path("login/oidc", oidc.start, name="oidc"),
    path("login/oidc/back", oidc.come_back, name="oidc_back"),
    path("second-factor", views.factor, name="factor"),
    path("second-factor/recovery", views.recovery, name="recovery"),
]
