import { useEffect, useRef, useState } from 'react'
import type { View } from 'vega'
import type { ChartProps } from './chart'
import { draw } from './draw'
import { atMidnight, resizable, sized, withRows } from './sized'
import { useSeenTheme } from './theme'
import classes from './Drawn.module.css'

/** The chart itself; imported when it is first needed. */
export default function Drawn({ spec, label, rows, columns, height }: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const [fault, setFault] = useState<string>()
  const theme = useSeenTheme()
  useEffect(() => {
    const element = place.current
    if (!element) return
    const drawing = begin(element)
    return () => drawing.end()
    function begin(into: HTMLElement) {
      const inner = into.appendChild(document.createElement('div'))
      let view: View | undefined
      let ended = false
      const fitted = sized(withRows(spec, atMidnight(rows, columns)), into.clientWidth, height)
      setFault(undefined)
      draw(inner, fitted, rows?.length ?? 0).then(
        (drawn) => {
          view = drawn
          if (ended) drawn.finalize()
        },
        (error: unknown) => !ended && setFault(error instanceof Error ? error.message : String(error)),
      )
      const watch = new ResizeObserver(() => {
        if (view && resizable(spec) && into.clientWidth > 0) void view.width(into.clientWidth).runAsync()
      })
      watch.observe(into)
      return {
        end() {
          ended = true
          watch.disconnect()
          view?.finalize()
          into.replaceChildren()
        },
      }
    }
  }, [spec, rows, columns, height, theme])
  return (
    <>
      <div
        ref={place}
        className={classes.chart}
        // What scrolls must be reached by the keyboard.
        tabIndex={resizable(spec) ? undefined : 0}
        style={{ minHeight: height }}
        role="img"
        aria-label={label}
        hidden={fault !== undefined}
      />
      {fault !== undefined && (
        <p className={classes.fault} role="alert">
          This chart can’t be drawn: {fault}
        </p>
      )}
    </>
  )
}
