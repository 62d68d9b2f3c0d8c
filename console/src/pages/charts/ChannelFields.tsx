import type { Column } from '../../api/chartRows'
import { kindOf, shortType } from '../../components/columnKind'
import { Select } from '../../components/Field'
import classes from './Charts.module.css'
import { AGGREGATES, type Channel, columnOf, TIME_UNITS } from './encoding'

interface ChannelFieldsProps {
  label: string
  channel: Channel
  columns: readonly Column[]
  onChange: (to: Channel) => void
}

/** A channel: which column, and how its values are put together. */
export function ChannelFields({ label, channel, columns, onChange }: ChannelFieldsProps) {
  const isTime = kindOf(columnOf(columns, channel.field)?.type ?? '') === 'time'
  const unknown = channel.field !== '' && !columnOf(columns, channel.field)
  return (
    <div className={classes.pair}>
      <Select
        label={label}
        value={channel.field}
        disabled={channel.aggregate === 'count'}
        onChange={(event) => onChange({ field: event.target.value, aggregate: channel.aggregate, timeUnit: '' })}
      >
        <option value="">{channel.aggregate === 'count' ? 'Rows' : 'Nothing'}</option>
        {unknown && <option>{channel.field}</option>}
        {columns.map(({ name, type }) => (
          <option key={name} value={name}>
            {name} ({shortType(type)})
          </option>
        ))}
      </Select>
      {isTime && !channel.aggregate ? (
        <Select
          label={`${label} by`}
          value={channel.timeUnit}
          onChange={(event) => onChange({ ...channel, timeUnit: event.target.value })}
        >
          <option value="">each moment</option>
          {Object.entries(TIME_UNITS).map(([unit, word]) => (
            <option key={unit} value={unit}>
              {word}
            </option>
          ))}
        </Select>
      ) : (
        <Select
          label={`${label} as`}
          value={channel.aggregate}
          onChange={(event) => onChange({ ...channel, aggregate: event.target.value, timeUnit: '' })}
        >
          <option value="">each value</option>
          {AGGREGATES.map((aggregate) => (
            <option key={aggregate}>{aggregate}</option>
          ))}
        </Select>
      )}
    </div>
  )
}
