"""Write the two fixtures with a password, by LibreOffice.

Run this with the Python that has LibreOffice's `uno`:

python3 tests/own/make_protected.py
"""

import subprocess
import time
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found]
from com.sun.star.beans import NamedValue, PropertyValue  # type: ignore[import-not-found]

HERE = Path(__file__).resolve().parent
PIPE = "hmip_fixtures"
PASSWORD = "open sesame"


def said(name: str, value: Any) -> Any:
    """Return one setting as LibreOffice takes it."""
    setting = PropertyValue()
    setting.Name, setting.Value = name, value
    return setting


def desktop() -> Any:
    """Return the desktop of a LibreOffice that has been started, as soon as it answers."""
    resolver = uno.getComponentContext().ServiceManager.createInstance(
        "com.sun.star.bridge.UnoUrlResolver"
    )
    for _ in range(60):
        try:
            context = resolver.resolve(f"uno:pipe,name={PIPE};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstance("com.sun.star.frame.Desktop")
        except Exception:
            time.sleep(0.5)
    raise TimeoutError("LibreOffice does not answer")


def main() -> None:
    """Write both files."""
    office = subprocess.Popen(
        ["soffice", "--headless", "--norestore", f"--accept=pipe,name={PIPE};urp;"]
    )
    try:
        document = desktop().loadComponentFromURL(
            (HERE / "audit.ods").as_uri(), "_blank", 0, (said("Hidden", True),)
        )
        document.storeToURL(
            (HERE / "protected.ods").as_uri(),
            (said("FilterName", "calc8"), said("Password", PASSWORD)),
        )
        words = [NamedValue(), NamedValue()]
        words[0].Name, words[0].Value = "OOXPassword", PASSWORD
        words[1].Name, words[1].Value = "CryptoType", "Standard"
        secret = uno.Any("[]com.sun.star.beans.NamedValue", tuple(words))
        kind = said("FilterName", "Calc MS Excel 2007 XML")
        uno.invoke(
            document,
            "storeToURL",
            ((HERE / "protected.xlsx").as_uri(), (kind, said("EncryptionData", secret))),
        )
        document.close(True)
    finally:
        office.terminate()


if __name__ == "__main__":
    main()
