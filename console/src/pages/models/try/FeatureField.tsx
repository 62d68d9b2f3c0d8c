import { useId } from 'react'
import { Field, Select } from '../../../components/Field'
import type { Feature } from '../models'

const CHOICES_SHOWN = 50

interface FeatureFieldProps {
  feature: Feature
  value: string
  onChange: (value: string) => void
}

/** The field for one input, made from what the model says of it. */
export function FeatureField({ feature, value, onChange }: FeatureFieldProps) {
  const { name: label, required, kind, categories = [] } = feature
  const hint = required ? undefined : 'may be left empty'
  if (kind === 'boolean')
    return (
      <Select label={label} hint={hint} required={required} value={value} onChange={(event) => onChange(event.target.value)}>
        {!required && <option value="" />}
        <option value="true">yes</option>
        <option value="false">no</option>
      </Select>
    )
  if (kind === 'categorical' && categories.length < CHOICES_SHOWN)
    return (
      <Select label={label} hint={hint} required={required} value={value} onChange={(event) => onChange(event.target.value)}>
        {!required && <option value="" />}
        {(categories.includes(value) || value === '' ? categories : [...categories, value]).map((category) => (
          <option key={category}>{category}</option>
        ))}
      </Select>
    )
  if (kind === 'categorical') return <Suggesting feature={feature} value={value} onChange={onChange} />
  return (
    <Field
      label={label}
      hint={kind === 'time' ? [hint, 'in UTC'].filter(Boolean).join(', ') : hint}
      required={required}
      type={kind === 'numeric' ? 'number' : 'datetime-local'}
      step="any"
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}

/** Only the most frequent categories are known, so any other text is good too. */
function Suggesting({ feature: { name, required, categories = [] }, value, onChange }: FeatureFieldProps) {
  const list = useId()
  return (
    <>
      <Field
        label={name}
        hint={required ? undefined : 'may be left empty'}
        required={required}
        list={list}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        autoComplete="off"
        spellCheck={false}
      />
      <datalist id={list}>
        {categories.map((category) => (
          <option key={category} value={category} />
        ))}
      </datalist>
    </>
  )
}
