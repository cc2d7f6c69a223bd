"""Write pages of the manual, rendered at a terminal and as Markdown elsewhere."""

import os
import sys


def put_out_page(markdown: str) -> None:
    """Write a page to standard output. Rich is imported only for a terminal."""
    if sys.stdout.isatty():
        _show(markdown)
    else:
        sys.stdout.write(markdown)


def _show(markdown: str) -> None:
    from rich.console import Console
    from rich.markdown import Markdown
    from rich.theme import Theme

    plain = "NO_COLOR" in os.environ
    console = Console(
        color_system=None if plain else "auto",
        no_color=plain,
        theme=Theme({"markdown.code": "bold", "markdown.code_block": "none"}),
    )
    uncoloured = markdown.replace("```console", "```text")  # or words in answers are coloured
    console.print(Markdown(uncoloured, code_theme="ansi_light", hyperlinks=False))
