"""Print the made-up report with Chromium and with LibreOffice: the PDFs beside this script.

Both programs must be installed.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE / "made-up-pdu.html"


def by_chromium(target: Path) -> None:
    """Print the page to a PDF with Chromium, without a window."""
    options = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-pdf-header-footer",
        f"--print-to-pdf={target}",
    ]
    subprocess.run(
        ["chromium", *options, PAGE.as_uri()], check=True, capture_output=True, timeout=120
    )


def by_libreoffice(target: Path) -> None:
    """Print the page to a PDF with LibreOffice Writer."""
    with tempfile.TemporaryDirectory() as folder:
        options = ["--headless", "--convert-to", "pdf:writer_web_pdf_Export", "--outdir", folder]
        subprocess.run(
            ["soffice", *options, str(PAGE)], check=True, capture_output=True, timeout=300
        )
        shutil.move(Path(folder) / "made-up-pdu.pdf", target)


if __name__ == "__main__":
    by_chromium(HERE / "made-up-pdu-chromium.pdf")
    by_libreoffice(HERE / "made-up-pdu-libreoffice.pdf")
