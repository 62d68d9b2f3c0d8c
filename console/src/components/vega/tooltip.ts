import type { TooltipHandler } from 'vega'
import classes from './Drawn.module.css'

const GAP = 12

/** Shows what the mark under the pointer stands for, beside the pointer. */
export function tooltip(element: HTMLElement): TooltipHandler {
  const box = element.ownerDocument.createElement('div')
  box.className = classes['tooltip'] ?? ''
  box.hidden = true
  element.parentElement?.append(box)
  return (_handler, event, _item, value: unknown) => {
    box.hidden = value === null || value === undefined || value === ''
    if (box.hidden) return
    box.replaceChildren(...lines(value))
    const around = (element.parentElement ?? element).getBoundingClientRect()
    const { clientX, clientY } = event as MouseEvent
    const [x, y] = [clientX - around.left, clientY - around.top]
    box.style.left = `${Math.max(0, x + box.offsetWidth + GAP > around.width ? x - box.offsetWidth - GAP : x + GAP)}px`
    box.style.top = `${Math.max(0, y - box.offsetHeight - GAP)}px`
  }
}

function lines(value: unknown): Node[] {
  if (typeof value !== 'object' || value === null) return [new Text(String(value))]
  return Object.entries(value).flatMap(([name, one]) => {
    const [term, text] = [document.createElement('span'), document.createElement('b')]
    term.textContent = name
    text.textContent = String(one)
    return [term, text]
  })
}
