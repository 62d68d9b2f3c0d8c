"""What a browser may do with the console's pages."""

import secrets

PLACEHOLDER = b"__CSP_NONCE__"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; font-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def new_nonce() -> str:
    """For one page: style sheets that its own scripts add carry it; scripts only ever come from this origin."""
    return secrets.token_urlsafe(16)


def content_policy(nonce: str) -> str:
    """The Content-Security-Policy of a page with this nonce."""
    return _POLICY.format(nonce=nonce)
