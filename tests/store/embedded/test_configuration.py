"""Settings of the cluster follow the size of the machine."""

from __future__ import annotations

import re

import pytest

from gridmap.store.embedded import configuration

GB = 2**30


def settings(
    *, memory: int = 16 * GB, disk: int = 500 * GB, shm: int = 8 * GB, sync: bool = False
) -> dict[str, str]:
    text = configuration.render(memory=memory, disk=disk, shared_memory=shm, can_sync_disk=sync)
    return dict(re.findall(r"^(\w+) = '(.*)'$", text, re.MULTILINE))


def test_a_usual_machine_gets_the_settings_that_were_tried() -> None:
    usual = settings()
    assert (
        usual.items()
        >= {
            "shared_buffers": "512MB",
            "work_mem": "64MB",
            "maintenance_work_mem": "512MB",
            "max_wal_size": "4GB",
            "random_page_cost": "1.1",
            "jit": "off",
            "default_statistics_target": "200",
            "wal_compression": "on",
        }.items()
    )
    assert "dynamic_shared_memory_type" not in usual


def test_a_small_machine_gets_less() -> None:
    small = settings(memory=GB, disk=20 * GB)
    assert small["shared_buffers"] == "256MB"
    assert small["work_mem"] == "16MB"
    assert small["maintenance_work_mem"] == "128MB"
    assert small["max_wal_size"] == "1GB"


def test_a_tiny_machine_gets_what_postgresql_needs_at_least() -> None:
    assert settings(memory=64 * 2**20)["shared_buffers"] == "32MB"


def test_a_container_with_little_shared_memory_does_without() -> None:
    assert settings(shm=64 * 2**20)["dynamic_shared_memory_type"] == "mmap"


def test_a_disk_is_synced_at_once_where_that_tells_of_failures() -> None:
    assert settings(sync=True)["recovery_init_sync_method"] == "syncfs"
    assert "recovery_init_sync_method" not in settings()
    assert configuration.can_sync_disk("6.1.0-18-amd64")
    assert not configuration.can_sync_disk("5.4.0-150-generic")
    assert not configuration.can_sync_disk("unknown")


def test_this_machine_has_a_size() -> None:
    assert configuration.memory() > 2**27
    assert configuration.shared_memory() > 0


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        ("C\nC.utf8\nPOSIX", "C.utf8"),
        ("C\nC.UTF-8\nen_US.UTF-8", "C.UTF-8"),
        ("C\nPOSIX\nde_DE.UTF-8\nen_US.UTF-8", "en_US.UTF-8"),
        ("", "C.UTF-8"),
    ],
)
def test_letters_are_those_of_a_utf8_locale(offered: str, chosen: str) -> None:
    assert configuration.choose_locale(offered) == chosen
