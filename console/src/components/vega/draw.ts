import { Error as ErrorLevel, type Loader, loader, logger, parse, View } from 'vega'
import { expressionInterpreter } from 'vega-interpreter'
import { compile, type Config, type TopLevelSpec } from 'vega-lite'
import type { Spec } from './chart'
import { readersLocale } from './locale'
import { themeConfig } from './theme'
import { tooltip } from './tooltip'

const MANY_MARKS = 2_000

/** Draw the spec into the element and give the running view. Throws what Vega finds wrong with it. */
export async function draw(element: HTMLElement, spec: Spec, rows: number): Promise<View> {
  const config = { ...themeConfig(), locale: readersLocale() }
  const { spec: compiled } = compile(spec as unknown as TopLevelSpec, {
    config: config as unknown as Config,
    logger: logger(ErrorLevel),
  })
  const view = new View(parse(compiled, undefined, { ast: true }), {
    container: element,
    renderer: rows > MANY_MARKS ? 'canvas' : 'svg',
    expr: expressionInterpreter,
    hover: true,
    loader: nothing(),
    logLevel: ErrorLevel,
    tooltip: tooltip(element),
  })
  return view.runAsync()
}

// Charts load nothing: neither data nor images nor links.
function nothing(): Loader {
  const refuse = () => Promise.reject(new Error('charts load nothing'))
  return { ...loader(), load: refuse, sanitize: refuse }
}
