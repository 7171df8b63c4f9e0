"""Logins as sites hold them: by reference."""

from pathlib import Path

from wallctl.config.logins import User, with_own_login
from wallctl.model.site.credential import Credential, Login

ACCOUNT = Credential("account", "/site/account.toml", "stamp of the account")
OTHER_ACCOUNT = Credential("account", "/site/account.toml", "another stamp")


def login_file(folder: Path, login: Login, name: str = "account.toml") -> Credential:
    """A file with a login, and the reference to it."""
    file = folder / name
    account = f"user = '{login.user}'\npassword = '{login.password}'\n"
    file.write_text(f"{account}hosts = {list(login.hosts)}\nbasic = {str(login.basic).lower()}\n")
    file.chmod(0o600)
    return Credential(name, str(file), f"{login.user}:{login.password}")


def own_login(user: User) -> Login | None:
    """The login that a process which uses it reads."""
    return with_own_login(user).login
