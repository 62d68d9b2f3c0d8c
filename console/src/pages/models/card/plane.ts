/** A plot's size and margins, in its own units. */
export const SIZE = { width: 400, height: 280, left: 44, right: 22, top: 10, bottom: 34 }

/** Where a share stands across the plot, in its own units. */
export function x(share: number): number {
  return SIZE.left + share * (SIZE.width - SIZE.left - SIZE.right)
}

/** Where a share stands up the plot. */
export function y(share: number): number {
  return SIZE.height - SIZE.bottom - share * (SIZE.height - SIZE.top - SIZE.bottom)
}
