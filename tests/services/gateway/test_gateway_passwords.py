"""What a password's hash costs whoever would try many."""

from pydantic import SecretStr

from datalab.services.gateway.adapters.passwords import Argon2Passwords

PASSWORD = SecretStr("correct horse battery")


async def test_a_hash_costs_what_owasp_recommends_first():
    passwords = Argon2Passwords()
    assert (await passwords.hash(PASSWORD)).startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    passwords.close()


async def test_a_cheaper_hash_is_good_and_outdated():
    cheap, passwords = Argon2Passwords(memory_kib=64), Argon2Passwords()
    stored = await cheap.hash(PASSWORD)
    assert await passwords.verify(stored, PASSWORD)
    assert passwords.is_outdated(stored)
    cheap.close()
    passwords.close()
