"""Read what people typed as Markdown: what a reader's eye needs, and nothing that could harm."""

from markdown_it import MarkdownIt

DEEPEST = 12
"""Lists and quotations within one another beyond this are shown as they were typed."""

PARSER = MarkdownIt("commonmark", {"html": False}).disable(
    ["autolink", "code", "entity", "fence", "image", "reference"]
)
"""What is typed for a reader's eye: emphasis, headings, lists, quotations, links.

HTML, images and blocks of code are shown as typed. Entities are too, because one could stand
for a character that was made visible.
"""
