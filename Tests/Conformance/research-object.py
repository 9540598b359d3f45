#!/usr/bin/env python3
"""Validates a release as a Process Run Crate with roc-validator: research-object.py [RELEASE].

Without a release it tells by its exit code whether it could: the package roc-validator and the context of
RO-Crate 1.1 must be there, from the net or from the file that CANVASS_CRATE_CONTEXT names.
"""
import os
import sys

import requests
from rocrate_validator import models, services
from rocrate_validator.utils.http import HttpRequester

ADDRESS = "https://w3id.org/ro/crate/1.1/context"

copy = os.environ.get("CANVASS_CRATE_CONTEXT")
if copy:
    with open(copy, "rb") as file:
        content = file.read()

    def get(self, url, **arguments):
        if url != ADDRESS:
            return self.session.get(url, **arguments)
        response = requests.Response()
        response.status_code, response.url, response._content = 200, url, content
        response.headers["Content-Type"] = "application/ld+json"
        return response

    HttpRequester.get = get
else:
    requests.get(ADDRESS, timeout=10).raise_for_status()

if len(sys.argv) == 1:
    sys.exit(0)
failed = False
for profile in ["ro-crate-1.1", "process-run-crate"]:
    result = services.validate(
        services.ValidationSettings(
            rocrate_uri=sys.argv[1], profile_identifier=profile, requirement_severity=models.Severity.REQUIRED
        )
    )
    for issue in result.get_issues():
        print(profile, issue.check.identifier, issue.message)
        failed = True
    print(profile, "refused" if result.has_issues() else "accepted")
sys.exit(1 if failed else 0)
