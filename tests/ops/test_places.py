"""A unix socket's path must be short and plain, wherever the checkout lies."""

import os

from ops.places import LONGEST_SOCKET_FOLDER, socket_folder


def test_a_short_plain_folder_holds_its_own_socket(tmp_path):
    assert socket_folder(tmp_path / "pg") == tmp_path / "pg"


def test_a_deep_or_strange_folder_is_stood_for_by_a_short_private_one(tmp_path):
    for wanted in (tmp_path / ("deep" * 30), tmp_path / "我的 项目"):
        folder = socket_folder(wanted)
        assert folder != wanted
        assert folder == socket_folder(wanted)
        assert len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER
        assert folder.stat().st_mode & 0o077 == 0
        folder.rmdir()
