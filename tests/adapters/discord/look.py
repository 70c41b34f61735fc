"""Messages as Discord's clients would draw them, as HTML: close enough to be judged by eye, dark and light.

Markdown is read by simcord's preview, which knows Discord's, and so are the fonts its, which are the same everywhere.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from html import escape as html
from pathlib import Path
from typing import Any

import simcord
from simcord.preview._markdown import markdown_tokens

_FONTS = Path(simcord.__file__).parent / "preview" / "static" / "fonts"
_FACES = {
    "Latin": ("noto-sans-latin-v2.015.ttf", "100 900"),
    "Mono": ("noto-sans-mono-v2.014.ttf", "100 900"),
    "Arabic": ("noto-sans-arabic-v2.012.ttf", "100 900"),
    "Hebrew": ("noto-sans-hebrew-v3.001.ttf", "100 900"),
    "Devanagari": ("noto-sans-devanagari-v2.007.ttf", "100 900"),
    "Han": ("noto-sans-sc-v2.004.ttf", "100 900"),
    "Emoji": ("noto-color-emoji-v2.051.ttf", "400"),
}
_SANS = "Latin,Arabic,Hebrew,Devanagari,Han,Emoji,sans-serif"
THEMES = {
    "dark": {
        "page": "#313338", "embed": "#2b2d31", "text": "#dbdee1", "strong": "#f2f3f5", "muted": "#949ba4",
        "link": "#00a8fc", "code": "#1e1f22", "edge": "#2b2d31", "field": "#1e1f22",
    },
    "light": {
        "page": "#ffffff", "embed": "#f2f3f5", "text": "#313338", "strong": "#060607", "muted": "#5c5e66",
        "link": "#006ce7", "code": "#e3e5e8", "edge": "#e3e5e8", "field": "#ebebed",
    },
}  # fmt: skip
_STYLE = """
*{box-sizing:border-box;overflow-wrap:break-word}body{margin:0;padding:16px;background:var(--page);color:var(--text);
font:400 16px/22px SANS}a{color:var(--link);text-decoration:none}p,h1,h2,h3{margin:0}
code{font:14px/18px Mono,Emoji,monospace;background:var(--code);border-radius:4px;padding:0 3px;white-space:pre-wrap}
.message{display:grid;grid-template-columns:40px minmax(0,1fr);gap:0 16px;margin-bottom:24px}
.avatar{width:40px;height:40px;border-radius:50%;background:#c23b22;grid-row:span 2;text-align:center;font-size:22px;
line-height:40px}.name{font-weight:500;color:var(--strong)}.name small{color:var(--muted);font-size:12px;
font-weight:400;margin-left:8px}.app{background:#5865f2;color:#fff;font:500 10px/15px SANS;border-radius:3px;
padding:1px 5px;margin-left:4px;vertical-align:1px}.asked{grid-column:2;color:var(--muted);font-size:14px;
line-height:18px;margin-bottom:4px}.asked b{color:var(--text);font-weight:500}
.embed{max-width:520px;width:fit-content;background:var(--embed);border:1px solid var(--edge);
border-left:4px solid;border-radius:4px;padding:8px 16px 16px 12px;margin-top:4px;font-size:14px;line-height:18px}
.embed>*{margin-top:8px}.author{font-weight:600;color:var(--strong)}.title{font-size:16px;line-height:22px;
font-weight:600;color:var(--strong)}.text p{white-space:pre-wrap}.text p+p,.text p+ul,.text ul+p{margin-top:18px}
.embed img{max-width:400px;width:100%;border-radius:4px;display:block;margin-top:16px}
.footer{font-size:12px;line-height:16px;color:var(--muted);white-space:pre-wrap}.field b{color:var(--strong)}
.row{display:flex;flex-wrap:wrap;margin-top:4px}.button{height:32px;padding:0 16px;margin:4px 8px 4px 0;border-radius:3px;
background:#4e5058;color:#fff;font:500 14px/32px SANS;max-width:100%;overflow:hidden;text-overflow:ellipsis;
white-space:nowrap}.b1{background:#5865f2}.b3{background:#248046}.b4{background:#da373c}
.menu{width:400px;max-width:100%;height:40px;padding:8px 12px;margin:4px 0;border-radius:4px;background:var(--field);
color:var(--muted);font-size:16px;line-height:24px;display:flex;justify-content:space-between}
.menu.open{height:auto;display:block;color:var(--text)}.menu.open div{padding:6px 0;font-weight:500;font-size:14px}
.only{color:var(--muted);font-size:12px;line-height:16px;margin-top:4px}blockquote{border-left:4px solid var(--muted);
margin:0;padding-left:8px}.spoiler{background:#000;color:#000}ul{margin:0;padding-left:20px}
""".replace("SANS", _SANS)


def page(messages: Iterable[str], theme: str = "dark", *, script: str = "") -> str:
    """Return a page with messages on it."""
    faces = "".join(
        f"@font-face{{font-family:{name};src:url('{(_FONTS / file).as_uri()}');font-weight:{weight}}}"
        for name, (file, weight) in _FACES.items()
    )
    colours = "".join(f"--{name}:{value};" for name, value in THEMES[theme].items())
    return (
        f"<!doctype html><html><head><meta charset=utf-8><title></title><style>{faces}:root{{{colours}}}{_STYLE}</style>"
        f"</head><body>{''.join(messages)}<script>{script}</script></body></html>"
    )


def message(
    sent: Mapping[str, Any], *, asked: str = "", private: bool = False, picture: bytes = b"", opened: bool = False
) -> str:
    """Return one message, as it was sent to Discord. ``opened`` shows the choices of its menus."""
    parts = [_text(str(sent.get("content") or ""), "message")]
    parts += [_embed(one, picture) for one in sent.get("embeds") or ()]
    parts += [_row(one, opened=opened) for one in sent.get("components") or ()]
    parts += ["<div class=only>👁 Only you can see this · <a>Dismiss message</a></div>"] if private else []
    above = f"<div class=asked>↱ <b>bob</b> used <a>{html(asked)}</a></div>" if asked else ""
    head = "<div class=name>roast-bot<span class=app>✓ APP</span><small>Today at 09:30</small></div>"
    return f"<div class=message>{above}<div class=avatar>🔥</div><div>{head}{''.join(parts)}</div></div>"


def _embed(one: Mapping[str, Any], picture: bytes) -> str:
    parts = []
    if "author" in one:
        parts.append(f"<div class=author>{html(one['author']['name'])}</div>")
    if "title" in one:
        words = _text(one["title"], "embed_title")
        parts.append(f"<div class=title>{f'<a>{words}</a>' if one.get('url') else words}</div>")
    if "description" in one:
        parts.append(f"<div class=text>{_text(one['description'], 'embed_description')}</div>")
    parts += [
        f"<div class=field><b>{_text(each['name'], 'embed_field_name')}</b>"
        f"{_text(each['value'], 'embed_field_value')}</div>"
        for each in one.get("fields", ())
    ]
    if "image" in one and picture:
        parts.append(f"<img src='data:image/png;base64,{base64.b64encode(picture).decode()}'>")
    if "footer" in one:
        parts.append(f"<div class=footer>{html(one['footer']['text'])}</div>")
    return f"<div class=embed style='border-left-color:#{one.get('color', 0x1E1F22):06x}'>{''.join(parts)}</div>"


def _row(row: Mapping[str, Any], *, opened: bool) -> str:
    return f"<div class=row>{''.join(_part(one, opened=opened) for one in row['components'])}</div>"


def _part(one: Mapping[str, Any], *, opened: bool) -> str:
    if one["type"] == 2:
        return f"<div class='button b{one['style']}'>{html(one['label'])}</div>"
    if opened:
        choices = "".join(f"<div>{html(each['label'])}</div>" for each in one["options"])
        return f"<div class='menu open'>{choices}</div>"
    return f"<div class=menu><span>{html(one.get('placeholder', ''))}</span><span>⌄</span></div>"


def _text(markdown: str, where: str) -> str:
    return "".join(map(_token, markdown_tokens(markdown, where)))


_MARKS = {"strong": "strong", "em": "em", "s": "s", "link": "a", "spoiler": "span"}
_BLOCKS = {"paragraph": "p", "heading": "h3", "bullet_list": "ul", "ordered_list": "ol", "list_item": "li"}


def _token(token: Mapping[str, Any]) -> str:
    kind = str(token["type"])
    if kind in {"text", "code", "code_block"}:
        words = html(str(token["content"]))
        return words if kind == "text" else f"<code>{words}</code>"
    if kind == "break":
        return "<br>"
    name, _, end = kind.rpartition("_")
    if kind == "link_open":
        return f"<a href='{html(token['href'])}'>"
    if name in _MARKS and end in {"open", "close"}:
        shut = "/" if end == "close" else ""
        return f"<{shut}{_MARKS[name]}{' class=spoiler' * (name == 'spoiler' and not shut)}>"
    inner = "".join(map(_token, token.get("children") or ()))
    tag = _BLOCKS.get(kind, "blockquote" if kind == "blockquote" else "")
    return f"<{tag}>{inner}</{tag}>" if tag else inner
