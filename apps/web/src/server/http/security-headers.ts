import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

const YEAR_S = 365 * 24 * 3600;

interface Options {
  /** Browsers reach this server by https. */
  readonly secure: boolean;
  /** Next's development server compiles with `eval` and loads what has changed. */
  readonly development: boolean;
}

export type SecurityHeaders = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * What every answer says about itself. The nonce is a fresh one for each: Next reads it from the request's policy and puts it on
 * the scripts that it writes, so one that came with the request must never stay. Styles stand in attributes that React Flow sets. Trusted types cannot be
 * required: React and Next themselves assign markup and script addresses as text.
 */
export function securityHeaders({ secure, development }: Options): SecurityHeaders {
  return (request, response) => {
    const policy = contentSecurityPolicy(randomBytes(18).toString("base64"), development);
    request.headers["content-security-policy"] = policy;
    delete request.headers["content-security-policy-report-only"];
    response.setHeader("Content-Security-Policy", policy);
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("X-Frame-Options", "DENY");
    response.setHeader("Referrer-Policy", "no-referrer");
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    response.setHeader("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
    if (secure) response.setHeader("Strict-Transport-Security", `max-age=${YEAR_S}`);
  };
}

function contentSecurityPolicy(nonce: string, development: boolean): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}
