"""The project's settings with one address more: an empty view, which the pages are measured against."""

from thuocdo.project.settings import *  # noqa: F403 (a settings module is taken whole)

ROOT_URLCONF = "benchmarks.pages_urls"
