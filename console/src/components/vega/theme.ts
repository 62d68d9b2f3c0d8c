import { useSyncExternalStore } from 'react'
import { useChosen } from '../../shell/appearance'

const FONT = "'Inter Variable', 'Liberation Sans', Arial, sans-serif"
const DARK = '(prefers-color-scheme: dark)'

/** The theme that is seen, followed as it changes. */
export function useSeenTheme(): 'light' | 'dark' {
  const chosen = useChosen('theme')
  const dark = useSyncExternalStore(followSystem, () => window.matchMedia(DARK).matches)
  if (chosen === 'light' || chosen === 'dark') return chosen
  return dark ? 'dark' : 'light'
}

/** The tokens of the page as Vega-Lite's `config`: the same that the platform draws its images with. */
export function themeConfig() {
  const color = reader()
  const [line, strong, second, third] = [color('--line'), color('--line-strong'), color('--text-2'), color('--text-3')]
  const [surface, text, accent] = [color('--surface'), color('--text'), color('--accent')]
  const ramp = [color('--ramp-1'), color('--ramp-2'), accent]
  const titles = { titleColor: second, titleFontSize: 12, titleFontWeight: 'normal' }
  return {
    background: 'transparent',
    font: FONT,
    padding: 2,
    view: { stroke: null, continuousWidth: 480, continuousHeight: 280, discreteWidth: { step: 28 } },
    range: {
      category: [1, 2, 3, 4, 5, 6, 7, 8].map((number) => color(`--category-${number}`)),
      ordinal: ramp,
      ramp,
      heatmap: ramp,
      diverging: [color('--bad'), color('--sunken'), accent],
    },
    axis: {
      ...titles,
      labelColor: third,
      labelFontSize: 11,
      domain: false,
      ticks: false,
      gridColor: line,
      domainColor: strong,
      tickColor: strong,
      labelPadding: 8,
      titlePadding: 10,
    },
    axisX: { grid: false, domain: true, labelOverlap: true },
    legend: {
      ...titles,
      labelColor: second,
      labelFontSize: 12,
      orient: 'top',
      symbolType: 'circle',
      symbolSize: 70,
      symbolStrokeWidth: 0,
      columnPadding: 14,
      offset: 12,
      gradientThickness: 8,
    },
    header: { ...titles, labelColor: second, labelFontSize: 12 },
    mark: { color: accent, tooltip: true },
    bar: { cornerRadiusEnd: 2, discreteBandSize: { band: 0.7 } },
    line: { strokeWidth: 2, strokeJoin: 'round', strokeCap: 'round' },
    trail: { color: accent },
    area: { fillOpacity: 0.25, line: true },
    point: { filled: true, size: 36, opacity: 0.6 },
    circle: { size: 36, opacity: 0.6 },
    rect: { cornerRadius: 2, stroke: surface, strokeWidth: 2 },
    arc: { stroke: surface, strokeWidth: 2 },
    rule: { color: strong },
    text: { color: text, fontSize: 12 },
    boxplot: { median: { color: surface }, rule: { color: third } },
    geoshape: { stroke: surface, strokeWidth: 0.5 },
  } as const
}

// `light-dark()` is only resolved in a property that takes a colour.
function reader(): (token: string) => string {
  const probe = document.body.appendChild(document.createElement('span'))
  const seen = getComputedStyle(probe)
  queueMicrotask(() => probe.remove())
  return (token) => {
    probe.style.color = `var(${token})`
    return seen.color
  }
}

function followSystem(listener: () => void): () => void {
  const query = window.matchMedia(DARK)
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}
