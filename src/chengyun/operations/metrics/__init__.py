"""Numbers for Prometheus: of requests as they pass (`passing`), of the installation when asked (`facts`).

Nothing is imported here: prometheus-client looks for its folder (`folders`) when it is first imported.
"""
