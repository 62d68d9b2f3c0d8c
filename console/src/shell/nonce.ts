/** The nonce of this page's policy, for libraries that add style sheets, such as `EditorView.cspNonce.of(styleNonce())`. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''
}
