"""What can be wrong with leaving."""

from promostack.core.errors import Conflict, NotFound, Unprocessable


class ExportNotFound(NotFound):
    """No export of that id."""

    code = "export_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such export.")


class ExportOpen(Conflict):
    """One export is being made already."""

    code = "export_open"

    def __init__(self) -> None:
        super().__init__("An export is being made already; wait until it is there.")


class ExportNotReady(Conflict):
    """Not made yet, failed, or cleared away again."""

    code = "export_not_ready"

    def __init__(self) -> None:
        super().__init__("This export cannot be downloaded: it is not there yet, or not any more. Ask for a new one.")


class NameDiffers(Unprocessable):
    """Who deletes a workspace types its name."""

    code = "name_differs"

    def __init__(self) -> None:
        message = "type the workspace's name exactly as it stands above"
        super().__init__(f"Nothing was deleted: {message}.", fields={"name": message})


class AlreadyClosing(Conflict):
    """The deletion is asked for; the first date stands."""

    code = "already_closing"

    def __init__(self) -> None:
        super().__init__("This workspace is to be deleted already.")


class NotClosing(Conflict):
    """There is nothing to undo."""

    code = "not_closing"

    def __init__(self) -> None:
        super().__init__("No deletion of this workspace is asked for, or it has begun.")
