import { type RefObject, useEffect, useRef } from 'react'
import type { EditorView } from '@codemirror/view'
import { makeEditor, markFault, type Schema, tellSchema } from './codemirror'
import classes from './SqlPage.module.css'

/** What the page may ask of the editor. */
export interface EditorHandle {
  /** The selection, or all, and where it begins. */
  asked: () => { sql: string; from: number }
  insert: (text: string) => void
  focus: () => void
}

export interface Fault {
  from: number
  to: number
}

interface EditorProps {
  /** What stands in it at first; give it a key to start anew. */
  text: string
  onChange: (text: string) => void
  onRun: () => void
  schema: Schema
  fault: Fault | undefined
  handle: RefObject<EditorHandle | null>
}

/** Where SQL is written. */
export default function Editor({ text, onChange, onRun, schema, fault, handle }: EditorProps) {
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const act = useRef({ onChange, onRun })
  act.current = { onChange, onRun }
  const first = useRef(text)
  useEffect(() => {
    if (!place.current) return
    const made = makeEditor(place.current, first.current, {
      onChange: (next) => act.current.onChange(next),
      onRun: () => act.current.onRun(),
    })
    view.current = made
    handle.current = handleOf(made)
    if (first.current === '') made.focus()
    return () => {
      handle.current = null
      made.destroy()
    }
  }, [handle])
  useEffect(() => {
    if (view.current) tellSchema(view.current, schema)
  }, [schema])
  useEffect(() => {
    if (view.current) markFault(view.current, fault)
  }, [fault])
  return <div ref={place} className={classes.editor} />
}

function handleOf(view: EditorView): EditorHandle {
  return {
    asked: () => {
      const { from, to, empty } = view.state.selection.main
      return empty ? { sql: view.state.doc.toString(), from: 0 } : { sql: view.state.sliceDoc(from, to), from }
    },
    insert: (text) => {
      view.dispatch(view.state.replaceSelection(text))
      view.focus()
    },
    focus: () => view.focus(),
  }
}
