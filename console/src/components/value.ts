import { kindOf } from './columnKind'

const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 })
const broken = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 12 })
// Numbers that name something rather than count it aren't grouped.
const NAMES = /(^|_)(id|year|yr|no|nr|num|number|code|zip|flight|time|version)$/i
const [SMALL, LARGE] = [1e-6, 1e15]

/** A value of a column of this type and name, as a reader sees it; `null` stays for the caller. */
export function shownValue(value: unknown, type: string, name = ''): string {
  if (typeof value === 'number') return NAMES.test(name) ? String(value) : shownNumber(value)
  if (typeof value === 'string' && kindOf(type) === 'time') return shownTime(value, type)
  if (typeof value === 'object') return JSON.stringify(value)
  return String(value)
}

function shownNumber(value: number): string {
  const size = Math.abs(value)
  if (size !== 0 && (size < SMALL || size >= LARGE)) return String(value)
  return Number.isInteger(value) ? whole.format(value) : broken.format(value)
}

// A moment is told in the reader's zone; a time without zone, as it is.
function shownTime(value: string, type: string): string {
  if (!/ZONE|TIMESTAMPTZ/i.test(type)) return value.replace('T', ' ').replace(/(:\d\d):00(\.0+)?$/, '$1')
  const time = new Date(value)
  if (Number.isNaN(time.getTime())) return value
  const two = (number: number) => String(number).padStart(2, '0')
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
  const seconds = time.getSeconds() ? `:${two(time.getSeconds())}` : ''
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}${seconds}`
}
