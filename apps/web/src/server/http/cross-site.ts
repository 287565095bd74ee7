import type { IncomingMessage } from "node:http";
import type { WireError } from "@vpclab/shared/errors/app-error";
import type { ErrorCode } from "@vpclab/shared/errors/error-code";
import { CALL_HEADER } from "@vpclab/shared/wire/call-header";
import type { Origins } from "./origins";

export interface HttpRefusal {
  readonly status: number;
  readonly data: WireError;
}

const refusal = (status: number, code: ErrorCode, publicMessage: string): HttpRefusal => ({ status, data: { code, publicMessage } });
/** What some servers take for another method than the one that is in the request line. */
const METHOD_OVERRIDES = ["x-http-method-override", "x-http-method", "x-method-override"];

/**
 * What another site could make a browser send is refused before anything of it is read; null: it may go on. A call that changes
 * something is a POST of JSON with our own header, from a page of ours. A missing origin is no permission: browsers send one with
 * every POST, and vpcctl names the server that it means.
 */
export function crossSiteRefusal(request: IncomingMessage, origins: Origins): HttpRefusal | null {
  const { method, headers } = request;
  if (METHOD_OVERRIDES.some((name) => headers[name] !== undefined)) return refusal(405, "SCHEMA", "The method stands in the request line; leave the override out.");
  if (method !== "GET" && method !== "POST") return refusal(405, "SCHEMA", "Use GET or POST here.");
  const site = headers["sec-fetch-site"];
  // `none`: a person has typed or followed the address outside of any page, which only reads.
  if (site !== undefined && site !== "same-origin" && !(site === "none" && method === "GET")) return fromElsewhere(origins);
  if (method === "GET") return null;
  if (headers["content-type"]?.split(";")[0]?.trim().toLowerCase() !== "application/json") return refusal(415, "SCHEMA", "Send application/json.");
  if (!origins.allows(headers.origin)) return fromElsewhere(origins);
  const [name, value] = Object.entries(CALL_HEADER)[0] as [string, string];
  return headers[name] === value ? null : refusal(403, "FORBIDDEN", `Send the header ${name}: ${value}; pages and vpcctl do.`);
}

const fromElsewhere = (origins: Origins): HttpRefusal =>
  refusal(403, "FORBIDDEN", `This request came from another site. Open vpclab at ${origins.main}, or set PUBLIC_URL to the address you use.`);
