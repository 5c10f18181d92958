"""The names of accounts, which moto's account management can't change; the rest of it is moto's."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from moto.account import urls
from moto.account.models import AccountBackend
from moto.account.responses import AccountResponse
from moto.core.responses import ActionResult, EmptyResult

from meshkit.local.services.errors import ApiError
from meshkit.local.services.organization import organization_of


class Accounts(AccountBackend):
    """moto's account management, with names."""

    @property
    def _url_module(self) -> Any:
        named = {"{0}/putAccountName$": NamesResponse.dispatch}
        return SimpleNamespace(url_bases=urls.url_bases, url_paths={**urls.url_paths, **named})


class NamesResponse(AccountResponse):
    """The request that moto lacks."""

    def put_account_name(self) -> ActionResult:
        """Rename an account of the caller's organization."""
        wanted = self._get_account_id()
        organization = organization_of(self.current_account, self.partition)
        members = organization.accounts if organization else []
        found = next((each for each in members if each.id == wanted), None)
        if found is None:
            message = f"The account {wanted} is not in the organization of {self.current_account}."
            return ActionResult(ApiError("AccessDeniedException", message))
        found.name = self._get_param("AccountName")
        return EmptyResult()
