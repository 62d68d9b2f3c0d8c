import { Fragment } from 'react'
import classes from './Skeleton.module.css'

const WORD = 7

/** What stands in for a text that is not there yet; `width` in characters. */
export function Skeleton({ width = 12 }: { width?: number }) {
  return <span className={classes.skeleton} style={{ width: `${width}ch` }} aria-hidden="true" />
}

/** What stands in for a sentence: it wraps as words do. */
export function SkeletonWords({ count }: { count: number }) {
  return Array.from({ length: count }, (_, index) => (
    <Fragment key={index}>
      <Skeleton width={WORD} />{' '}
    </Fragment>
  ))
}

/** What stands in for a block of a known height in pixels. */
export function SkeletonBlock({ height }: { height: number }) {
  return <div className={classes.block} style={{ height }} aria-hidden="true" />
}
