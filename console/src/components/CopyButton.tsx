import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { Button } from './Button'
import { toast } from './Toasts'

interface CopyButtonProps {
  /** What is copied. */
  text: string
  /** What it is called: `Copy link`. */
  children: string
}

/** Takes a text to the clipboard and says so. */
export function CopyButton({ text, children }: CopyButtonProps) {
  const [copied, setCopied] = useState(false)
  async function copy() {
    try {
      await navigator.clipboard.writeText(text)
      setCopied(true)
    } catch {
      toast('The browser does not let the console copy here: select the text and copy it by hand', { bad: true })
    }
  }
  return (
    <Button icon={copied ? Check : Copy} onClick={() => void copy()} onBlur={() => setCopied(false)}>
      <span aria-live="polite">{copied ? 'Copied' : children}</span>
    </Button>
  )
}
