import { useEffect, useRef, useState } from 'react'
import { toast } from '../../../components/Toasts'
import classes from './DropAnywhere.module.css'

/** Takes a file that is dropped anywhere on the page, and says so while one is over it. */
export function DropAnywhere({ onFile }: { onFile: (file: File) => void }) {
  const [over, setOver] = useState(false)
  const take = useRef(onFile)
  take.current = onFile
  useEffect(() => {
    let inside = 0
    const holdsFile = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const listeners: Record<string, (event: DragEvent) => void> = {
      dragenter: () => setOver((inside += 1) > 0),
      dragleave: () => setOver((inside -= 1) > 0),
      dragover: () => {},
      drop: (event) => {
        inside = 0
        setOver(false)
        const files = [...(event.dataTransfer?.files ?? [])]
        if (files.length > 1) toast(`One file at a time: ${files[0]?.name ?? ''} is taken`)
        if (files[0]) take.current(files[0])
      },
    }
    const bound = Object.entries(listeners).map(([name, act]) => {
      const listener = (event: Event) => {
        if (!holdsFile(event as DragEvent)) return
        event.preventDefault()
        act(event as DragEvent)
      }
      window.addEventListener(name, listener)
      return () => window.removeEventListener(name, listener)
    })
    return () => bound.forEach((unbind) => unbind())
  }, [])
  return over ? <div className={classes.over}>Drop the file to look at it</div> : null
}
