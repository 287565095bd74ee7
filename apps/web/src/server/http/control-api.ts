import { sendJson, notFound } from "./respond";
import type { RequestHandler } from "./request-router";
import type { Logger } from "pino";

interface ControlOptions {
  readonly mintSignInUrl: () => Promise<string>;
  readonly rotateKey: () => Promise<{ version: number }>;
  readonly log: Logger;
}

/** The administrator's socket: whoever may open a file of this user may have a sign-in link, and may replace the key that signs jobs. */
export function controlApi({ mintSignInUrl, rotateKey, log }: ControlOptions): RequestHandler {
  const orders: Readonly<Record<string, () => Promise<object>>> = {
    "/sign-in": async () => ({ url: await mintSignInUrl() }),
    "/rotate-key": rotateKey,
  };
  return async (request, response) => {
    const order = request.method === "POST" && Object.hasOwn(orders, request.url ?? "") ? orders[request.url ?? ""] : undefined;
    if (!order) return notFound(response);
    try {
      sendJson(response, 200, await order());
    } catch (error) {
      log.error({ err: error, order: request.url }, "an order of the administrator could not be carried out");
      sendJson(response, 500, { error: { code: "INTERNAL", publicMessage: "This could not be done; see the server's log." } });
    }
  };
}
