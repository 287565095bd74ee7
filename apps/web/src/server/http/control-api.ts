import { sendJson, notFound } from "./respond";
import type { RequestHandler } from "./request-router";
import type { Logger } from "pino";

/** The administrator's socket: whoever may open a file of this user may have a sign-in link. */
export function controlApi({ mintSignInUrl, log }: { mintSignInUrl: () => Promise<string>; log: Logger }): RequestHandler {
  return async (request, response) => {
    if (request.method !== "POST" || request.url !== "/sign-in") return notFound(response);
    try {
      sendJson(response, 200, { url: await mintSignInUrl() });
    } catch (error) {
      log.error({ err: error }, "no sign-in link could be made");
      sendJson(response, 500, { error: { code: "INTERNAL", publicMessage: "No sign-in link could be made; see the server's log." } });
    }
  };
}
