import './fonts.css'
import './tokens.css'
import './base.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queries } from './api/queries'
import { router } from './router'
import { followReleases } from './releases'
import { styleNonce } from './shell/nonce'

followReleases()
// Where Radix looks for the nonce of the style sheets that it adds.
Object.assign(globalThis, { __webpack_nonce__: styleNonce() })

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
)
