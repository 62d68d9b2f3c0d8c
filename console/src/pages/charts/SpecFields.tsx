import type { Column } from '../../api/chartRows'
import { Select } from '../../components/Field'
import type { Spec } from '../../components/vega/chart'
import { ChannelFields } from './ChannelFields'
import classes from './Charts.module.css'
import { channelOf, isSimple, markOf, MARKS, SORTS, sortOf, withChannel, withMark, withSort } from './encoding'

interface SpecFieldsProps {
  spec: Spec
  columns: readonly Column[]
  onChange: (spec: Spec) => void
}

const CHANNELS = [
  ['x', 'Across'],
  ['y', 'Up'],
  ['color', 'Colour'],
] as const

/** Mark, columns and order, chosen from lists; they write the spec, and leave what they don't know. */
export function SpecFields({ spec, columns, onChange }: SpecFieldsProps) {
  if (!isSimple(spec)) return <p className={classes.soft}>This chart has several views: change it under Vega-Lite.</p>
  const mark = markOf(spec)
  return (
    <div className={classes.form}>
      <Select label="Mark" value={mark} onChange={(event) => onChange(withMark(spec, event.target.value))}>
        {!MARKS.some((one) => one === mark) && <option>{mark}</option>}
        {MARKS.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </Select>
      {CHANNELS.map(([name, label]) => (
        <ChannelFields
          key={name}
          label={label}
          channel={channelOf(spec, name)}
          columns={columns}
          onChange={(to) => onChange(withChannel(spec, name, to, columns))}
        />
      ))}
      <Select label="Order across" value={sortOf(spec)} onChange={(event) => onChange(withSort(spec, event.target.value))}>
        {!(sortOf(spec) in SORTS) && <option>{sortOf(spec)}</option>}
        {Object.entries(SORTS).map(([sort, words]) => (
          <option key={sort} value={sort}>
            {words}
          </option>
        ))}
      </Select>
    </div>
  )
}
