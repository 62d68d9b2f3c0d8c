import { Problem } from '../../../api/problem'
import type { Dataset } from '../../../api/types'
import { address, type Upload } from './chosen'

/** An upload on its way. */
export interface Transfer {
  done: Promise<Dataset>
  cancel: () => void
}

/** Send the whole file; `onProgress` hears how many bytes have left. Rejects with Problem, or AbortError when cancelled. */
export function transfer(upload: Upload, onProgress: (sent: number) => void): Transfer {
  const request = new XMLHttpRequest()
  const done = new Promise<Dataset>((resolve, reject) => {
    request.open('PUT', address(upload))
    request.setRequestHeader('X-DataLab-Console', '1')
    request.setRequestHeader('Content-Type', 'application/octet-stream')
    request.upload.onprogress = (event) => onProgress(event.loaded)
    request.onload = () => {
      if (request.status < 400) resolve(JSON.parse(request.responseText) as Dataset)
      else reject(problemIn(request))
    }
    request.onerror = () =>
      reject(new Problem(0, { title: 'The upload broke off', detail: 'The connection was lost. Nothing was stored.' }))
    request.onabort = () => reject(new DOMException('cancelled', 'AbortError'))
    request.send(upload.file)
  })
  return { done, cancel: () => request.abort() }
}

function problemIn(request: XMLHttpRequest): Problem {
  try {
    return new Problem(request.status, JSON.parse(request.responseText) as ConstructorParameters<typeof Problem>[1])
  } catch {
    return new Problem(request.status, { title: `The platform answered ${request.status}` })
  }
}
