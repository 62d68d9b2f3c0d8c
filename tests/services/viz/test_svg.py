"""Images as text."""

import pytest

from datalab.contracts.viz import SpecRefused
from datalab.services.viz.model.svg import check_image, embedded, extent_of

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" class="marks" width="200" height="100.5" viewBox="0 0 200 100">'


def test_size_is_read() -> None:
    extent = extent_of(f"{HEAD}</svg>")
    assert (extent.width, extent.height) == (200, 100.5)


@pytest.mark.parametrize(
    "inside",
    [
        '<image xlink:href="file:///etc/passwd"/>',
        '<a xlink:href="http://x"><path/></a>',
        "<script>alert(1)</script>",
        "<foreignObject></foreignObject>",
    ],
)
def test_image_that_loads_or_runs_something_is_refused(inside: str) -> None:
    with pytest.raises(SpecRefused, match="images, links or scripts"):
        check_image(f"{HEAD}{inside}</svg>", 1)


def test_image_beyond_the_pixels_is_refused_by_its_scale() -> None:
    large = HEAD.replace("200", "4000").replace("100.5", "4000")
    check_image(f"{large}</svg>", 1)
    with pytest.raises(SpecRefused, match="4,000 × 4,000 pixels times a scale of 2"):
        check_image(f"{large}</svg>", 2)


def test_words_in_an_image_may_be_anything() -> None:
    check_image(f"{HEAD}<text>&lt;image&gt; &lt;script&gt;</text></svg>", 1)


def test_ids_and_what_refers_to_them_move_together() -> None:
    svg = f'{HEAD}<clipPath id="clip0"/><g clip-path="url(#clip0)"/></svg>'
    assert embedded(svg, "t1-").endswith('<clipPath id="t1-clip0"/><g clip-path="url(#t1-clip0)"/></svg>')
