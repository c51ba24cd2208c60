"""A text without its translation is found before a reader finds it."""

import pytest

from ops import catalogue

CODE = """
from django.utils.translation import gettext_lazy as _, pgettext, ngettext
late = _("Late")
open_ = pgettext("state", "Open")
many = ngettext("%(n)d ticket", "%(n)d tickets", 2)
"""
PAGE = """{% load i18n %}{% translate "Desk" %}
{% blocktranslate with name=who %}Hello {{ name }}{% endblocktranslate %}"""
HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n'
TRANSLATIONS = {
    "late": 'msgid "Late"\nmsgstr "超时"\n',
    "open": 'msgctxt "state"\nmsgid "Open"\nmsgstr "未结"\n',
    "many": 'msgid "%(n)d ticket"\nmsgid_plural "%(n)d tickets"\nmsgstr[0] "%(n)d 张工单"\n',
    "desk": 'msgid "Desk"\nmsgstr "调度台"\n',
    "hello": 'msgid "Hello %(name)s"\nmsgstr "%(name)s，您好"\n',
}


@pytest.fixture
def root(tmp_path):
    (tmp_path / "code.py").write_text(CODE)
    (tmp_path / "page.html").write_text(PAGE)
    return tmp_path


def write(root, **changes):
    path = root / catalogue.PO
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([HEAD, *(TRANSLATIONS | changes).values()]), encoding="utf-8")


def test_a_complete_catalogue_has_no_fault(root):
    write(root)
    assert catalogue.faults(root) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"late": ""}, "missing   'Late'  code.py"),
        ({"desk": 'msgid "Desk"\nmsgstr ""\n'}, "empty     'Desk'  page.html"),
        (
            {"open": '#, fuzzy\nmsgctxt "state"\nmsgid "Open"\nmsgstr "开"\n'},
            "fuzzy     'Open' (context 'state')  code.py",
        ),
        ({"open": 'msgid "Open"\nmsgstr "未结"\n'}, "missing   'Open' (context 'state')  code.py"),
        ({"hello": 'msgid "Hello %(name)s"\nmsgstr "您好"\n'}, "unlike    'Hello %(name)s'  page.html"),
        ({"more": 'msgid "Gone"\nmsgstr "没了"\n'}, "obsolete  'Gone': no source asks for it"),
    ],
)
def test_a_fault_is_named(root, changes, fault):
    write(root, **changes)
    assert any(found.startswith(fault) for found in catalogue.faults(root))


def test_update_adds_what_is_new_and_keeps_what_is_there(root):
    write(root, late="")
    catalogue.update(root)
    assert [fault.split()[0] for fault in catalogue.faults(root)] == ["empty"]
    assert "调度台" in (root / catalogue.PO).read_text(encoding="utf-8")


def test_update_without_news_changes_nothing(root):
    write(root)
    catalogue.update(root)
    once = (root / catalogue.PO).read_bytes()
    catalogue.update(root)
    assert (root / catalogue.PO).read_bytes() == once


def test_the_compiled_form_is_what_gettext_reads(root):
    import gettext

    write(root)
    with catalogue.compile_catalogue(root).open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled.gettext("Desk") == "调度台"
    assert compiled.ngettext("%(n)d ticket", "%(n)d tickets", 3) == "%(n)d 张工单"
