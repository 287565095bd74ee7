import { sendJson, notFound } from "./respond";
import type { RequestHandler } from "./request-router";
import type { Logger } from "pino";

interface Options {
  /** A link that signs the administrator in. */
  readonly mintSignInUrl: () => Promise<string>;
  /** The first start's link as long as it is needed, then the same. */
  readonly mintFirstUrl: () => Promise<string>;
  readonly log: Logger;
}

/** The administrator's socket: whoever may open a file of this user may have a sign-in link. */
export function controlApi({ mintSignInUrl, mintFirstUrl, log }: Options): RequestHandler {
  const ways: { readonly [path: string]: () => Promise<string> } = { "/sign-in": mintSignInUrl, "/link": mintFirstUrl };
  return async (request, response) => {
    const mint = Object.hasOwn(ways, request.url ?? "") ? ways[request.url ?? ""] : undefined;
    if (request.method !== "POST" || !mint) return notFound(response);
    try {
      sendJson(response, 200, { url: await mint() });
    } catch (error) {
      log.error({ err: error }, "no sign-in link could be made");
      sendJson(response, 500, { error: { code: "INTERNAL", publicMessage: "No sign-in link could be made; see the server's log." } });
    }
  };
}
