/** Have the browser save what is at the address of this origin. */
export function download(href: string, name: string): void {
  const link = document.createElement('a')
  link.href = href
  link.download = name
  link.click()
}

/** Have the browser save the bytes. */
export function downloadBlob(content: Blob, name: string): void {
  const url = URL.createObjectURL(content)
  download(url, name)
  setTimeout(() => URL.revokeObjectURL(url))
}
