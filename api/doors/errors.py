"""Why somebody is not let in, in German; `api.kinds` says how the world learns of it."""


class UnauthorizedError(RuntimeError):
    """Nobody knows who calls, and not everybody may do what was asked."""

    def __init__(self, message: str = "Dafür müssen Sie sich anmelden.") -> None:
        super().__init__(message)


class ForbiddenError(RuntimeError):
    """The caller is known, and may not do what was asked."""

    def __init__(self, message: str = "Dafür fehlt Ihrem Konto die Berechtigung.") -> None:
        super().__init__(message)


class ForeignPageError(ForbiddenError):
    """A browser was made to call, perhaps, by a page that is none of ours."""

    def __init__(self) -> None:
        super().__init__(
            "Das wurde nicht von einer Seite dieses Programms aus abgeschickt. Bitte die Seite "
            "neu laden und es noch einmal versuchen."
        )


class MustChangeError(ForbiddenError):
    """Somebody else knows the password; first it has to be changed."""

    def __init__(self) -> None:
        super().__init__("Bitte zuerst unter „Konto“ ein eigenes Passwort wählen.")


class SignInError(ValueError):
    """What belongs together does not; of name and password it is not said which is wrong."""

    def __init__(self, message: str = "Name oder Passwort stimmt nicht.") -> None:
        super().__init__(message)


class ProviderError(RuntimeError):
    """The identity provider does not answer, or not as one."""

    def __init__(self) -> None:
        super().__init__("Der Anmeldedienst antwortet nicht. Bitte später noch einmal versuchen.")


class TooManyAttemptsError(RuntimeError):
    """There were too many attempts; the next one makes sense only after *seconds*."""

    def __init__(self, seconds: int) -> None:
        minutes = -(-seconds // 60)
        when = "in einer Minute" if minutes <= 1 else f"in {minutes} Minuten"
        super().__init__(f"Zu viele Fehlversuche. Bitte {when} noch einmal.")
        self.seconds = seconds


class WeakPasswordError(ValueError):
    """A password that would be guessed early; the message says why."""


class AccountError(ValueError):
    """An account cannot become what was asked; the message says why."""
