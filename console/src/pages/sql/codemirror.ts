import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { PostgreSQL, sql } from '@codemirror/lang-sql'
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { Compartment, EditorState, Prec, StateEffect, StateField } from '@codemirror/state'
import { Decoration, type DecorationSet, drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { styleNonce } from '../../shell/nonce'
import { look } from './editorLook'

/** Tables and their columns. */
export type Schema = Record<string, readonly { label: string; detail: string; type: string }[]>

interface Acts {
  onChange: (text: string) => void
  onRun: () => void
}

const language = new Compartment()
const setFault = StateEffect.define<{ from: number; to: number } | undefined>()
const underlined = Decoration.mark({ class: 'cm-fault', attributes: { title: 'The fault is here' } })

const faults = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (marks, transaction) => {
    const told = transaction.effects.find((effect) => effect.is(setFault))
    if (!told) return transaction.docChanged ? Decoration.none : marks
    const fault = told.value as { from: number; to: number } | undefined
    const length = transaction.newDoc.length
    if (!fault || fault.from >= length || fault.to <= fault.from) return Decoration.none
    return Decoration.set([underlined.range(fault.from, Math.min(fault.to, length))])
  },
  provide: (field) => EditorView.decorations.from(field),
})

const colors = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--category-3)', fontWeight: '600' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--warn)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--info)' },
  { tag: tags.comment, color: 'var(--text-3)', fontStyle: 'italic' },
  { tag: [tags.typeName, tags.standard(tags.name)], color: 'var(--accent)' },
])

/** An editor in the element. */
export function makeEditor(parent: HTMLElement, text: string, acts: Acts): EditorView {
  const state = EditorState.create({
    doc: text,
    extensions: [
      EditorView.cspNonce.of(styleNonce()),
      lineNumbers(),
      history(),
      drawSelection(),
      bracketMatching(),
      closeBrackets(),
      autocompletion({ icons: false }),
      language.of(sql({ dialect: PostgreSQL })),
      syntaxHighlighting(colors),
      faults,
      look,
      EditorView.contentAttributes.of({ 'aria-label': 'SQL', spellcheck: 'false', tabindex: '0' }),
      EditorView.updateListener.of((update) => update.docChanged && acts.onChange(update.state.doc.toString())),
      Prec.highest(
        keymap.of([
          { key: 'Mod-Enter', run: (view) => (closeCompletion(view), acts.onRun(), true) },
          { key: 'Tab', run: acceptCompletion },
        ]),
      ),
      keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap]),
    ],
  })
  return new EditorView({ state, parent })
}

/** Complete from these tables. */
export function tellSchema(view: EditorView, schema: Schema): void {
  view.dispatch({ effects: language.reconfigure(sql({ dialect: PostgreSQL, schema, upperCaseKeywords: true })) })
}

/** Mark where the fault is; any change of the text takes the mark away. */
export function markFault(view: EditorView, fault: { from: number; to: number } | undefined): void {
  const effects: StateEffect<unknown>[] = [setFault.of(fault)]
  if (fault && fault.from < view.state.doc.length) effects.push(EditorView.scrollIntoView(fault.from))
  view.dispatch({ effects })
}
