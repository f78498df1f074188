"""What a hostile page can say, and what is left of it."""

import html.parser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mantidlab.docs.pages.tree import parse
from mantidlab.docs.pages.whitelist import ATTRIBUTES, CLASSES, TAGS, WebOnly, to_html


class Pictures(WebOnly):
    def picture(self, src):
        return "file/" + src


def cleaned(content, addresses=None):
    return to_html(parse(content).children, addresses or WebOnly())


@pytest.mark.parametrize(
    ("content", "left"),
    [
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ("<p onclick='x()' id=a style='color:red' data-x=1>a</p>", "<p>a</p>"),
        ("<a href='javascript:alert(1)'>a</a>", "a"),
        ("<a href=' java\nscript:alert(1)'>a</a>", "a"),
        ("<a href='JaVaScRiPt:x'>a</a>", "a"),
        ("<a href='&#106;avascript:x'>a</a>", "a"),
        ("<a href='data:text/html,<script>x</script>'>a</a>", "a"),
        ("<a href='vbscript:x'>a</a>", "a"),
        ("<a href='//evil.example/x'>a</a>", "a"),
        ("<a href='file:///etc/passwd'>a</a>", "a"),
        ("<a href='/hub/logout'>a</a>", "a"),
        ("<a>a</a>", "a"),
        (
            "<a href='https://a.b/c?d=\"&e' onmouseover=x target=_top>a</a>",
            '<a href="https://a.b/c?d=&quot;&amp;e" rel="noopener noreferrer" target="_blank">a</a>',
        ),
        ("<img src=x onerror=alert(1)>", ""),
        ("<style>p{}</style><link rel=stylesheet href=x><p>a", "<p>a</p>"),
        ("<svg><script>x</script><a xlink:href='javascript:x'>y</a></svg>z", "z"),
        ("<math><mtext><script>x</script></mtext></math>z", "z"),
        ("<iframe src='https://evil.example'>y</iframe>z", "z"),
        ("<iframe srcdoc='<script>x</script>'></iframe>z", "z"),
        ("<object data=x><embed src=y></object>z", "z"),
        ("<form action='https://evil.example'><input name=p><button>b</button></form>z", "z"),
        ("<meta http-equiv=refresh content='0;url=https://evil.example'><base href='https://evil.example/'>z", "z"),
        ("<!-- <script>x</script> --><![CDATA[<script>x]]>z", "z"),
        ("<noscript><p title='</noscript><img src=x onerror=x>'></noscript>z", "z"),
        ("<p class='math jp-Button lm-Widget'>a</p>", '<p class="math">a</p>'),
        ("<table><td colspan='2' rowspan='9999999' onload=x>a", '<table><td colspan="2">a</td></table>'),
        ("<p>1 < 2 &amp; 3 &lt; <b>4", "<p>1 &lt; 2 &amp; 3 &lt; <b>4</b></p>"),
        ("<custom-element><p>a</p></custom-element>", "<p>a</p>"),
        ("<textarea></textarea><script></textarea><img src=x onerror=x>", ""),
        ("<<script>script>x", "&lt;"),
    ],
)
def test_what_is_left(content, left):
    assert cleaned(content) == left


def test_pictures_are_those_that_the_page_has():
    assert cleaned("<img src='a\"b.png' alt='<i>' width=90% height=1e9 onerror=x>", Pictures()) == (
        '<img alt="&lt;i&gt;" width="90%" src="file/a&quot;b.png">'
    )


class Checker(html.parser.HTMLParser):
    """Fails at the first thing that is not on the list."""

    def handle_starttag(self, tag, attrs):
        assert tag in TAGS
        for name, value in attrs:
            assert name in (*ATTRIBUTES.get(tag, ()), "class", "href", "src", "rel", "target")
            if name == "class":
                assert set(value.split()) <= CLASSES
            if name == "href":
                assert value.startswith(("http://", "https://"))

    def handle_comment(self, data):
        raise AssertionError(data)

    def handle_decl(self, decl):
        raise AssertionError(decl)


_SAID = (
    "< > <p <script> </script> <a_href= ' \" javascript: https://a <!-- --> <svg> / _onclick=x <img_src=x &lt; &#x6a; "
    "<style> </ <![CDATA[ ]]> <table> <td x \x00 <? <!"
)
PIECES = st.sampled_from([piece.replace("_", " ") for piece in _SAID.split(" ")])


@given(st.lists(PIECES, max_size=25).map("".join))
def test_nothing_else_comes_out_of_anything(content):
    written = cleaned(content)
    checker = Checker()
    checker.feed(written)
    checker.close()
    assert cleaned(written) == written or "&" in written


def test_deep_pages_do_not_use_up_the_stack():
    assert "deep" in cleaned("<div>" * 100_000 + "deep")
