import type { ServerResponse } from "node:http";
import type { WireError } from "@vpclab/shared/errors/app-error";

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { "Content-Type": "application/json; charset=utf-8", "Content-Length": bytes.length, "Cache-Control": "no-store" });
  response.end(bytes);
}

export function sendPage(response: ServerResponse, status: number, html: string): void {
  const bytes = Buffer.from(html);
  response.writeHead(status, { "Content-Type": "text/html; charset=utf-8", "Content-Length": bytes.length, "Cache-Control": "no-store" });
  response.end(bytes);
}

export function redirect(response: ServerResponse, location: "/" | "/signin", headers: Record<string, string> = {}): void {
  response.writeHead(303, { Location: location, "Cache-Control": "no-store", "Content-Length": 0, ...headers });
  response.end();
}

export const refuseMethod = (response: ServerResponse, allowed: string): void => {
  response.setHeader("Allow", allowed);
  sendJson(response, 405, { error: { code: "SCHEMA", publicMessage: `Use ${allowed} here.` } satisfies WireError });
};

export const notFound = (response: ServerResponse): void =>
  sendJson(response, 404, { error: { code: "NOT_FOUND", publicMessage: "There is nothing here." } satisfies WireError });
