"""Sign-in at the county's own identity provider (统一身份认证, OpenID Connect).

`terms` what the installation says of the provider, `endpoints` where it answers, `client` the talk with it
(mozilla-django-oidc, the extra `oidc`), `matching` whose account it is, `refusals` why somebody is not let in,
`views` the two addresses of a browser on its way.
"""
