"""Hostile texts: what a title, a prompt, a message or a file may hold to take a terminal over. Data: none runs."""

from __future__ import annotations

ESC, ST = "\x1b", "\x1b\\"

CONTROLS = (
    f"{ESC}c",  # reset
    f"{ESC}[2J{ESC}[H",
    f"{ESC}[31mred{ESC}[0m",
    f"{ESC}[6n",  # asks for the cursor: the answer comes as keys
    f"{ESC}[c",
    f"{ESC}[>q",
    f"{ESC}[21t",
    f"{ESC}[?1049l",
    f"{ESC}[?1000h",
    f"{ESC}[8;1;1t",
    f"{ESC}]0;owned\x07",
    f"{ESC}]2;owned{ST}",
    f"{ESC}]52;c;UFdO\x07",
    f"{ESC}]52;c;UFdO{ST}",
    f"{ESC}]8;;https://evil.example{ST}click{ESC}]8;;{ST}",
    f"{ESC}]9;note{ST}",
    f"{ESC}]777;notify;a;b{ST}",
    f"{ESC}]1337;File=name=eA==:eA=={ST}",
    f"{ESC}]10;?{ST}",
    f"{ESC}P+q544e{ST}",
    f"{ESC}Ptmux;{ESC}{ESC}]52;c;UFdO\x07{ST}",
    f"{ESC}P1000p{ST}",
    f"{ESC}_Gf=100,a=T;AAAA{ST}",
    f"{ESC}^private{ST}",
    f"{ESC}Xstring{ST}",
    f"{ESC}(0lqqk{ESC}(B",
    f"{ESC}#8",
    f"{ESC}7{ESC}8",
    f"{ESC}=",
    "\x9b31m",
    "\x9d0;owned\x9c",
    "\x90q\x9c",
    "\x85",
    "\x00",
    "\x07",
    "\x08\x08\x08",
    "\x0e\x0f",
    "\x7f",
    "\r",
    "\x0b\x0c",
    "\x1a",
    "\x1b",
)
INVISIBLE = (
    "\u202egnp.exe",
    "\u2067\u2066\u2068\u2069",
    "\u200b\u200c\u200d\u2060",
    "\ufeff",
    "\U000e0041\U000e0042\U000e007f",
    "\u3164\u115f\uffa0",
    "\ufe0f\ufe0e",
    "\u00ad",
    "e" + "\u0301" * 300,
    "\u2028\u2029",
    "\ud800",
    "\ufffe\uffff",
)
PAYLOADS = (*CONTROLS, *INVISIBLE)

# Markup of Textual and Rich, printf, shells and option parsers.
MARKUP = (
    "[bold]x[/bold]",
    "[@click=app.quit]x[/]",
    "[@click='app.bell']x[/]",
    "[link=https://evil.example]x[/link]",
    "[/]",
    "[/Chorus]",
    "[Verse 1]",
    "[it's ok]",
    "[a, b]",
    "[$error on red]x",
    "[#ff0000]x[/]",
    "[[escaped]]",
    "\\[x]",
    "[on url(x)]",
    "[b]",
    "[link=https://e/]",
    "%s %(x)s {x} {0} {",
    "$(touch owned) `touch owned` ; touch owned | &",
    "--exec=owned",
    ":sout=x",
)
EVERYTHING = (*PAYLOADS, *MARKUP)
