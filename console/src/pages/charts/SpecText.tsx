import { useState } from 'react'
import { TextArea } from '../../components/Field'
import type { Spec } from '../../components/vega/chart'
import classes from './Charts.module.css'
import { faultOf } from './jsonFault'

/** The spec as text. What can't be read is told with its line, and the chart stays as it was. */
export function SpecText({ spec, onChange }: { spec: Spec; onChange: (spec: Spec) => void }) {
  const [text, setText] = useState(() => JSON.stringify(spec, null, 2))
  const fault = faultOf(text)
  return (
    <div className={classes.code}>
      <TextArea
        label="Vega-Lite"
        spellCheck={false}
        value={text}
        error={fault}
        hint="The rows come from the source above, so leave data out."
        onChange={(event) => {
          setText(event.target.value)
          if (faultOf(event.target.value) === undefined) onChange(JSON.parse(event.target.value) as Spec)
        }}
      />
    </div>
  )
}
