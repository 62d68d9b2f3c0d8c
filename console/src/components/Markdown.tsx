import { lazy, Suspense } from 'react'

const Written = lazy(() => import('./markdown/Written'))

/** A text in Markdown. What it holds can do nothing: no raw HTML, no pictures, no script in a link. */
export function Markdown({ text }: { text: string }) {
  return (
    <Suspense fallback={null}>
      <Written text={text} />
    </Suspense>
  )
}
