import type { IncomingMessage } from "node:http";

/**
 * The path of a request as it stands in the request line, or null when it is none that this server answers: other forms
 * (`*`, `http://…`), `//host` that a URL parser takes for a host, dot segments, escaped slashes and control characters.
 */
export function requestPath(request: Pick<IncomingMessage, "url">): string | null {
  const path = (request.url ?? "").split("?", 1)[0] ?? "";
  if (!path.startsWith("/") || path.startsWith("//")) return null;
  if (/[\u0000-\u0020\\\u007f]|%(?:00|2f|5c)/i.test(path)) return null;
  const segments = path.split("/").map((segment) => segment.replace(/%2e/gi, "."));
  return segments.some((segment) => segment === "." || segment === "..") ? null : path;
}

export const requestQuery = (request: Pick<IncomingMessage, "url">): URLSearchParams =>
  new URLSearchParams((request.url ?? "").split("?").slice(1).join("?"));
