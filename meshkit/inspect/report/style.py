"""How a report looks: on phones, screens and paper, light and dark."""

from __future__ import annotations

from typing import Final

from meshkit.inspect.diagram.colours import themed
from meshkit.inspect.diagram.svg import STYLE as PICTURE

_LAYOUT: Final = """\
*, *::before, *::after { box-sizing: border-box }
html { color-scheme: light dark; -webkit-text-size-adjust: 100%; text-size-adjust: 100% }
body { margin: 0; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans",
  sans-serif; overflow-wrap: anywhere }
main, header, footer { max-width: 76rem; margin: 0 auto; padding: 0 1rem }
header { padding-top: 1.5rem }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; padding-top: .75rem; border-top: 1px solid }
h3 { font-size: 1rem; margin: 0 0 .25rem }
p { margin: .5rem 0 }
nav ul, .legend, .counts { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem;
  padding: 0; margin: .75rem 0 }
.counts b { font-size: 1.15rem }
.verdict { border-radius: 8px; padding: .75rem 1rem; margin: 1rem 0; font-weight: 600 }
.skip { position: absolute; left: -99rem }
.skip:focus { left: 1rem; top: .5rem; padding: .5rem }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
.scroll { overflow: auto; max-height: 85vh; position: relative; border: 1px solid;
  border-radius: 8px; margin: 0 0 1rem }
.scroll > svg { display: block }
figure { margin: 0 }
figcaption { font-size: .875rem; margin: .5rem 0 }
table { border-collapse: collapse; font-size: .875rem; min-width: 100%; overflow-wrap: normal }
caption { text-align: left; padding: .5rem .75rem; font-weight: 600 }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem; border-top: 1px solid }
thead { position: sticky; top: 0; z-index: 1 }
tbody th { min-width: 9rem; max-width: 45vw; overflow-wrap: anywhere }
tbody td:last-child { min-width: 16rem }
tbody td { min-width: 8rem; max-width: 32rem; overflow-wrap: anywhere }
th { font-weight: 600 }
th small { display: block; font-weight: 400; white-space: nowrap }
.matrix th[scope=row] { position: sticky; left: 0; min-width: 9rem; max-width: 40vw;
  overflow-wrap: anywhere }
.matrix th small { white-space: normal }
.matrix { min-width: 0 }
.matrix td, .matrix td:last-child { min-width: 2.5rem }
.matrix thead > tr > * { vertical-align: bottom }
.matrix thead th span { display: inline-block; writing-mode: vertical-rl; white-space: nowrap;
  transform: rotate(180deg); font-weight: 400 }
.cell { text-align: center; font-weight: 700 }
.sign { display: inline-block; min-width: 1.5em; text-align: center; border-radius: 4px;
  font-weight: 700 }
.finding { border: 1px solid; border-left-width: 6px; border-radius: 8px; padding: .75rem 1rem;
  margin: .75rem 0; break-inside: avoid }
.badge { display: inline-block; border-radius: 4px; padding: 0 .5em; font-size: .8125rem;
  margin-right: .25em }
dl { display: grid; grid-template-columns: minmax(4.5rem, max-content) 1fr; gap: .15rem .75rem;
  margin: .5rem 0 0; font-size: .9375rem }
dt { font-weight: 600 } dd { margin: 0; min-width: 0 }
pre { overflow: auto; padding: .5rem .75rem; border-radius: 6px; margin: .5rem 0;
  font: .8125rem/1.45 ui-monospace, Menlo, Consolas, "Liberation Mono", monospace;
  white-space: pre-wrap }
footer { padding-top: 2rem; padding-bottom: 2rem; font-size: .875rem }
@media print {
  body { font-size: 10pt }
  nav, .skip { display: none }
  .scroll { overflow: visible; max-height: none; border: 0 }
  .scroll > svg { max-width: 100%; height: auto }
  thead, .matrix th[scope=row] { position: static }
  tr, svg { break-inside: avoid }
  .finding, .verdict, .badge, .cell, .sign, svg { print-color-adjust: exact;
    -webkit-print-color-adjust: exact }
}
"""
_COLOURS: Final = themed("""\
body { background: {page}; color: {ink} }
a { color: {link} }
:focus-visible { outline: 3px solid {link}; outline-offset: 2px }
h2, .scroll, th, td, .finding { border-color: {rule} }
small, figcaption, footer, .counts { color: {quiet} }
.counts b { color: {ink} }
.skip:focus, .matrix th[scope=row] { background: {page} }
thead, pre { background: {frame} }
.verdict.good, .sign.yes, .cell.yes { background: {good-fill}; color: {good} }
.verdict.bad, .sign.extra, .cell.extra, .badge.bad { background: {bad-fill}; color: {bad} }
.verdict.warning, .sign.missing, .cell.missing, .badge.warning { background: {warning-fill};
  color: {warning} }
.finding.bad { border-left-color: {bad} }
.finding.warning { border-left-color: {warning} }
.is-yes { fill: {good} } .is-extra { fill: {bad} } .is-missing { fill: {warning} }
""")
STYLE: Final = _LAYOUT + _COLOURS + PICTURE
