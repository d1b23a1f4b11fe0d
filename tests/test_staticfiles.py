"""What a server hands out: every static file under a name with its hash, and scripts that import one another by it."""

import re

from django.core.management import call_command


def test_scripts_import_one_another_by_names_that_change_with_them(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "nato_support.staticfiles.HashedStaticFilesStorage"}}
    settings.DEBUG = False
    call_command("collectstatic", interactive=False, verbosity=0)
    (main,) = tmp_path.glob("desk/evidence/document_desk/main.????????????.js")
    imported = re.findall(r'from "(\./[^"]+)"', main.read_text())
    assert len(imported) >= 4
    for name in imported:
        assert re.fullmatch(r"\./\w+\.[0-9a-f]{12}\.js", name) and (main.parent / name).exists()
