"""A board pack as Markdown, for a wiki or to be compared line by line."""

from irbtrack.packs.document import (
    BoardPack,
    Chart,
    Commentary,
    Drawing,
    Grid,
    Heading,
    Points,
    Prose,
)


def to_markdown(pack: BoardPack) -> bytes:
    lines = [f"# {pack.cover.full_title}", ""]
    for section in pack.sections:
        lines += [f"## {section.title}", ""]
        for block in section.blocks:
            match block:
                case Heading(text):
                    lines += [f"### {text}", ""]
                case Prose():
                    lines += [block.text, ""]
                case Commentary(text):
                    lines += [text, ""]
                case Points(texts):
                    lines += [*(f"- {text}" for text in texts), ""]
                case Grid():
                    lines += _grid(block)
                case Chart() | Drawing():
                    lines += [f"*{block.says}*", "", *_grid(block.grid)]
    return "\n".join(lines).encode()


def _grid(grid):
    return [
        f"**{grid.table.title}**",
        "",
        " | ".join(grid.labels),
        " | ".join("---" for _ in grid.labels),
        *(" | ".join(r).replace("\n", "<br>") for r in grid.texts),
        "",
    ]
