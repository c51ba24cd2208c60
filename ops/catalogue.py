"""The Chinese catalogue, in pure Python: `python -m ops.catalogue check|update|compile`.

Texts are written in English in templates and code; `locale/zh_Hans/LC_MESSAGES/django.po` says them in Chinese.
`check` refuses a text without its translation, so no page is ever half English.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import pofile
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo

from ops.places import ROOT

PO = Path("locale") / "zh_Hans" / "LC_MESSAGES" / "django.po"
SKIPPED = {".venv", "node_modules", "var", "tests", "ops", "bench", "faults", "docs", "migrations", "locale", "static"}
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# Our own, for Babel's carries the date and would make every update a change.
HEADER = """msgid ""
msgstr ""
"Project-Id-Version: water-dispatch\\n"
"Language: zh_Hans\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|(?<!%)%[sd]|\{(\w*)\}")


def empty() -> Catalog:
    """A catalogue without texts."""
    return Catalog(locale="zh_Hans", domain="django", fuzzy=False, charset="utf-8")


def sources(root: Path) -> Iterator[Path]:
    """Every file that may hold a text."""
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in SKIPPED and not name.startswith("."))
        for name in sorted(files):
            if name.endswith((".py", ".html", ".txt")) and (name != "manage.py"):
                yield Path(folder) / name


def as_python(path: Path) -> str:
    """The file as Python source: a template becomes the calls its tags stand for."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text
    from django.utils.translation.template import templatize

    return templatize(text)


def wanted(root: Path) -> Catalog:
    """The texts the sources ask for, with the places they come from."""
    catalogue = empty()
    for path in sources(root):
        source = io.BytesIO(as_python(path).encode())
        options = {"encoding": "utf-8"}
        for _line, text, comments, context in extract("python", source, KEYWORDS, ["Translators:"], options):
            if text and text != "":
                # File names without lines: a line moved is no change worth showing.
                catalogue.add(text, locations=[(path.relative_to(root).as_posix(), 0)], context=context,
                              auto_comments=comments)  # fmt: skip
    return catalogue


def read(root: Path) -> Catalog:
    """The catalogue as it is; an empty one if there is none."""
    path = root / PO
    if not path.exists():
        return empty()
    with path.open("rb") as file:
        return pofile.read_po(file, locale="zh_Hans", domain="django")


def texts(message: Message) -> list[str]:
    """The text, or singular and plural."""
    return [message.id] if isinstance(message.id, str) else list(message.id)


def translations(message: Message) -> list[str]:
    """What stands for it."""
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def placeholders(text: str) -> set[str]:
    """The names a text leaves to be filled in."""
    return {found.group() for found in PLACEHOLDER.finditer(text)}


def faults(root: Path) -> list[str]:
    """What is wrong with the catalogue, a line each."""
    asked, have = wanted(root), read(root)
    found = []
    for message in asked:
        if not message.id:
            continue
        name = repr(texts(message)[0]) + (f" (context {message.context!r})" if message.context else "")
        place = message.locations[0][0] if message.locations else ""
        known = have.get(message.id, message.context)
        if known is None:
            found.append(f"missing   {name}  {place}")
        elif not all(translations(known)):
            found.append(f"empty     {name}  {place}")
        elif known.fuzzy:
            found.append(f"fuzzy     {name}  {place}")
        elif isinstance(message.id, str) != isinstance(known.string, str):
            found.append(f"plural    {name}  {place}: one side has plural forms, the other has not")
        else:
            # A Chinese form covers singular and plural, so it is held to the fuller one.
            allowed = set().union(*map(placeholders, texts(message)))
            needed = placeholders(texts(message)[-1])
            for translation in translations(known):
                if not needed <= placeholders(translation) <= allowed:
                    found.append(f"unlike    {name}  {place}: other placeholders in {translation!r}")
    for message in have:
        if message.id and asked.get(message.id, message.context) is None:
            found.append(f"obsolete  {texts(message)[0]!r}: no source asks for it")
    found += [f"obsolete  {texts(message)[0]!r}: kept only as a comment" for message in have.obsolete.values()]
    return found


def update(root: Path) -> str:
    """Add the texts that are new, drop those nobody asks for, keep every translation."""
    asked, have = wanted(root), read(root)
    for message in asked:
        known = have.get(message.id, message.context) if message.id else None
        if known is not None:
            message.string = known.string
            message.flags |= known.flags & {"fuzzy"}
            message.user_comments = known.user_comments
        elif message.id:
            message.string = "" if isinstance(message.id, str) else ("",) * asked.num_plurals
    path = root / PO
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(HEADER.encode())
        pofile.write_po(file, asked, width=110, sort_output=True, omit_header=True, include_lineno=False)
    empty = sum(not all(translations(message)) for message in asked if message.id)
    return f"{PO}: {len(asked)} texts, {empty} to translate"


def compile_catalogue(root: Path) -> Path:
    """Write the form Django reads; it is made, not kept."""
    target = (root / PO).with_suffix(".mo")
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(f".{os.getpid()}")
    with draft.open("wb") as file:
        write_mo(file, read(root))
    draft.replace(target)
    return target


def is_compiled(root: Path) -> bool:
    """Whether the compiled form is as new as its source."""
    po, mo = root / PO, (root / PO).with_suffix(".mo")
    return not po.exists() or (mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime)


def main() -> None:
    """One command."""
    match sys.argv[1:]:
        case ["check"]:
            found = faults(ROOT)
            print("\n".join(found) or f"every text has its translation ({len(wanted(ROOT))})")
            if found:
                sys.exit(f"{len(found)} faults in {PO}; `python -m ops.catalogue update` adds what is missing")
        case ["update"]:
            print(update(ROOT))
        case ["compile"]:
            compile_catalogue(ROOT)
        case _:
            sys.exit("usage: python -m ops.catalogue check|update|compile")


if __name__ == "__main__":
    main()
