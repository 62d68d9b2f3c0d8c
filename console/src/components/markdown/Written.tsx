import MarkdownIt from 'markdown-it'
import { useMemo } from 'react'
import classes from './Written.module.css'

// As the platform's own page writes it: raw HTML is shown as text, and links that run something stay text.
const reader = new MarkdownIt('commonmark', { html: false }).enable('table').disable('image')
reader.renderer.rules['link_open'] = (tokens, at, options, _, self) => {
  tokens[at]?.attrSet('rel', 'noopener noreferrer')
  return self.renderToken(tokens, at, options)
}

export default function Written({ text }: { text: string }) {
  const html = useMemo(() => ({ __html: reader.render(text) }), [text])
  return <div className={classes.written} dangerouslySetInnerHTML={html} />
}
