"""Sections of dndriftd.conf for the live tests: impatient, so that a verdict is confirmed within half a second."""


def section(kind, name, settings):
    """A setting that is None stands not in it."""
    lines = (f"{key} = {value}\n" for key, value in settings.items() if value is not None)
    return f"\n[{kind} {name}]\n" + "".join(lines)


def directory(uri, name="mms", **settings):
    return section("directory", name, {"uri": uri, "timeout": "5s", **settings})


def watch_from(source, name="custom", directory="mms", **settings):
    """A watch whose DN stands in the consumer's own file."""
    return watch(None, name, directory, dn_from=source, **settings)


def watch(dn, name="custom", directory="mms", **settings):
    return section("watch", name, {"directory": directory, "dn": dn, "interval": "200ms", "confirm_interval": "100ms",
                                   **settings})


def alerting(*managers, **settings):
    """[alertmanager] of these, told again every 3 seconds."""
    uri = " ".join(manager.uri for manager in managers)
    return section("alertmanager", "", {"uri": uri, "interval": "3s", **settings}).replace("[alertmanager ]", "[alertmanager]")
