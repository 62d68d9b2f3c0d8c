import { useState } from 'react'
import { Card } from '../../../components/Card'
import { CopyButton } from '../../../components/CopyButton'
import { Tabs } from '../../../components/Tabs'
import type { ModelVersion } from '../models'
import type { Row } from '../search'
import { asCurl, asPython } from './code'
import classes from '../Models.module.css'

/** The same call from elsewhere, to copy. */
export function CallCode({ version, row }: { version: ModelVersion; row: Row }) {
  const [language, setLanguage] = useState<'curl' | 'python'>('curl')
  const asked = { origin: window.location.origin, name: version.model, version: version.version, row }
  const texts = { curl: asCurl(asked), python: asPython(asked) }
  return (
    <Card title="The same call" aside={<CopyButton text={texts[language]}>Copy</CopyButton>}>
      <Tabs
        label="Languages"
        selected={language}
        onSelect={setLanguage}
        tabs={[
          { name: 'curl', label: 'curl', content: <Code text={texts.curl} /> },
          { name: 'python', label: 'Python', content: <Code text={texts.python} /> },
        ]}
      />
    </Card>
  )
}

function Code({ text }: { text: string }) {
  return (
    <pre className={classes.code} tabIndex={0}>
      {text}
    </pre>
  )
}
