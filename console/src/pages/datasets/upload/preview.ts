import { queryOptions, skipToken } from '@tanstack/react-query'
import { exactJson } from '../../../api/exactJson'
import { call } from '../../../api/send'
import type { UploadPreview } from '../../../api/types'
import { address, beginning, type Upload } from './chosen'

/** What the upload would make, told from the file's beginning. */
export function previewQuery(upload: Upload | undefined) {
  const look = upload && beginning(upload.file)
  const ready = upload && look && upload.name !== ''
  return queryOptions({
    queryKey: ['upload-preview', upload && [upload.file.name, upload.file.size, upload.file.lastModified, address(upload)]],
    queryFn: ready ? () => ask(upload, look) : skipToken,
    retry: false,
    staleTime: Infinity,
    gcTime: 60_000,
    placeholderData: (before: UploadPreview | undefined) => before,
  })
}

async function ask(upload: Upload, { part, partial }: { part: Blob; partial: boolean }): Promise<UploadPreview> {
  const headers = { 'Content-Type': 'application/octet-stream' }
  const answer = await call('PUT', address(upload, { partial }), part, headers)
  return exactJson(await answer.text()) as UploadPreview
}
