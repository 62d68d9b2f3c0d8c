/** A bin of predicted chances: how many rows fell there, and how often it came true. */
export interface Bin {
  from: number
  to: number
  rows: number
  predicted: number
  observed: number
}

/** What a model's card may hold; an uploaded model's holds less. */
export interface Card {
  source?: { dataset?: string; version?: number; rows?: number; sql?: string; cut_to_rows?: number }
  rows?: { read: number; trained_on: number; held_out: number; without_target_or_class: number }
  holdout?: string
  classes_left_out?: Record<string, number>
  columns?: { used: string[]; dropped: Record<string, string> }
  candidates?: Record<string, string | number>[]
  chosen?: string
  calibration?: Bin[]
  importances?: Record<string, number>
  conversion?: { rows_checked: number; greatest_difference: number | null; error: string | null }
  warnings?: string[]
  seed?: number
  libraries?: Record<string, string>
}

/** The card as training writes it. */
export function readCard(card: Record<string, unknown>): Card {
  return card as Card
}
