"""Model files that no version names go, once they are old enough to be nobody's."""

from datetime import timedelta

from tests.services.ai.conftest import Service, Trained

from datalab.services.ai.actions.sweeping import sweep

NONE, WEEK = timedelta(), timedelta(days=7)


async def keys(service: Service) -> tuple[str, ...]:
    return await service.dependencies.store.list("models/")


async def swept(service: Service, kept: timedelta = NONE) -> int:
    return await sweep(service.registry, service.files, kept)


async def test_what_a_deletion_that_was_cut_off_left_goes_and_other_models_stay(
    service: Service, lateness: Trained
) -> None:
    await service.register(lateness, "kept")
    stay = await keys(service)
    await service.register(lateness, "deleted")
    await service.registry.delete_model("deleted")
    assert len(await keys(service)) > len(stay)
    assert await swept(service) == len(lateness.model.files)
    assert await keys(service) == stay
    assert await swept(service) == 0


async def test_files_that_are_young_may_be_about_to_be_registered(service: Service, lateness: Trained) -> None:
    await service.register(lateness, "kept")
    new = await service.new_version(lateness, "coming")
    assert await swept(service, WEEK) == 0
    await service.registry.register(new)
    assert await swept(service) == 0


async def test_a_registry_that_names_no_file_takes_none_away(service: Service, lateness: Trained) -> None:
    await service.new_version(lateness)
    there = await keys(service)
    assert await swept(service) == 0
    assert await keys(service) == there


async def test_what_is_not_named_as_an_attempts_file_is_left_alone(service: Service, lateness: Trained) -> None:
    await service.register(lateness, "kept")
    strange = service.dependencies.store.path("models/mine/notes/readme.txt")
    strange.parent.mkdir(parents=True)
    strange.write_text("mine")
    assert await swept(service) == 0
    assert strange.read_text() == "mine"
