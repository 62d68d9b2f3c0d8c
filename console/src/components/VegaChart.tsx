import { lazy, Suspense } from 'react'
import type { ChartProps } from './vega/chart'
import { SkeletonBlock } from './Skeleton'

const Drawn = lazy(() => import('./vega/Drawn'))
const HEIGHT = 280

/**
 * A Vega-Lite chart as wide as its place, in the reader's theme and numbers. `spec`, `rows` and `columns` are drawn
 * again when they are other objects, so keep them (`useMemo`). Vega is fetched when the first chart is seen.
 */
export function VegaChart(props: ChartProps) {
  return (
    <Suspense fallback={<SkeletonBlock height={props.height ?? HEIGHT} />}>
      <Drawn {...props} />
    </Suspense>
  )
}
