"""What a sign-in waits for, after the password and before the code."""

from typing import Any

from allauth.account.stages import EmailVerificationStage


class ConfirmStage(EmailVerificationStage):
    """Wait until the address is confirmed, unless the operator vouches for the account.

    Staff are appointed by the operator, and who signs up has an address: an account without one
    was made by hand. Neither could be let in otherwise on a site whose mail does not work yet.
    """

    def handle(self) -> Any:
        user = self.login.user
        if user and (user.is_staff or not user.email):
            return None, True
        return super().handle()
