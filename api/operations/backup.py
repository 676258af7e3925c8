"""Back up and restore what an installation keeps."""

from datetime import datetime
from pathlib import Path

from api.settings import Settings
from data import audit, backup, reaching
from data.backup import BackedUp, Restored


def back_up(settings: Settings, file: Path, *, now: datetime) -> BackedUp:
    """
    Write a backup of the database, while others work with it.

    Raises
    ------
    data.archive.BackupError
        If it cannot be made.
    """
    return backup.back_up(settings.database_url, file, now=now)


def restore(settings: Settings, file: Path, *, now: datetime, replace: bool) -> Restored:
    """
    Restore a backup, while nobody works; the audit reaches as far as the backup from then on.

    Raises
    ------
    data.archive.BackupError
        If it cannot be restored; then nothing has changed.
    """
    done = backup.restore(
        settings.database_url,
        file,
        now=now,
        keep_in=settings.folder,
        replace=replace,
        keys=settings.keys,
    )
    store = reaching.open_store(settings.database_url)
    try:
        with store.reading() as session:
            settings.noted_head.note(audit.head(session), back=True)
    finally:
        store.close()
    return done
