const GROUPED = 1_234_567.8

/** The reader's way of writing numbers and times, as Vega's `config.locale`. */
export function readersLocale() {
  const parts = new Intl.NumberFormat().formatToParts(GROUPED)
  const part = (type: string, otherwise: string) => parts.find((one) => one.type === type)?.value ?? otherwise
  const names = (count: number, options: Intl.DateTimeFormatOptions, at: (index: number) => Date) =>
    Array.from({ length: count }, (_, index) => at(index).toLocaleDateString(undefined, options))
  const month = (index: number) => new Date(2024, index, 1)
  // 7 January 2024 is a Sunday.
  const day = (index: number) => new Date(2024, 0, 7 + index)
  return {
    number: { decimal: part('decimal', '.'), thousands: part('group', ','), grouping: [3], currency: ['', ''] },
    time: {
      dateTime: '%x %X',
      date: '%d %b %Y',
      time: '%H:%M',
      periods: ['AM', 'PM'],
      days: names(7, { weekday: 'long' }, day),
      shortDays: names(7, { weekday: 'short' }, day),
      months: names(12, { month: 'long' }, month),
      shortMonths: names(12, { month: 'short' }, month),
    },
  }
}
