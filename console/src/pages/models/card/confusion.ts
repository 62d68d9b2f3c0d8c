import type { Bin } from './readCard'

/** How held-out rows were answered, when everything above a half counts as yes. */
export interface Confusion {
  yesRight: number
  yesWrong: number
  noRight: number
  noWrong: number
}

const HALF = 0.5
const NEAR = 1e-3

/** Counted from the bins of the calibration; nothing when they don't agree with the accuracy. */
export function confusionOf(bins: readonly Bin[], accuracy: number | undefined): Confusion | undefined {
  const rows = bins.reduce((sum, bin) => sum + bin.rows, 0)
  if (rows === 0 || accuracy === undefined) return undefined
  const found: Confusion = { yesRight: 0, yesWrong: 0, noRight: 0, noWrong: 0 }
  for (const bin of bins) {
    const yes = Math.round(bin.rows * bin.observed)
    if (bin.from >= HALF) {
      found.yesRight += yes
      found.yesWrong += bin.rows - yes
    } else {
      found.noWrong += yes
      found.noRight += bin.rows - yes
    }
  }
  return Math.abs((found.yesRight + found.noRight) / rows - accuracy) < NEAR ? found : undefined
}
