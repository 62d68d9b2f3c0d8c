import type { Job } from '../../api/types'
import { JobNode } from './JobNode'
import { layered, type Spot } from './layers'
import classes from './JobGraph.module.css'

const NODE = { width: 220, height: 64 }
const GAP = { x: 56, y: 20 }
const EDGE = 24

/**
 * Jobs left to right in the order in which they wait for each other. It is a list of links, drawn as a graph where
 * there is room and as a list where there isn't.
 */
export function JobGraph({ jobs, selected }: { jobs: readonly Job[]; selected: string }) {
  const spots = layered(jobs)
  const columns = Math.max(...[...spots.values()].map((spot) => spot.column)) + 1
  const tallest = Math.max(...[...spots.values()].map((spot) => spot.row)) + 1
  const heights = Array.from({ length: columns }, (_, column) => [...spots.values()].filter((spot) => spot.column === column).length)
  const place = ({ column, row }: Spot) => ({
    x: EDGE + column * (NODE.width + GAP.x),
    y: EDGE + (row + (tallest - (heights[column] ?? 0)) / 2) * (NODE.height + GAP.y),
  })
  const width = 2 * EDGE + columns * (NODE.width + GAP.x) - GAP.x
  const height = 2 * EDGE + tallest * (NODE.height + GAP.y) - GAP.y
  const inOrder = [...jobs].sort((one, other) => (spots.get(one.id)?.column ?? 0) - (spots.get(other.id)?.column ?? 0))
  return (
    <div className={classes.scroll} role="region" aria-label="Graph of jobs" tabIndex={0}>
      <div className={classes.graph} style={{ width, height }}>
        <svg className={classes.edges} width={width} height={height} aria-hidden="true">
          {jobs.flatMap((job) =>
            job.depends_on.map((parent) => {
              const [from, to] = [spots.get(parent), spots.get(job.id)]
              return from && to && <Edge key={`${parent} ${job.id}`} from={place(from)} to={place(to)} />
            }),
          )}
        </svg>
        <ol className={classes.nodes}>
          {inOrder.map((job) => {
            const spot = spots.get(job.id)
            const { x, y } = spot ? place(spot) : { x: 0, y: 0 }
            return (
              <li key={job.id} style={{ left: x, top: y, ...NODE }}>
                <JobNode job={job} jobs={jobs} selected={job.id === selected} />
              </li>
            )
          })}
        </ol>
      </div>
    </div>
  )
}

interface Point {
  x: number
  y: number
}

function Edge({ from, to }: { from: Point; to: Point }) {
  const [x1, y1] = [from.x + NODE.width, from.y + NODE.height / 2]
  const [x2, y2] = [to.x - 8, to.y + NODE.height / 2]
  const bend = Math.max(20, (x2 - x1) / 2)
  return (
    <>
      <path className={classes.edge} d={`M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`} />
      <path className={classes.tip} d={`M${x2 + 8},${y2} l-9,-5 v10 z`} />
    </>
  )
}
