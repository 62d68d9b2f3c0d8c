const [CITIES, DAYS] = [['Oslo', 'Nairobi', 'Lima', 'Osaka'], 365]
const MEANS = [6, 19, 19, 17]
const SWINGS = [11, 2, 4, 11]
const PHASES = [0, 183, 183, 10]

/** A small made-up table that says so: a year of daily weather in four cities, as CSV. */
export function sampleCsv(): string {
  const lines = ['day,city,mean_c,rain_mm']
  for (let day = 0; day < DAYS; day += 1) {
    const date = new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10)
    CITIES.forEach((city, index) => lines.push(`${date},${city},${warmth(day, index)},${rain(day, index)}`))
  }
  return `${lines.join('\n')}\n`
}

function warmth(day: number, city: number): string {
  const season = -Math.cos(((day - (PHASES[city] ?? 0)) / DAYS) * 2 * Math.PI)
  return ((MEANS[city] ?? 0) + (SWINGS[city] ?? 0) * season + 3 * noise(day * 7 + city)).toFixed(1)
}

function rain(day: number, city: number): string {
  return Math.max(0, 14 * noise(day * 13 + city * 101 + 5)).toFixed(1)
}

// The same for everybody: between -1 and 1.
function noise(seed: number): number {
  const wave = Math.sin(seed * 12.9898) * 43758.5453
  return (wave - Math.floor(wave)) * 2 - 1
}
