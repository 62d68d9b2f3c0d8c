const whole = new Intl.NumberFormat(undefined)
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 })
const three = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 })
const share = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 })
const BYTES = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const

/** A number in the reader's locale. */
export function Num({ value }: { value: number }) {
  return <>{whole.format(value)}</>
}

/** `1,204` of `rows` or one `row`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${whole.format(value)} ${value === 1 ? one : many}`
}

/** 1.2M. */
export function short(value: number): string {
  return compact.format(value)
}

/** A share of one as percents. */
export function percent(value: number): string {
  return share.format(value)
}

/** Bytes with their unit. */
export function bytes(value: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(value, 1)) / 3), BYTES.length - 1)
  const unit = BYTES[power] ?? 'byte'
  return new Intl.NumberFormat(undefined, { style: 'unit', unit, maximumSignificantDigits: 3 }).format(value / 1000 ** power)
}

/** A length of time in milliseconds, with the unit that fits. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${three.format(ms)} ms`
  if (ms < 60_000) return `${three.format(ms / 1_000)} s`
  const minutes = Math.floor(ms / 60_000)
  const seconds = Math.floor((ms % 60_000) / 1_000)
  if (minutes < 60) return `${minutes} min ${seconds} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
